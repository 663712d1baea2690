import { renameSync, writeFileSync } from 'node:fs';
import { FACTS } from '../protocol/memory.ts';
import { type LogMemory, saveLog } from './memory-log.ts';

/** Indices into `facts`, in the order of `MemoryCounts`. */
export const READINGS = 0;
export const COLLECTIONS = 1;
export const COLLECT_MILLIS = 2;
export const LEFT_OUT = 3;
export const OWN_COLLECTIONS = 4;
export const COST = 5;

/** What a thread's probe finds out, in memory that a second thread can save while the first is busy. */
export interface MemoryState {
  readonly log: LogMemory;
  /** Occurrences. */
  readonly counts: Tally;
  /** Of these, not read by themselves. */
  readonly skipped: Tally;
  /** One element: how many numbers there are. */
  readonly used: Int32Array<SharedArrayBuffer>;
  readonly facts: Float64Array<SharedArrayBuffer>;
  /** As in `MemoryCounts`. */
  readonly doubtful: Float64Array<SharedArrayBuffer>;
  readonly logPath: string;
  readonly countsPath: string;
}

/** Counts by number. Of small integers: counting in floating point allocates until V8 has optimised it. */
export interface Tally {
  /** Below `CARRY`. */
  readonly low: Int32Array<SharedArrayBuffer>;
  readonly high: Int32Array<SharedArrayBuffer>;
}

const CARRY = 1 << 30;

/** Numbers that a thread can give to functions and statements. */
export const MOST_NUMBERS = 1 << 18;

/** Counts that are all zero yet. */
export function makeTally(size = MOST_NUMBERS): Tally {
  const make = () => new Int32Array(new SharedArrayBuffer(4 * size));
  return { low: make(), high: make() };
}

/** One more. */
export function countOne({ low, high }: Tally, number: number): void {
  const count = low[number]! + 1;
  if (count === CARRY) {
    low[number] = 0;
    high[number] = high[number]! + 1;
  } else low[number] = count;
}

/** Facts that are all zero yet. */
export function emptyFacts(): Float64Array<SharedArrayBuffer> {
  return new Float64Array(new SharedArrayBuffer(8 * FACTS));
}

/** Appends the log to its file and writes the counts anew; nothing is thrown. */
export function saveState(state: MemoryState): void {
  // The counts first: they are never behind the log by what is read in between.
  saveLog(state.log, state.logPath);
  saveCounts(state);
}

function saveCounts({ counts, skipped, used, facts, doubtful, countsPath }: MemoryState): void {
  const size = used[0]!;
  const numbers = new Float64Array(FACTS + 1 + 3 * size);
  numbers.set(facts);
  numbers[FACTS] = size;
  numbers.set(doubtful.subarray(0, size), FACTS + 1 + 2 * size);
  for (let i = 0; i < size; i++) {
    numbers[FACTS + 1 + i] = counts.high[i]! * CARRY + counts.low[i]!;
    numbers[FACTS + 1 + size + i] = skipped.high[i]! * CARRY + skipped.low[i]!;
  }
  try {
    writeFileSync(`${countsPath}.part`, new Uint8Array(numbers.buffer));
    renameSync(`${countsPath}.part`, countsPath);
  } catch {
    // The folder is gone or the disk full: what there was stays.
  }
}
