import { relative } from 'node:path';
import * as vscode from 'vscode';
import type { FunctionProfile, RunFacts } from '../../model/profile.ts';
import { count } from '../../report/numbers.ts';
import type { Annotated, LineNote } from '../annotate.ts';

/** `server.js, process 1234` (`…, thread 2` for a worker): who wrote a result of `lineprof/register`. */
export function processTitle({ command, cwd, processes }: RunFacts): string {
  const { pid, thread } = processes[0] ?? { pid: 0, thread: 0 };
  const script = command[1] === undefined ? 'node' : relative(cwd, command[1]) || command[1];
  return thread === 0
    ? vscode.l10n.t('{0}, process {1}', script, String(pid))
    : vscode.l10n.t('{0}, process {1}, thread {2}', script, String(pid), String(thread));
}

/** Sampled inside the program, which had not ended when the result was written. */
export function isStillRunning({ times, exitCode, signal }: RunFacts): boolean {
  return times === 'self' && exitCode === null && signal === null;
}

/** After the first line of each function of a program that runs: which process, and how much of it was seen. */
export function processNotes(
  run: RunFacts,
  functions: readonly FunctionProfile[],
  { annotations }: Annotated,
): LineNote[] {
  const [process] = run.processes;
  if (!isStillRunning(run) || process === undefined) return [];
  const pid = String(process.pid);
  return annotations
    .filter(({ index }) => index === 0)
    .map(({ line, fn }) => ({
      line,
      text: vscode.l10n.t('process {0} so far: {1}', pid, count(functions[fn]!.samples, 'sample')),
      color: 'headerForeground',
    }));
}
