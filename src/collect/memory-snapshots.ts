import { join } from 'node:path';
import { writeHeapSnapshot } from 'node:v8';
import { PROTOCOL_VERSION } from '../protocol/collector.ts';
import {
  type MemoryPlan,
  type ObjectMarks,
  objectMarksName,
  type ProbeCalls,
  resumed,
  snapshotName,
  WAITING,
} from '../protocol/memory.ts';
import { type Marks, makeMarks } from './memory-marks.ts';
import { writeReading } from './readings.ts';

/** Functions that get snapshots; each takes a second or so for a heap of 20 MB. */
const MOST_FUNCTIONS = 4;

/**
 * What instrumented code calls in a run for heap snapshots: none is read, and the first call of each function
 * that no other chosen one made gets one before and one after, and marks of its statements in between.
 */
export function snapshotCalls(folder: string, thread: number, { collectMillis }: MemoryPlan): ProbeCalls {
  const done = new Set<number>();
  let depth = 0;
  let nextSlot = 1;
  let current: { readonly slot: number; readonly fn: number; readonly marks: Marks | null } | null = null;
  /** The statement of `current` that runs, or last ran. */
  let last = 0;
  const { pid } = process;
  const write = (fn: number, when: 'before' | 'after'): void => {
    try {
      writeHeapSnapshot(join(folder, snapshotName(pid, thread, fn, when)));
    } catch {
      // The folder is gone or full: the program goes on.
    }
  };
  const leave = (fn: number, marks: Marks | null): void => {
    marks?.end();
    // What the function returns is held by `value` or by its own `return`.
    write(fn, 'after');
    const found = marks?.result() ?? null;
    if (found === null) return;
    try {
      const reading: ObjectMarks = { version: PROTOCOL_VERSION, ...found };
      writeReading(folder, objectMarksName(pid, thread, fn), reading);
    } catch {
      // As above.
    }
  };
  const enter = (fn: number): number => {
    const slot = nextSlot++;
    if (depth++ === 0 && current === null && !done.has(fn) && done.size < MOST_FUNCTIONS) {
      done.add(fn);
      current = { slot, fn, marks: makeMarks(collectMillis) };
      write(fn, 'before');
      current.marks?.begin();
    }
    return slot;
  };
  return {
    e: enter,
    E: enter,
    a(slot, point) {
      if (current?.slot !== slot) return;
      last = point;
      current.marks?.at(point);
    },
    x(slot, value) {
      depth--;
      if (current?.slot === slot) {
        leave(current.fn, current.marks);
        current = null;
      }
      return value;
    },
    w(slot, value) {
      if (current?.slot === slot) current.marks?.at(WAITING);
      return value;
    },
    r(slot, value) {
      if (current?.slot === slot) current.marks?.at(resumed(last));
      return value;
    },
  };
}
