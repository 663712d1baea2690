import { resolve } from 'node:path';
import { DEFAULT_INTERVAL_MICROS } from '../model/request.ts';
import { resultsFolder } from '../protocol/results-folder.ts';

/** What the environment asks of `lineprof/register`. */
export interface RegisterOptions {
  /** Absolute path of the folder of results. */
  readonly folder: string;
  /** Results are written so often, in seconds; null: at the end alone. */
  readonly everySeconds: number | null;
  readonly format: 'json' | 'cpuprofile';
  /** Lines' hits are counted by V8. */
  readonly hits: boolean;
  readonly intervalMicros: number;
  /** Null: the add-on where it is installed, else the inspector. */
  readonly sampler: 'inspector' | 'v8-profiler-next' | null;
}

/** A week; a timer of more than 24 days would run out at once. */
const MOST_SECONDS = 604_800;

/** Reads the `LINEPROF_…` variables; `tell` hears of values that mean nothing, which are left aside. */
export function readOptions(
  env: NodeJS.ProcessEnv,
  cwd: string,
  tell: (problem: string) => void,
): RegisterOptions {
  const choice = <T extends string>(name: string, values: readonly T[]): T | null => {
    const value = env[name];
    if (value === undefined || value === '') return null;
    if ((values as readonly string[]).includes(value)) return value as T;
    tell(`${name}=${value} is not known: it may be ${values.join(' or ')}.`);
    return null;
  };
  const number = (name: string, least: number, most: number): number | null => {
    const value = env[name];
    if (value === undefined || value === '') return null;
    if (Number(value) >= least && Number(value) <= most) return Number(value);
    tell(`${name}=${value} is no number from ${least} to ${most}.`);
    return null;
  };
  return {
    folder: resolve(cwd, env['LINEPROF_DIR'] || resultsFolder(cwd)),
    everySeconds: number('LINEPROF_EVERY', 0.1, MOST_SECONDS),
    format: choice('LINEPROF_FORMAT', ['json', 'cpuprofile']) ?? 'json',
    hits: choice('LINEPROF_HITS', ['0', '1']) === '1',
    intervalMicros: number('LINEPROF_INTERVAL', 50, 1_000_000) ?? DEFAULT_INTERVAL_MICROS,
    sampler: choice('LINEPROF_SAMPLER', ['inspector', 'v8-profiler-next']),
  };
}
