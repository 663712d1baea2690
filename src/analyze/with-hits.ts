import type { FunctionProfile } from '../model/profile.ts';

/** Counts for one function. */
export interface FunctionCounts {
  /** Times it was entered; null when not counted. */
  readonly calls: number | null;
  /** The same in the timed run; null when not counted there. */
  readonly callsInTimedRun: number | null;
  /** Times a line was run; null: no code on it, or not counted. */
  line(line: number): number | null;
}

/** The functions with their hits; `countsOf` gets each function's index, null when nothing was counted for it. */
export function withHits(
  functions: readonly FunctionProfile[],
  countsOf: (index: number) => FunctionCounts | null,
): FunctionProfile[] {
  return functions.map((fn, index) => {
    const counts = countsOf(index);
    if (counts === null) return fn;
    const { calls, callsInTimedRun } = counts;
    const unsampled = fn.samples === 0 && calls !== null;
    return {
      ...fn,
      calls,
      callsInTimedRun,
      lines: fn.lines.map((line) => ({ ...line, hits: counts.line(line.line) })),
      // The count tells which of the two reasons for missing samples it was.
      notes: unsampled
        ? [calls === 0 ? 'It was never called.' : 'Its time was too short for a sample.']
        : fn.notes,
    };
  });
}
