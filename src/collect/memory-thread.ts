/**
 * Bundle of its own (`dist/collect/memory-thread.cjs`), a thread beside the program's: it saves the readings all
 * the while, so that they outlive a program that runs out of memory, and samples memory over time.
 */
import { appendFileSync } from 'node:fs';
import { Session } from 'node:inspector';
import { performance } from 'node:perf_hooks';
import { workerData } from 'node:worker_threads';
import { MEMORY_GLOBAL } from '../protocol/memory.ts';
import { saveLog, waitForEnd } from './memory-log.ts';
import { type MemoryState, saveState } from './memory-state.ts';
import type { TimelineMemory } from './memory-timeline.ts';

const EVERY_MILLIS = 10;

function sample({ log, logPath, residentPath, sampled }: TimelineMemory): void {
  const ask = asker();
  const next = (): void => {
    const at = performance.timeOrigin + performance.now();
    const resident = new Float64Array([at, process.memoryUsage.rss()]);
    sampled[0] = at;
    ask?.();
    try {
      appendFileSync(residentPath, new Uint8Array(resident.buffer));
    } catch {
      // The folder is gone or the disk full: what there was stays.
    }
    saveLog(log, logPath);
    // Not a timer: answers to what was asked are taken in between.
    if (!waitForEnd(log, EVERY_MILLIS)) setImmediate(next);
  };
  next();
}

/**
 * What has the program's thread read its heap: V8 interrupts it between two steps, also in a loop without end, but
 * not within native code, nor while it is asked already. Null where V8's inspector is not there.
 */
function asker(): (() => void) | null {
  try {
    const session = new Session();
    session.connectToMainThread();
    let isAsked = false;
    const answered = (): void => {
      isAsked = false;
    };
    return () => {
      if (isAsked) return;
      isAsked = true;
      session.post('Runtime.evaluate', { expression: `${MEMORY_GLOBAL}.look()`, silent: true }, answered);
    };
  } catch {
    return null;
  }
}

function save(state: MemoryState): void {
  while (!waitForEnd(state.log, EVERY_MILLIS)) saveState(state);
}

const data = workerData as MemoryState | TimelineMemory;
if ('counts' in data) save(data);
else sample(data);
