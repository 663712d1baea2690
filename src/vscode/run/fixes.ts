import * as vscode from 'vscode';
import { ProfileError } from '../../model/error.ts';
import type { Profile } from '../../model/profile.ts';
import { COMMANDS } from '../contributions.ts';
import type { Job } from './memory.ts';
import type { Outcome } from './outcome.ts';

/** What can be done about a run that was too short, empty or failed: each is a button of its message. */
export type Fix = 'longer' | 'finer' | 'another-way' | 'output' | 'choose-node' | 'timeout';

/** How long an expression is repeated when it was too short before. */
const LONGER_MILLIS = 10_000;
/** Sampling interval when the one before saw too little. */
const FINER_MICROS = 50;

/** The fixes that may help after a profile that is not all good, best first. */
export function fixesFor(outcome: Outcome, { run }: Profile, job: Job): readonly Fix[] {
  const seen: Readonly<Record<NonNullable<Outcome['why']>, readonly Fix[]>> = {
    empty: ['another-way', 'output'],
    'never-called': ['another-way', 'output'],
    unseen: [...moreSamples(job), 'another-way'],
    short: [...moreSamples(job), 'another-way'],
  };
  const broke = run.stopped === null && run.exitCode !== 0;
  const fixes: readonly Fix[] = [
    ...(run.stopped === 'timeout' ? (['timeout'] as const) : []),
    // What a program that broke down has written says more than any number.
    ...(broke ? (['output'] as const) : []),
    ...(outcome.why === null ? (['output'] as const) : seen[outcome.why]),
  ];
  return [...new Set(fixes)].slice(0, 3);
}

/** The fixes that may help after a failure. */
export function fixesAfter(error: unknown): readonly Fix[] {
  switch (error instanceof ProfileError ? error.reason : null) {
    case 'node-not-found':
    case 'node-too-old':
    case 'not-node':
      return ['choose-node'];
    case null:
    case 'internal':
    case 'temp-folder':
      return ['output'];
    default:
      return ['another-way', 'output'];
  }
}

/** The words of a button. */
export function titleOfFix(fix: Fix): string {
  switch (fix) {
    case 'longer':
      return vscode.l10n.t('Repeat for Longer');
    case 'finer':
      return vscode.l10n.t('Sample More Often');
    case 'another-way':
      return vscode.l10n.t('Run Another Way…');
    case 'output':
      return vscode.l10n.t('Show Output');
    case 'choose-node':
      return vscode.l10n.t('Choose Node…');
    case 'timeout':
      return vscode.l10n.t('Change Timeout…');
  }
}

/** Does what a button says; `again` runs a job. */
export function applyFix(fix: Fix, job: Job, again: (job: Job) => unknown): void {
  switch (fix) {
    case 'longer':
      again({ ...job, minMillis: LONGER_MILLIS });
      return;
    case 'finer':
      again({ ...job, intervalMicros: FINER_MICROS });
      return;
    case 'another-way':
      // Without a function in mind, a command is what can run anything.
      if (job.focus === null) vscode.commands.executeCommand(COMMANDS.profileCommand);
      else
        vscode.commands.executeCommand(COMMANDS.changeHow, job.focus, ...(job.measure ? [job.measure] : []));
      return;
    case 'output':
      vscode.commands.executeCommand(COMMANDS.showOutput);
      return;
    case 'choose-node':
      vscode.commands.executeCommand('workbench.action.openSettings', 'lineprof.node');
      return;
    case 'timeout':
      vscode.commands.executeCommand('workbench.action.openSettings', 'lineprof.timeoutSeconds');
  }
}

/** An expression can be repeated; any program can be sampled more often, once. */
function moreSamples({ how, minMillis, intervalMicros }: Job): readonly Fix[] {
  return [
    ...(how.kind === 'call' && minMillis === undefined ? (['longer'] as const) : []),
    ...(intervalMicros === undefined ? (['finer'] as const) : []),
  ];
}
