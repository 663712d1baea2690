import * as l10n from '@vscode/l10n';
import type { FunctionProfile, RunFacts } from '../model/profile.ts';
import { memorySummary } from '../report/memory-words.ts';
import { count, duration } from '../report/numbers.ts';
import type { Annotated, Annotation } from './annotate.ts';

/** A function as a whole in one line: its time, calls and samples; of a memory run what it kept. */
export function totalsWords(run: RunFacts, fn: FunctionProfile): string {
  if (fn.memory !== undefined) return memorySummary(fn) || l10n.t('not read: never called');
  const time = fn.totalMicros === null ? l10n.t('not timed') : duration(fn.totalMicros);
  const samples = count(fn.samples, 'sample');
  const own =
    run.times === undefined || fn.selfMicros === null
      ? samples
      : `${l10n.t('self {0} (self time only)', duration(fn.selfMicros))}, ${samples}`;
  return fn.calls === null
    ? l10n.t('{0}, {1}', time, own)
    : l10n.t('{0} in {1}, {2}', time, count(fn.calls, 'call'), own);
}

/**
 * What stands beside a line as a sentence, for those who cannot see it: drawn columns are no text that a screen
 * reader finds.
 */
export function lineWords(
  { labels }: Pick<Annotated, 'labels'>,
  { line, kind, cells, fn, stale }: Annotation,
  run: RunFacts,
  profile: FunctionProfile,
): string {
  const said =
    kind === 'header'
      ? [totalsWords(run, profile)]
      : kind === 'never'
        ? [l10n.t('never ran')]
        : cells.flatMap((cell, column) =>
            cell.trim() === '' ? [] : [`${labels[fn]![column]!.trim()} ${cell.trim()}`],
          );
  const words = said.length === 0 ? l10n.t('no numbers') : said.join(', ');
  const changed = stale ? ` ${l10n.t('It was changed since it was measured.')}` : '';
  return `${l10n.t('Line {0} of {1}: {2}.', line, profile.name, words)}${changed}`;
}
