import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { timedRun } from '../timed.ts';
import type { Operation } from './cases.ts';
import { programOf, REPEATS } from './program.ts';

/** Samples of an operation's function. */
export interface Measurement {
  readonly name: string;
  readonly samples: number;
  /** On each of the lines that do the operation, in order. */
  readonly lines: readonly number[];
}

/** Profiles the operations in one run of so many milliseconds; `folder` is for what that needs. */
export async function measure(
  operations: readonly Operation[],
  { node, folder, millis }: { readonly node: string; readonly folder: string; readonly millis: number },
): Promise<readonly Measurement[]> {
  const script = join(folder, 'operations.mjs');
  await writeFile(script, programOf(operations));
  const functions = operations.map((_, i) => `op${i}`);
  const profile = await timedRun({ script, folder, functions, args: [String(millis)], node });
  return operations.map(({ name }, i) => {
    const fn = profile.functions.find((one) => one.name === `op${i}`);
    const lines = fn?.lines.filter(({ text }) => text.endsWith('// line')).map(({ samples }) => samples);
    return { name, samples: fn?.samples ?? 0, lines: lines ?? [] };
  });
}

/** Two measurements as one. */
export function added(one: readonly Measurement[], other: readonly Measurement[]): readonly Measurement[] {
  return one.map(({ name, samples, lines }, i) => ({
    name,
    samples: samples + other[i]!.samples,
    lines: lines.map((count, k) => count + other[i]!.lines[k]!),
  }));
}

/** Share of the samples in percent, and what it would be if every repeat cost the same and all else nothing. */
export interface Share {
  /** `null`: everything but the lines, which is the loop around them. */
  readonly line: number | null;
  readonly found: number;
  readonly expected: number;
  /** Standard deviation of `found`, from the number of samples. */
  readonly noise: number;
}

const ALL_REPEATS = REPEATS.reduce((sum, count) => sum + count, 0);

/** The smallest share whose noise is used for the loop around the lines, which is expected to take none. */
const SMALLEST = 0.02;

/** The shares of the lines, and of the rest. */
export function sharesOf({ samples, lines }: Measurement): readonly Share[] {
  const share = (line: number | null, count: number, expected: number): Share => {
    const p = Math.max(SMALLEST, expected);
    return {
      line,
      found: (100 * count) / samples,
      expected: 100 * expected,
      noise: 100 * Math.sqrt((p * (1 - p)) / samples),
    };
  };
  const onLines = lines.reduce((sum, count) => sum + count, 0);
  return [
    ...REPEATS.map((count, k) => share(k, lines[k] ?? 0, count / ALL_REPEATS)),
    share(null, samples - onLines, 0),
  ];
}
