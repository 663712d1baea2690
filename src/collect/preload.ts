/**
 * Preloaded (`--require`) into every Node process and worker of a run. Without a plan in the environment it
 * does nothing. It leaves the program's own view of itself as it was and never makes it fail.
 */
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { setFlagsFromString } from 'node:v8';
import { Script } from 'node:vm';
import { type CollectorPlan, PLAN_ENV, PROTOCOL_VERSION, THREAD_MARK } from '../protocol/collector.ts';
import { followChildren } from './children.ts';
import { type Counters, makeCounters } from './counters.ts';
import { catchSignals, onEnd } from './end.ts';
import { hideFlags } from './hide.ts';
import { hookCompile, hookLoaders } from './loader.ts';
import type * as MemoryModule from './memory.ts';
import type { Memory } from './memory.ts';
import { makeReadings } from './readings.ts';
import { RUN_SYMBOL, type RunState } from './state.ts';
import { inWorker, threadNumber } from './thread.ts';
import { keepSources } from './to-string.ts';
import { hookVm } from './vm.ts';
import { announceCounts, collectWorkerCounts } from './worker-counts.ts';
import { followWorkers } from './workers.ts';

function readPlan(): CollectorPlan | null {
  const path = process.env[PLAN_ENV];
  if (path === undefined) return null;
  try {
    const plan = JSON.parse(readFileSync(path, 'utf8')) as CollectorPlan;
    return plan.version === PROTOCOL_VERSION ? plan : null;
  } catch {
    // The run is over and its folder gone (a daemon that outlived it): be a plain Node process.
    return null;
  }
}

function start(plan: CollectorPlan): void {
  const thread = threadNumber();
  hideFlags(plan);
  const problems: string[] = [];
  const counters = plan.counters === null ? null : makeCounters(plan, thread, problems);
  const memory = counters === null ? null : memoryOf(plan, thread, counters);
  const hits = memory === null ? counters : null;
  const workers = hits === null || inWorker ? null : collectWorkerCounts(plan);
  const readings = makeReadings(plan, thread, hits, problems, () => {
    workers?.write();
    memory?.end();
  });
  if (hits !== null && inWorker) hits.follow(announceCounts(plan, thread, hits.counts.buffer));
  const editor = counters === null || memory === null ? counters : outOfMemory(counters, memory);
  hookCompile(plan, editor);
  if (editor !== null || plan.typescript === 'own' || plan.call !== null) hookLoaders(plan, editor, problems);
  if (counters !== null && plan.counters?.level !== 'calls') keepSources(counters.sources);
  if (editor !== null) hookVm(editor, memory?.global ?? null);
  followChildren(plan);
  followWorkers(plan, () => workers?.listen());
  onEnd(readings.write);
  if (!inWorker) catchSignals(plan.folder, readings.write);
  if (plan.call !== null) {
    const state: RunState = { call: plan.call, readings };
    Object.defineProperty(globalThis, Symbol.for(RUN_SYMBOL), { value: state, configurable: true });
  }
  // V8 writes texts a character at a time: those of Node's own modules that were needed until here are not worth it.
  setFlagsFromString('--log-source-code');
  // Compiled for its name alone: V8 writes it into this thread's log.
  new Script('', { filename: `${THREAD_MARK}${thread}` });
}

/** The memory probe is a bundle of its own: other runs do not pay for it. */
function memoryOf(plan: CollectorPlan, thread: number, counters: Counters): Memory | null {
  if (plan.memory == null) return null;
  const { startMemory } = createRequire(plan.preload)('./memory.cjs') as typeof MemoryModule;
  return startMemory(plan, plan.memory, thread, counters.used);
}

/** What the parser allocates is not the program's. */
function outOfMemory(counters: Counters, { own }: Memory): Counters {
  return { ...counters, edit: (...args) => own(() => counters.edit(...args)) };
}

const plan = readPlan();
if (plan !== null) start(plan);
