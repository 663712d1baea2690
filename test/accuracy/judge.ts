import type { Profile } from '../../src/model/profile.ts';
import { type Errors, errorsOf, METRICS, type Measured, type Metric, pooled } from './compare.ts';
import { scriptOf } from './prepare.ts';
import type { Program } from './programs.ts';
import { measuredOf, timedRun } from './timed.ts';
import { functionTruth, type Truth, truthOf } from './truth.ts';

/** The promise of the project, in points of % Time, at this many samples of a function. */
export const LIMITS = { mean: 0.5, worst: 2, samples: 5000 } as const;

/** Functions with fewer samples in a look are not judged: their noise alone would be 6 points and more. */
const FEWEST_SAMPLES = 500;

/** Runs, at most, until the first function of a program has its 5,000 samples. */
const MOST_RUNS = 6;

/**
 * A run that got less of a processor than this is left out, whatever its profile says: V8's compiler, collector and
 * sampling threads then got none either, and the program waited for them or stayed in the interpreter for long. That
 * is true time, but none of the work that the truth counts.
 */
const LEAST_CPU_SHARE = 0.8;

/** So many runs may be left out in a look; a machine that is busier than that has to do with what it gives. */
const MOST_STARVED = 3;

/** A function of a program, compared. */
export interface Compared {
  readonly measured: Measured;
  readonly errors: Readonly<Record<Metric, Errors>>;
}

/** Where a program is run. */
export interface Place {
  readonly node: string;
  /** A temporary folder. */
  readonly folder: string;
}

/** A program ready to be profiled, with its truth. */
export interface Subject {
  readonly program: Program;
  readonly script: string;
  readonly args: readonly string[];
  readonly truth: Truth;
}

/** Makes what is to be run and learns its truth. `args`: the program's own, after its duration. */
export async function subjectOf(
  program: Program,
  { node, folder }: Place,
  args: readonly string[] = [],
): Promise<Subject> {
  const script = await scriptOf(program, folder);
  return { program, script, args, truth: await truthOf(program.entry, folder, node, args) };
}

/**
 * One look: profiles the program until its first function has `LIMITS.samples`, added to the samples of earlier
 * looks. Throws when it does not get that many.
 */
export async function look(
  { program, script, args }: Subject,
  place: Place,
  before: readonly Measured[],
): Promise<readonly Measured[]> {
  let all = before;
  const wanted = (before[0]?.samples ?? 0) + LIMITS.samples;
  let starved = 0;
  for (let run = 0; run < MOST_RUNS + starved; run++) {
    const profile = await timedRun({
      ...place,
      script,
      functions: program.functions,
      args: [String(program.millis), ...args],
    });
    if (cpuShare(profile) < LEAST_CPU_SHARE && starved < MOST_STARVED) {
      starved++;
      continue;
    }
    const found = profile.functions.map((fn) => measuredOf(profile, fn));
    all = all.length === 0 ? found : all.map((fn, i) => pooled(fn, found[i]!));
    if (all[0] !== undefined && all[0].samples >= wanted) return all;
  }
  throw new Error(`${program.name}: ${all[0]?.samples ?? 0} samples of ${all[0]?.name} in ${MOST_RUNS} runs`);
}

/** CPU time of the profiled process by wall time; 1 and more when it never had to wait. */
function cpuShare({ run }: Profile): number {
  return ((run.userMicros ?? 0) + (run.systemMicros ?? 0)) / run.realMicros;
}

/** Compares every function that has enough samples, over `looks` looks, with the truth. */
export function compared(measured: readonly Measured[], truth: Truth, looks: number): readonly Compared[] {
  return measured
    .filter(({ samples }) => samples >= FEWEST_SAMPLES * looks)
    .map((fn) => {
      const expected = functionTruth(truth, fn);
      const errors = Object.fromEntries(METRICS.map((metric) => [metric, errorsOf(fn, expected, metric)]));
      return { measured: fn, errors: errors as Record<Metric, Errors> };
    });
}

/**
 * What is outside the limits, in words. The limits are those of a function with 5,000 samples in a look; one with
 * fewer has noise larger by the root of their ratio, and its errors count for as much less. The worst line is each
 * function's; the mean is over the lines of all functions of the program, because in a function of two or three lines
 * a true profiler's own noise makes a mean of 0.5 points (at 50 % and 5,000 samples of 0.8 × 0.71).
 */
export function failuresOf(functions: readonly Compared[], looks: number): readonly string[] {
  return METRICS.flatMap((metric) => {
    const scaled = functions.map(({ measured: { name, samples }, errors }) => {
      const { mean, worst, worstLine, lines } = errors[metric];
      const noise = Math.sqrt(Math.max(1, LIMITS.samples / (samples / looks)));
      const words = `${name}, ${metric}, ${samples} samples: mean error ${mean.toFixed(2)} points, worst ${worstLine}`;
      return { lines, sum: (mean * lines) / noise, worst: worst / noise, words };
    });
    const total = (of: 'sum' | 'lines'): number => scaled.reduce((sum, fn) => sum + fn[of], 0);
    const mean = total('sum') / total('lines');
    if (mean > LIMITS.mean) return scaled.map(({ words }) => `${mean.toFixed(2)} points over all: ${words}`);
    return scaled.filter(({ worst }) => worst > LIMITS.worst).map(({ words }) => words);
  });
}
