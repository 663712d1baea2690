import * as vscode from 'vscode';
import { memoryChange } from '../../report/memory-words.ts';
import { duration } from '../../report/numbers.ts';
import type { RunEntry, RunFunction } from './storage.ts';

/** What a run is called: the user's name for it, else what was profiled. */
export function nameOf({ name, title }: RunEntry): string {
  return name ?? title;
}

/** When a run was, short enough for a narrow side bar: today's to the second, others to the minute of their day. */
export function whenOf(startedAt: string): string {
  const at = new Date(startedAt);
  const now = new Date();
  const time: Intl.DateTimeFormatOptions = { hour: '2-digit', minute: '2-digit' };
  if (at.toDateString() === now.toDateString()) {
    return at.toLocaleTimeString(vscode.env.language, { ...time, second: '2-digit' });
  }
  const year = at.getFullYear() === now.getFullYear() ? {} : { year: 'numeric' as const };
  return at.toLocaleString(vscode.env.language, { ...year, ...time, month: 'short', day: 'numeric' });
}

/** What was measured of a function, in a word: its time, or what it kept. */
export function measured({
  totalMicros,
  incrementBytes,
}: Pick<RunFunction, 'totalMicros' | 'incrementBytes'>): string {
  if (incrementBytes !== undefined) {
    return incrementBytes === null ? vscode.l10n.t('memory') : memoryChange(incrementBytes, false);
  }
  return totalMicros === null ? vscode.l10n.t('not timed') : duration(totalMicros);
}

/** `1.23 s · 12:34:56 · v24` (`+9.16 MiB · …` of memory), the least that tells one run from another. */
export function describe({ totalMicros, memory, startedAt, node, stopped }: RunEntry): string {
  const time = measured({ totalMicros, ...memory });
  const parts = [
    time,
    whenOf(startedAt),
    node.split('.')[0]!,
    ...(stopped ? [vscode.l10n.t('stopped')] : []),
  ];
  return parts.join(' · ');
}
