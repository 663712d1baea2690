/**
 * The border between the memory probe inside the user's Node (`collect/memory*.ts`) and the engine.
 * Out: `MemoryPlan` in the collector's plan. Back, for each thread that ran chosen functions: one
 * `memory-<pid>-<thread>.log`, records in the order of time, appended to while the program runs, one
 * `memory-<pid>-<thread>.counts` (`MemoryCounts`), written anew all the while, and one
 * `memory-<pid>-<thread>-<first number>.json` (`MemoryReading`) a script. All of it survives the program.
 */
export const memoryLogName = (pid: number, thread: number): string => `memory-${pid}-${thread}.log`;
export const memoryFileName = (pid: number, thread: number, first: number): string =>
  `memory-${pid}-${thread}-${first}.json`;
export const memoryCountsName = (pid: number, thread: number): string => `memory-${pid}-${thread}.counts`;
export const MEMORY_FILE = /^memory-\d+-\d+-\d+\.json$/;

/** Of a run for snapshots, beside them: around the first call of a function from outside. */
export const snapshotName = (pid: number, thread: number, fn: number, when: 'before' | 'after'): string =>
  `objects-${pid}-${thread}-${fn}-${when}.heapsnapshot`;

/** Beside them: which objects were made when. */
export const objectMarksName = (pid: number, thread: number, fn: number): string =>
  `objects-${pid}-${thread}-${fn}.json`;

/** Stretches of a call between two marks, in order; objects get larger ids from one to the next. */
export interface ObjectMarks {
  readonly version: number;
  /** The largest id before the first stretch. */
  readonly from: number;
  readonly stretches: readonly {
    /** Objects up to this id were made in this stretch, or in one before. */
    readonly to: number;
    /** What began in it, and how often: statements of the call by number, WAITING, and `resumed`. */
    readonly ran: readonly (readonly [what: number, times: number])[];
  }[];
}

/** Other code, while the call waited. */
export const WAITING = -1;
/** A statement that went on after it waited; from that, the statement. */
export const resumed = (what: number): number => -2 - what;

/** Global object that instrumented code calls: see `ProbeCalls`. */
export const MEMORY_GLOBAL = '__lineprof_m';

/** What instrumented code calls; one-letter names keep the inserted text short. */
export interface ProbeCalls {
  /** Enters a function that runs to its end without a stop; gives the slot of this call, -1 when it is not read. */
  e(fn: number): number;
  /** The same for a generator or an async function. */
  E(fn: number): number;
  /** A statement begins: what was allocated since the last one ends there. */
  a(slot: number, point: number): void;
  /** The call ends, by a throw or by returning `value`. */
  x(slot: number, value?: unknown): unknown;
  /** The call is about to wait or to yield `value`. */
  w(slot: number, value?: unknown): unknown;
  /** It goes on with `value`. */
  r(slot: number, value: unknown): unknown;
}

export interface MemoryPlan {
  /** Size of the young generation asked of V8, in MiB. */
  readonly youngMib: number;
  /** Collections may be forced for this long in all, or for as long as the program itself has run. */
  readonly collectMillis: number;
  /** So many occurrences of a statement are all read; of later ones fewer and fewer. */
  readonly allRead: number;
  /**
   * Statements whose objects are counted, known from a run before: [number, bytes that may hold ends of pages].
   */
  readonly large: readonly (readonly [number, number])[];
  /** Read nothing; write heap snapshots around the first call from outside of chosen functions. */
  readonly snapshots: boolean;
  /** Read nothing; sample memory over time. */
  readonly timeline?: boolean;
}

/** Bytes from one sample of `MemorySamples` to the next, on average. */
export const SAMPLE_BYTES = 64 * 1024;

/** Beside the log: what a thread allocated while it was read, by V8's sampling heap profiler. Absent: not known. */
export const memorySamplesName = (pid: number, thread: number): string => `samples-${pid}-${thread}.json`;

/** Of a thread that ended. */
export interface MemorySamples {
  readonly version: number;
  readonly heap: SampledHeap;
}

/** What is used of `HeapProfiler.SamplingHeapProfile` in the DevTools protocol. */
export interface SampledHeap {
  readonly head: SampledNode;
  /** `size`: bytes, those that the sample stands for counted in. */
  readonly samples: readonly { readonly size: number; readonly nodeId: number }[];
}

/** A call on the stack. */
export interface SampledNode {
  readonly id: number;
  /** `lineNumber`: 0-based, where the function begins. */
  readonly callFrame: { readonly url: string; readonly lineNumber: number };
  /** Bytes, those that the samples stand for counted in. */
  readonly selfSize: number;
  readonly children: readonly SampledNode[];
}

/** Kinds of records. */
export const ENTER = 0;
/** A statement begins and is read to its end. */
export const AT = 1;
/** A statement begins that is not read by itself: what follows is read together until the next record of the call. */
export const LUMP = 2;
export const EXIT = 3;
export const WAIT = 4;
export const RESUME = 5;
/** Right after another record: the live bytes then, after a collection. */
export const LIVE = 6;
/** Right after another record: what was in use then, after V8 had collected by itself: no more than that lives. */
export const AT_MOST = 7;

/** int32: kind | number << 3; int32: slot; float64: bytes. */
export const RECORD_BYTES = 16;

/**
 * A slot is the depth of a plain call among those on the stack, or, from here on, one of a generator or an async
 * function's call.
 */
export const FIRST_ASYNC_SLOT = 1 << 16;

/** A script of a thread with readings in it; the counts are in the file of counts. */
export interface MemoryReading {
  readonly version: number;
  readonly pid: number;
  readonly thread: number;
  readonly script: MemoryScript;
}

/**
 * The file of counts, as float64: FACTS numbers, then how many numbers there are, then by number the times a
 * statement began or a function was entered, how many of these were not read by themselves, and bytes in doubt.
 */
export interface MemoryCounts {
  /** Readings taken. */
  readonly readings: number;
  /** Collections forced, the time they took, and whether some were left out for want of it. */
  readonly collections: number;
  readonly collectMillis: number;
  readonly collectionsLeftOut: boolean;
  /** Collections that V8 made by itself; what they freed is added back. */
  readonly ownCollections: number;
  /** Bytes that a reading allocates itself, subtracted. */
  readonly probeBytes: number;
  readonly counts: Float64Array;
  readonly skipped: Float64Array;
  /**
   * By number, or 0 for what a statement does after a call that was read: bytes that may hold ends of pages, as large
   * objects were made in several.
   */
  readonly doubtful: Float64Array;
}

/** How many facts stand before the counts. */
export const FACTS = 6;

/** Reads a file of counts; null when it is damaged. */
export function readCounts(file: Uint8Array): MemoryCounts | null {
  const numbers = new Float64Array(file.slice().buffer, 0, file.length >>> 3);
  const used = numbers[FACTS];
  if (used === undefined || numbers.length < FACTS + 1 + 3 * used) return null;
  const [readings = 0, collections = 0, collectMillis = 0, leftOut, ownCollections = 0, probeBytes = 0] =
    numbers;
  const from = FACTS + 1;
  return {
    readings,
    collections,
    collectMillis,
    collectionsLeftOut: leftOut === 1,
    ownCollections,
    probeBytes,
    counts: numbers.slice(from, from + used),
    skipped: numbers.slice(from + used, from + 2 * used),
    doubtful: numbers.slice(from + 2 * used, from + 3 * used),
  };
}

/** A script with readings, and what its numbers mean. */
export interface MemoryScript {
  readonly path: string;
  readonly textHash: string;
  /** The text as loaded. */
  readonly text: string;
  /** [start, end, number]: functions that are read, in V8's offsets; entered as often as the number's count. */
  readonly functions: readonly (readonly [number, number, number])[];
  /** [start, unit, function number, number]: a statement's start, and the statement that it is a part of. */
  readonly points: readonly (readonly [number, number, number, number])[];
}

/** Takes the records of a log in order; a record that was cut off is left out. */
export function readRecords(
  log: Uint8Array,
  record: (kind: number, number: number, slot: number, bytes: number) => void,
): void {
  const view = new DataView(log.buffer, log.byteOffset, log.byteLength);
  for (let at = 0; at + RECORD_BYTES <= log.byteLength; at += RECORD_BYTES) {
    const code = view.getInt32(at, true);
    record(code & 7, code >> 3, view.getInt32(at + 4, true), view.getFloat64(at + 8, true));
  }
}
