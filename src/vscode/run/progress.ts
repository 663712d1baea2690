import * as vscode from 'vscode';
import type { Progress } from '../../model/progress.ts';
import type { Measure } from '../../model/request.ts';

/** How far a profile has come, in words: its phase, the samples so far and the time since it began. */
export function progressWords(progress: Progress, measure?: Measure): string {
  return [phaseWords(progress.phase, measure), samplesWords(progress), elapsed(progress)]
    .filter((part) => part !== null)
    .join(', ');
}

/** The same for a narrow place: `1,234 samples`, or the phase in few words where there are none to count. */
export function shortProgressWords(progress: Progress, measure?: Measure): string {
  if (progress.phase === 'counting') return vscode.l10n.t('running again');
  return (progress.phase === 'timing' ? samplesWords(progress) : null) ?? phaseWords(progress.phase, measure);
}

function phaseWords(phase: Progress['phase'], measure: Measure = 'time'): string {
  switch (phase) {
    case 'starting':
      return vscode.l10n.t('starting');
    case 'timing':
      return measure === 'memory'
        ? vscode.l10n.t('running, memory is read')
        : vscode.l10n.t('running, sampled');
    case 'counting':
      return measure === 'memory'
        ? vscode.l10n.t('running again, to count objects or for memory over time')
        : vscode.l10n.t('running again, counting hits');
    case 'reading':
      return measure === 'memory'
        ? vscode.l10n.t('putting the readings together')
        : vscode.l10n.t('reading the samples');
  }
}

function samplesWords({ samples }: Progress): string | null {
  if (samples === null) return null;
  return samples === 1
    ? vscode.l10n.t('1 sample')
    : vscode.l10n.t('{0} samples', samples.toLocaleString('en-US'));
}

function elapsed({ elapsedMillis }: Progress): string {
  return `${(elapsedMillis / 1000).toFixed(1)} s`;
}
