import type { FunctionHits } from '../protocol/collector.ts';
import type { FunctionTable } from './instrument.ts';

/**
 * Turns counters into counts.
 * @param counters the totals, by index
 */
export function readHits(functions: readonly FunctionTable[], counters: ArrayLike<number>): FunctionHits[] {
  const sum = (indices: readonly number[]): number =>
    indices.reduce((total, index) => total + (counters[index] ?? 0), 0);
  return functions.map(({ start, end, calls, ranges }) => ({
    start,
    end,
    calls: sum(calls),
    ranges: ranges.map(([from, to, indices]) => [from, to, sum(indices)]),
  }));
}
