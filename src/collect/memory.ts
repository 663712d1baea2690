/**
 * Bundle of its own (`dist/collect/memory.cjs`), loaded by the preload in a memory run: readings of the heap
 * between the statements of chosen functions.
 */
import { join } from 'node:path';
import { Worker } from 'node:worker_threads';
import { type CollectorPlan, PROTOCOL_VERSION } from '../protocol/collector.ts';
import {
  MEMORY_GLOBAL,
  type MemoryPlan,
  type MemorySamples,
  memoryCountsName,
  memoryLogName,
  memorySamplesName,
  type ProbeCalls,
  SAMPLE_BYTES,
  type SampledHeap,
} from '../protocol/memory.ts';
import { makeHeap, OUTSIDE } from './memory-heap.ts';
import { endLog, logWriter, makeLogMemory, saveLog } from './memory-log.ts';
import { makeProbe } from './memory-probe.ts';
import { openSampler } from './memory-sampler.ts';
import { snapshotCalls } from './memory-snapshots.ts';
import { emptyFacts, type MemoryState, MOST_NUMBERS, makeTally, saveState } from './memory-state.ts';
import { startTimeline } from './memory-timeline.ts';
import { writeReading } from './readings.ts';

/** Rounds after which V8 has optimised the probe, so that its cost no longer changes. */
const WARM_UP = 2500;
/** Time for collections meanwhile. */
const COLLECT_MILLIS = 10;

/** The memory readings of one thread. */
export interface Memory {
  /** The object that instrumented code calls, for the globals of other contexts. */
  readonly global: object;
  /** Does something of Lineprof's own that must not count for the program. */
  own<T>(work: () => T): T;
  /** Saves everything; the thread ends. */
  end(): void;
}

/**
 * Starts reading.
 * @param used one element: how many numbers were given
 */
export function startMemory(
  plan: CollectorPlan,
  memory: MemoryPlan,
  thread: number,
  used: Int32Array<SharedArrayBuffer>,
): Memory {
  const { pid } = process;
  const state: MemoryState = {
    log: makeLogMemory(),
    counts: makeTally(),
    skipped: makeTally(),
    used,
    facts: emptyFacts(),
    // One more, for what is nobody's.
    doubtful: new Float64Array(new SharedArrayBuffer(8 * (MOST_NUMBERS + 1))),
    logPath: join(plan.folder, memoryLogName(pid, thread)),
    countsPath: join(plan.folder, memoryCountsName(pid, thread)),
  };
  if (memory.snapshots) {
    const global = snapshotCalls(plan.folder, thread, memory);
    exposeCalls(global);
    return { global, own: (work) => work(), end: () => saveState(state) };
  }
  if (memory.timeline && thread === 0) {
    const timeline = startTimeline(plan);
    // Names of functions are read from what is saved, also when the program is aborted.
    saveState(state);
    exposeCalls(timeline.calls);
    const end = (): void => {
      timeline.end();
      saveState(state);
    };
    return { global: timeline.calls, own: (work) => work(), end };
  }
  const heap = makeHeap(memory.youngMib, state.doubtful);
  const writer = logWriter(state.log, () => saveLog(state.log, state.logPath));
  const probe = makeProbe(
    {
      ...memory,
      collectMillis: COLLECT_MILLIS,
      allRead: WARM_UP / 2,
      // What counts objects is warmed up where it will be needed: its first time throws optimised code away.
      large: memory.large.length > 0 ? [[1, 0]] : [],
    },
    heap,
    writer,
    state,
  );
  warmUp(probe.calls);
  probe.reset(memory);
  exposeCalls(probe.calls);
  startSaving(plan, state);
  // V8 before 12 keeps smaller chunks in the old generation while it samples, and the heap's readings know none.
  const sampler = heap.isExact && memory.large.length === 0 ? openSampler() : null;
  sampler?.start(SAMPLE_BYTES);
  heap.take();
  heap.begin(OUTSIDE);
  heap.end(-1, OUTSIDE);
  return {
    global: probe.calls,
    own: probe.own,
    end() {
      endLog(state.log);
      saveState(state);
      saveSamples(plan.folder, thread, sampler?.stop() ?? null);
    },
  };
}

/** Nothing is thrown. */
function saveSamples(folder: string, thread: number, heap: SampledHeap | null): void {
  if (heap === null) return;
  try {
    const reading: MemorySamples = { version: PROTOCOL_VERSION, heap };
    writeReading(folder, memorySamplesName(process.pid, thread), reading);
  } catch {
    // The folder is gone or the disk full.
  }
}

function exposeCalls(calls: ProbeCalls): void {
  Object.defineProperty(globalThis, MEMORY_GLOBAL, { value: calls, configurable: true, writable: true });
}

/**
 * Calls the probe until V8 has optimised it: later on its cost is the same each time, and V8 makes no code of it
 * in the middle of a line. Every path is walked: code that V8 has never seen run, it throws away when it first does.
 */
function warmUp(calls: ProbeCalls): void {
  let kept: unknown[] = [];
  for (let i = 0; i < WARM_UP; i++) {
    const slot = calls.e(0);
    calls.a(slot, 1);
    if (i % 4 === 0) kept = [i + 0.5, kept.length, new Array(i % 64)];
    if (i % 100 === 0) kept = new Array(20_000).fill(i);
    calls.a(slot, 2);
    // Now and then more than ever before.
    if (i % 16 === 0) kept = new Array(i);
    calls.x(slot);
    const other = calls.E(3);
    calls.a(other, 4);
    calls.r(other, calls.w(other));
    calls.x(other);
  }
}

/** A thread of Lineprof's own, which is not preloaded and keeps nothing alive. */
function startSaving(plan: CollectorPlan, state: MemoryState): void {
  const worker = new Worker(join(plan.preload, '..', 'memory-thread.cjs'), {
    workerData: state,
    execArgv: [],
    env: {},
    resourceLimits: { maxYoungGenerationSizeMb: 4, maxOldGenerationSizeMb: 64 },
  });
  worker.unref();
  worker.on('error', () => {});
}
