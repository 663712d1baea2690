import { join } from 'node:path';
import { performance } from 'node:perf_hooks';
import { GCProfiler, getHeapStatistics } from 'node:v8';
import { Worker } from 'node:worker_threads';
import type { CollectorPlan } from '../protocol/collector.ts';
import type { ProbeCalls } from '../protocol/memory.ts';
import {
  CLOSED,
  COLLECTED,
  EXTERNAL,
  OPENED,
  READ_AT,
  residentName,
  SPAN,
  STARTED,
  timelineLogName,
  USED,
} from '../protocol/timeline.ts';
import { endLog, type LogMemory, logWriter, makeLogMemory, saveLog } from './memory-log.ts';
import { followSpans } from './memory-spans.ts';

/** Brackets kept; further calls are left out. */
const MOST_BRACKETS = 10_000;
/** V8's kinds of a collection of the whole heap, and of the young generation alone. */
const WHOLE = 'MarkSweepCompact';
const YOUNG = /^(?:Scavenge|Minor)/;

/** What the sampling thread and the program's share. */
export interface TimelineMemory {
  readonly log: LogMemory;
  readonly logPath: string;
  readonly residentPath: string;
  /** When the last sample was taken; 0: none yet. */
  readonly sampled: Float64Array<SharedArrayBuffer>;
}

/** What instrumented code calls, and what the sampling thread has the program's thread do at each sample. */
export type TimelineCalls = ProbeCalls & { readonly look: () => void };

/** A run for memory over time: what instrumented code calls, and what to do at the thread's end. */
export interface Timeline {
  readonly calls: TimelineCalls;
  readonly end: () => void;
}

/**
 * Starts a thread that samples the resident set every 10 ms and asks this one, between two steps of the program,
 * to read heap and buffers; they are read at the first statement after a sample, too. All is saved at each sample.
 */
export function startTimeline(plan: CollectorPlan): Timeline {
  const { pid } = process;
  const shared: TimelineMemory = {
    log: makeLogMemory(),
    logPath: join(plan.folder, timelineLogName(pid)),
    residentPath: join(plan.folder, residentName(pid)),
    sampled: new Float64Array(new SharedArrayBuffer(8)),
  };
  const { sampled } = shared;
  const log = logWriter(shared.log, () => saveLog(shared.log, shared.logPath));
  const now = (): number => performance.timeOrigin + performance.now();
  const add = (kind: number, number: number, slot: number, value: number): void => {
    if (log.room() < 2) log.makeRoom();
    if (log.room() >= 2) log.add(kind | (number << 3), slot, value);
  };
  /** An observer of `gc` entries is told at the event loop's next turn, which a program that ends before has not. */
  const profiler = new GCProfiler();
  profiler.start();
  const keepCollections = (): void => {
    const { statistics = [] } = (profiler.stop() as { statistics?: { gcType: string }[] } | undefined) ?? {};
    profiler.start();
    for (const { gcType } of statistics) {
      if (gcType === WHOLE) add(COLLECTED, 0, 1, now());
      else if (YOUNG.test(gcType)) add(COLLECTED, 0, 0, now());
    }
  };
  add(STARTED, 0, 0, now());
  log.publish();
  const worker = new Worker(join(plan.preload, '..', 'memory-thread.cjs'), {
    workerData: shared,
    execArgv: [],
    env: {},
    resourceLimits: { maxYoungGenerationSizeMb: 4, maxOldGenerationSizeMb: 64 },
  });
  worker.unref();
  worker.on('error', () => {});

  const lines = followSpans(now);
  let read = 0;
  /** The thread may ask in the middle of a look. */
  let isLooking = false;
  const look = (): void => {
    const at = sampled[0]!;
    if (read === at || isLooking) return;
    isLooking = true;
    read = at;
    lines.sampled(at);
    const { used_heap_size, external_memory } = getHeapStatistics();
    add(READ_AT, 0, 0, now());
    add(USED, 0, 0, used_heap_size);
    add(EXTERNAL, 0, 0, external_memory);
    keepCollections();
    log.publish();
    isLooking = false;
  };
  let nextSlot = 1;
  let brackets = 0;
  const open = new Set<number>();
  const enter = (fn: number): number => {
    const slot = nextSlot++;
    look();
    lines.enter(slot);
    // Calls within calls of chosen functions are inside of their bracket.
    if (open.size === 0 && brackets < MOST_BRACKETS) {
      brackets++;
      open.add(slot);
      add(OPENED, fn, slot, now());
      log.publish();
    }
    return slot;
  };
  const calls: TimelineCalls = {
    e: enter,
    E: enter,
    a(slot, point) {
      look();
      lines.at(slot, point);
    },
    x(slot, value) {
      look();
      lines.leave(slot);
      if (open.delete(slot)) add(CLOSED, 0, slot, now());
      return value;
    },
    w(slot, value) {
      look();
      lines.wait(slot, true);
      return value;
    },
    r(slot, value) {
      lines.wait(slot, false);
      return value;
    },
    look,
  };
  return {
    calls,
    end() {
      endLog(shared.log);
      keepCollections();
      for (const [point, from, to] of lines.spans) {
        add(SPAN, point, 0, from);
        add(SPAN, point, 1, to);
      }
      log.publish();
      saveLog(shared.log, shared.logPath);
    },
  };
}
