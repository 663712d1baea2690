import { delimiter } from 'node:path';
import type { CollectorPlan } from '../protocol/collector.ts';

/** Takes Lineprof's flags out of `process.execArgv` and its `node` off PATH: the program sees its own start. */
export function hideFlags(plan: CollectorPlan): void {
  const ours = plan.nodeFlags;
  const { execArgv } = process;
  const at = findRun(execArgv, ours);
  if (at >= 0) execArgv.splice(at, ours.length);
  else {
    const inWorker = findRun(execArgv, plan.workerFlags);
    if (inWorker >= 0) execArgv.splice(inWorker, plan.workerFlags.length);
  }
  // Of the flags after them only the empty import of TypeScript programs is ours too.
  const importAt = findRun(execArgv, ['--import', 'data:text/javascript,']);
  if (importAt >= 0) execArgv.splice(importAt, 2);

  const key = pathKey(process.env);
  const path = process.env[key];
  if (path?.includes(plan.shimFolder)) {
    process.env[key] = path
      .split(delimiter)
      .filter((folder) => folder !== plan.shimFolder)
      .join(delimiter);
  }
}

/** Index of the first place where `part` stands in `list` as it is, or -1. */
export function findRun(list: readonly string[], part: readonly string[]): number {
  if (part.length === 0) return -1;
  for (let i = 0; i + part.length <= list.length; i++) {
    if (part.every((word, k) => list[i + k] === word)) return i;
  }
  return -1;
}

/** Name of the PATH variable in an environment; Windows spells it as it likes. */
export function pathKey(env: Readonly<Record<string, string | undefined>>): string {
  if (process.platform !== 'win32') return 'PATH';
  return Object.keys(env).find((name) => /^path$/i.test(name)) ?? 'Path';
}
