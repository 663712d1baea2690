import { syncBuiltinESMExports } from 'node:module';
import workerThreads, { type WorkerOptions } from 'node:worker_threads';
import { type CollectorPlan, PLAN_ENV } from '../protocol/collector.ts';
import { withOurs } from './children.ts';
import { findRun } from './hide.ts';

/**
 * Workers take over the flags of their process by themselves; those that are given an environment or flags of
 * their own get ours added. `beforeStart` is called before each.
 */
export function followWorkers(plan: CollectorPlan, beforeStart: () => void): void {
  const { Worker } = workerThreads;
  const followed = new Proxy(Worker, {
    construct(target, [filename, options, ...rest], newTarget) {
      beforeStart();
      return Reflect.construct(
        target,
        [filename, adapt(plan, options as WorkerOptions | undefined), ...rest],
        newTarget,
      ) as object;
    },
  });
  (workerThreads as { Worker: typeof Worker }).Worker = followed;
  syncBuiltinESMExports();
}

function adapt(plan: CollectorPlan, options: WorkerOptions | undefined): WorkerOptions | undefined {
  if (options == null) return options;
  const { env, execArgv } = options;
  const adapted: WorkerOptions = { ...options };
  if (typeof env === 'object' && env !== null) {
    adapted.env = { ...env, [PLAN_ENV]: withOurs(plan, {})[PLAN_ENV] };
  }
  if (Array.isArray(execArgv) && findRun(execArgv, plan.workerFlags) < 0) {
    adapted.execArgv = [...plan.workerFlags, ...execArgv];
  }
  return adapted;
}
