import { execFile } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import type { FunctionProfile, Profile } from '../../src/model/profile.ts';
import type { LineSamples, Measured } from './compare.ts';

const CLI = fileURLToPath(new URL('../../dist/cli.js', import.meta.url));

/** How a program is profiled; see `lineprof run --help`. */
export interface TimedRun {
  /** Absolute path of what Node runs. */
  readonly script: string;
  /** Selectors for `-f`. */
  readonly functions: readonly string[];
  readonly args: readonly string[];
  /** A folder for the result. */
  readonly folder: string;
  readonly node: string;
}

/** Samples as often as V8 can (asked for every 100 microseconds, it takes about 205): more samples a second. */
const INTERVAL = 100;

/** Profiles a program with the finished command line, as a user would, without counting hits. */
export async function timedRun({ script, functions, args, folder, node }: TimedRun): Promise<Profile> {
  const json = join(folder, 'result.json');
  const selectors = functions.flatMap((selector) => ['-f', selector]);
  await promisify(execFile)(
    process.execPath,
    [
      CLI,
      'run',
      '--no-hits',
      '-q',
      '--json',
      json,
      '--node',
      node,
      '-i',
      String(INTERVAL),
      ...selectors,
      script,
      ...args,
    ],
    { cwd: dirname(script), maxBuffer: 1 << 26 },
  );
  return JSON.parse(await readFile(json, 'utf8')) as Profile;
}

/** A function of a profile in the shape that `compare.ts` compares; its file made absolute. */
export function measuredOf(profile: Profile, fn: FunctionProfile): Measured {
  const lines = new Map<number, LineSamples>();
  for (const { line, samples, selfSamples, where } of fn.lines) {
    if (samples > 0) lines.set(line, { inclusive: samples, self: selfSamples, where });
  }
  return {
    name: fn.name,
    file: resolve(profile.run.cwd, fn.file),
    line: fn.line,
    endLine: fn.endLine,
    samples: fn.samples,
    lines,
  };
}
