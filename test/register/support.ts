import { type ChildProcess, type SpawnOptions, spawn } from 'node:child_process';
import { mkdirSync, readdirSync, readFileSync, rmSync, symlinkSync } from 'node:fs';
import { join, resolve } from 'node:path';
import type { Profile } from '../../src/model/profile.ts';
import { makeFolder, writePrograms } from '../launch/support.ts';

const root = resolve(import.meta.dirname, '../..');

/** A folder with programs in which `lineprof` is installed. */
export function project(name: string, files: Readonly<Record<string, string>>): string {
  const folder = makeFolder(name);
  writePrograms(folder, files);
  mkdirSync(join(folder, 'node_modules'));
  symlinkSync(root, join(folder, 'node_modules/lineprof'));
  return folder;
}

/** How a program ended and what it left. */
export interface Ran {
  readonly code: number | null;
  readonly signal: string | null;
  readonly stdout: string;
  readonly stderr: string;
  /** Whole files in the folder of results, by name. */
  readonly files: readonly string[];
  readonly profiles: readonly Profile[];
}

export interface RunOptions {
  readonly env?: Readonly<Record<string, string>>;
  /** Called when the program has written something to its stdout. */
  readonly onOutput?: (child: ChildProcess, stdout: string) => void;
  /** The folder of results, relative to the project; what an earlier try of the test left in it goes. */
  readonly out?: string;
}

/** Runs `node ...args` in a project, with results in a folder of their own. */
export async function run(folder: string, args: readonly string[], options: RunOptions = {}): Promise<Ran> {
  const { env = {}, onOutput, out = 'out' } = options;
  const outFolder = join(folder, out);
  rmSync(outFolder, { recursive: true, force: true });
  const spawnOptions: SpawnOptions = {
    cwd: folder,
    // The tests' own loader must not come along.
    env: { ...process.env, NODE_OPTIONS: '', LINEPROF_DIR: outFolder, LINEPROF_SAMPLER: 'inspector', ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  };
  const child = spawn(process.execPath, [...args], spawnOptions);
  let stdout = '';
  let stderr = '';
  child.stdout!.on('data', (data: Buffer) => {
    stdout += data.toString();
    onOutput?.(child, stdout);
  });
  child.stderr!.on('data', (data: Buffer) => {
    stderr += data.toString();
  });
  const [code, signal] = await new Promise<[number | null, string | null]>((done) =>
    child.once('close', (...ended: [number | null, string | null]) => done(ended)),
  );
  return { code, signal, stdout, stderr, ...resultsIn(outFolder) };
}

/** The results that are in a folder now. */
export function resultsIn(folder: string): Pick<Ran, 'files' | 'profiles'> {
  let files: string[] = [];
  try {
    files = readdirSync(folder).sort();
  } catch {
    // None was written.
  }
  const profiles = files
    .filter((file) => file.endsWith('.json'))
    .map((file) => JSON.parse(readFileSync(join(folder, file), 'utf8')) as Profile);
  return { files, profiles };
}

/** `import` of register as a program is started with it. */
export const REGISTER = ['--import', 'lineprof/register'] as const;

/** Self samples of a function's lines, by line. */
export function selfLines(profile: Profile | undefined, name: string): Map<number, number> {
  const fn = profile?.functions.find((one) => one.name === name);
  return new Map(
    fn?.lines.filter(({ selfSamples }) => selfSamples > 0).map((one) => [one.line, one.selfSamples]),
  );
}

/** Calls by function. */
export function callsOf(profile: Profile | undefined): Record<string, number | null> {
  return Object.fromEntries((profile?.functions ?? []).map(({ name, calls }) => [name, calls]));
}
