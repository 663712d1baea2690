import type { WhereCounts } from '../../src/model/profile.ts';
import type { FunctionTruth, Range } from './truth.ts';

/** Samples of a line: with it on the stack, and with it running itself. */
export interface LineSamples {
  readonly inclusive: number;
  readonly self: number;
  /** What V8 was running for it, where that is known: tells a wrong place from code that was slow to be optimised. */
  readonly where?: WhereCounts;
}

/** What a profiler says about one function. */
export interface Measured extends Range {
  readonly name: string;
  readonly samples: number;
  readonly lines: ReadonlyMap<number, LineSamples>;
}

export type Metric = 'inclusive' | 'self';

export const METRICS: readonly Metric[] = ['inclusive', 'self'];

/** Absolute errors over a function's lines, in points of the function's time. */
export interface Errors {
  /**
   * The sum over all lines divided by the number of lines that were truly on a stack of the function: what is found
   * on other lines counts as error, but they do not thin the mean.
   */
  readonly mean: number;
  readonly worst: number;
  /** The line of `worst`, with both percentages, for the message of a failure. */
  readonly worstLine: string;
  /** Lines that were truly on a stack of the function. */
  readonly lines: number;
}

/** Two runs of the same program as one: the samples added up. */
export function pooled(one: Measured, other: Measured): Measured {
  const lines = new Map(one.lines);
  for (const [line, { inclusive, self, where = {} }] of other.lines) {
    const before = lines.get(line) ?? { inclusive: 0, self: 0 };
    lines.set(line, { inclusive: before.inclusive + inclusive, self: before.self + self, where });
  }
  return { ...one, samples: one.samples + other.samples, lines };
}

/** Compares one function with its truth. */
export function errorsOf(measured: Measured, truth: FunctionTruth, metric: Metric): Errors {
  const lines = new Set([...truth.lines.keys(), ...measured.lines.keys()]);
  let sum = 0;
  let worst = 0;
  let worstLine = 'none';
  for (const line of lines) {
    const expected = truth.lines.get(line)?.[metric] ?? 0;
    const found = (100 * (measured.lines.get(line)?.[metric] ?? 0)) / measured.samples;
    const error = Math.abs(found - expected);
    sum += error;
    if (error >= worst) {
      worst = error;
      worstLine = `line ${line}: ${found.toFixed(2)} % instead of ${expected.toFixed(2)} % ${JSON.stringify(measured.lines.get(line)?.where ?? {})}`;
    }
  }
  return { mean: sum / truth.lines.size, worst, worstLine, lines: truth.lines.size };
}
