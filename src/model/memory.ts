/**
 * Memory per line, in bytes. Heap and what is held outside of it (buffers, typed arrays, long strings) count
 * alike. Null means "not measured", never 0.
 */
export interface LineMemory {
  /** Times the line's first statement began; exact. A loop's header counts each of its rounds. */
  readonly occurrences: number;
  /**
   * Allocated while the line ran, callees included; what was freed meanwhile is not taken off. A line that is
   * under way several times at once (recursion) counts once; what others allocate during an `await` is not its.
   */
  readonly allocatedBytes: number;
  /** Not every occurrence was read by itself: `allocatedBytes` is dealt out among lines that were read together. */
  readonly isSampled: boolean;
  /** Change of the live bytes across the line, summed over its occurrences; null when nothing was collected. */
  readonly incrementBytes: number | null;
  /** Not every occurrence had a collection at both ends: `incrementBytes` is dealt out. */
  readonly isEstimated: boolean;
  /** Live bytes after the line, the most seen; null when nothing was collected. */
  readonly usageBytes: number | null;
  /** Allocated by others while the line waited (`await`, `yield`). */
  readonly othersBytes: number;
}

/** Memory of a whole function, callees included; as for lines. */
export interface FunctionMemory {
  readonly allocatedBytes: number;
  readonly incrementBytes: number | null;
  readonly isEstimated: boolean;
  /** What one of its calls left behind, most bytes first; null when no snapshots were taken. */
  readonly objects: readonly ObjectsMemory[] | null;
}

/** Objects of one constructor that stayed after a call. */
export interface ObjectsMemory {
  /** As a heap snapshot names them: `Particle`, `Array`, `(string)`, `system / ArrayBufferData`. */
  readonly name: string;
  /** More after the call than before; negative: fewer. */
  readonly count: number;
  /** Shallow sizes, with what belongs to an object alone (its properties' and elements' stores) counted in. */
  readonly bytes: number;
  /**
   * Lines of the function that made them, callees included, most bytes first; what is missing of `count` and
   * `bytes` is not known. Absent when no line is.
   */
  readonly lines?: readonly ObjectsLine[];
}

/** Objects of one constructor that a line made and that are still there at the call's end. */
export interface ObjectsLine {
  readonly line: number;
  readonly count: number;
  readonly bytes: number;
}

/** How memory was measured. */
export interface MemoryFacts {
  readonly readings: number;
  /** Collections forced to learn what lives, and their time. */
  readonly collections: number;
  readonly collectMicros: number;
  /** Not every reading that asked for a collection got one: time was up. */
  readonly collectionsLeftOut: boolean;
  /** Collections that V8 made by itself; what they freed was added back. */
  readonly ownCollections: number;
  /** Young generation asked of V8, in MiB. */
  readonly youngMib: number;
  /** First occurrences of each line that were all read by themselves. */
  readonly allRead: number;
  /** Memory over time; there when it was asked for. */
  readonly timelines?: readonly MemoryTimeline[];
}

/** Memory of a process over time, from a run of its own in which V8 collects as it likes. Milliseconds, bytes. */
export interface MemoryTimeline {
  readonly pid: number;
  readonly command: string;
  /** From the first process's start. */
  readonly startMillis: number;
  readonly millis: readonly number[];
  readonly rss: readonly number[];
  readonly heapUsed: readonly (number | null)[];
  readonly external: readonly (number | null)[];
  /** Calls of chosen functions, outermost ones, by start. */
  readonly brackets: readonly MemoryBracket[];
  /**
   * When lines of chosen functions were under way: the first time of each statement, and where the resident set was
   * sampled meanwhile. Absent in results of before.
   */
  readonly spans?: readonly MemorySpan[];
  readonly collections: readonly { readonly millis: number; readonly kind: 'minor' | 'major' }[];
}

export interface MemoryBracket {
  readonly name: string;
  readonly fromMillis: number;
  readonly toMillis: number;
}

/** A line under way; `file` as in the functions. */
export interface MemorySpan {
  readonly file: string;
  readonly line: number;
  readonly fromMillis: number;
  readonly toMillis: number;
}
