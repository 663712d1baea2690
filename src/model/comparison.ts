import type { MemoryFacts } from './memory.ts';
import type { FunctionProfile, LineStats, RunFacts } from './profile.ts';

/**
 * What changed between two measurements, "before" and "after": of one function in two runs, or of two functions.
 * Differences are after minus before. Null means that the two cannot be compared, never 0.
 */
export interface Comparison {
  /** What the two are called: the times of two runs, or the names of two functions. */
  readonly before: string;
  readonly after: string;
  readonly functions: readonly FunctionComparison[];
}

/** A difference with its 95 % interval. */
export interface Difference {
  readonly value: number;
  readonly low: number;
  readonly high: number;
  /** 0 lies in the interval: it may be chance. */
  readonly noise: boolean;
}

/**
 * What times and bytes are divided by before they are compared: nothing, the calls of the function, or the
 * evaluations of the expression that was run.
 */
export type Basis = 'total' | 'call' | 'evaluation';

/** One function of one of the two runs. */
export interface ComparedFunction {
  readonly run: RunFacts;
  readonly fn: FunctionProfile;
  /** Its time by the basis; null without a basis or without samples. */
  readonly micros: number | null;
  /** How its memory was read; null: it was timed. */
  readonly memory: MemoryFacts | null;
}

/** A difference of bytes or counts, and how far the limits of measurement let it be off. */
export interface MemoryDifference {
  readonly value: number;
  /** Null: one of the two is dealt out among lines, and nothing is known to bound its error. */
  readonly bounds: { readonly low: number; readonly high: number } | null;
  /** 0 lies within the bounds. False without bounds: it may be noise or not. */
  readonly noise: boolean;
}

/** An amount before and after, by the basis; null where it is not known. A line that is not there has none: 0. */
export interface ComparedAmount {
  readonly before: number | null;
  readonly after: number | null;
  readonly difference: MemoryDifference | null;
}

/** What is compared of a line's memory, in the order of the columns. */
export const MEMORY_AMOUNTS = ['usage', 'increment', 'allocated', 'occurrences'] as const;
export type MemoryAmount = (typeof MEMORY_AMOUNTS)[number];

/** As `LineMemory`, before and after: bytes, and times run. */
export type LineMemoryComparison = Readonly<Record<MemoryAmount, ComparedAmount>>;

/** Memory of a function before and after. */
export interface FunctionMemoryComparison {
  readonly increment: ComparedAmount;
  readonly allocated: ComparedAmount;
  /** What one call of each left, most different bytes first; null: one of the two has no heap snapshots. */
  readonly objects: readonly ComparedObjects[] | null;
}

/** Objects of one constructor that a call left, before and after. */
export interface ComparedObjects {
  readonly name: string;
  readonly count: ComparedAmount;
  readonly bytes: ComparedAmount;
}

/** One line, or a line of each that took its place. */
export interface LineComparison {
  /** Null: the line is new. */
  readonly before: LineStats | null;
  /** Null: the line is gone. */
  readonly after: LineStats | null;
  /** Their texts differ, indentation aside. */
  readonly changed: boolean;
  /** Times by the basis; a line that is not there takes none. Null without a basis. */
  readonly beforeMicros: number | null;
  readonly afterMicros: number | null;
  /** In microseconds by the basis; null without a basis, and for lines that were never seen. */
  readonly time: Difference | null;
  /** Of the shares of the functions' times, in points; null without samples in either. */
  readonly share: Difference | null;
  /** Null: the two were timed, or nothing was read on the line in either. */
  readonly memory: LineMemoryComparison | null;
}

/** A function before and after. */
export interface FunctionComparison {
  readonly before: ComparedFunction;
  readonly after: ComparedFunction;
  /** Null: their times (or memory) cannot be compared, only shares of times; `reason` says why. */
  readonly basis: Basis | null;
  readonly reason: string | null;
  /** In microseconds by the basis. */
  readonly time: Difference | null;
  /** Time before divided by time after: above 1 it became faster. `noise`: 1 lies in the interval. */
  readonly speed: Difference | null;
  /** There when both are of memory runs: their times are then null. Null: they were timed, or have no basis. */
  readonly memory: FunctionMemoryComparison | null;
  /** In the order of the lines after, those that are gone where they were. */
  readonly lines: readonly LineComparison[];
}
