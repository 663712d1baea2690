import { spawn } from 'node:child_process';
import { mkdtemp, readdir, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { makeRunFolder } from '../src/launch/folder.ts';
import { launch } from '../src/launch/launch.ts';
import type { CountersPlan } from '../src/protocol/collector.ts';
import { probeNode } from '../src/target/node.ts';
import { planLaunch } from '../src/target/plan.ts';

/** Absolute path of the repository. */
export const ROOT = fileURLToPath(new URL('..', import.meta.url));

const COLLECT = join(ROOT, 'dist', 'collect');

/** A program and its arguments. */
export interface Job {
  /** Absolute path. */
  readonly script: string;
  readonly args: readonly string[];
}

/** Told the process id of a program as soon as it runs. */
export type Started = (pid: number) => void;

/** Wall time of a command from start to exit, in milliseconds. Throws when it fails. */
export async function wallMillis(
  command: string,
  args: readonly string[],
  env: NodeJS.ProcessEnv = process.env,
  started: Started = () => {},
): Promise<number> {
  const from = performance.now();
  const code = await new Promise<number | null>((resolve, reject) => {
    const child = spawn(command, args, { cwd: ROOT, env, stdio: 'ignore' });
    child.on('error', reject);
    child.on('exit', resolve);
    if (child.pid !== undefined) started(child.pid);
  });
  const millis = performance.now() - from;
  if (code !== 0) throw new Error(`${command} ${args.join(' ')} ended with ${code}`);
  return millis;
}

/** Wall time of a program under plain Node with `flags`; peers get a folder for what they write. */
export async function plainMillis(
  job: Job,
  flags: readonly string[] = [],
  env: NodeJS.ProcessEnv = {},
  started: Started = () => {},
): Promise<number> {
  const args = [...flags, job.script, ...job.args];
  return await wallMillis(process.execPath, args, { ...process.env, ...env }, started);
}

/** Wall time of the timed run, as Lineprof launches it. */
export function timedMillis(job: Job, intervalMicros: number, started?: Started): Promise<number> {
  return launchMillis(job, 'time', intervalMicros, null, started);
}

/** Wall time of the counting run: every line of the functions named. */
export function countedMillis(job: Job, functions: readonly string[], started?: Started): Promise<number> {
  const target = { kind: 'selectors', selectors: functions, cwd: ROOT } as const;
  return launchMillis(job, 'count', 200, { level: 'lines', target }, started);
}

async function launchMillis(
  job: Job,
  purpose: 'time' | 'count',
  intervalMicros: number,
  counters: CountersPlan | null,
  started?: Started,
): Promise<number> {
  const folder = await makeRunFolder();
  try {
    return await launchIn(folder.path, job, purpose, intervalMicros, counters, started);
  } finally {
    await folder.remove();
  }
}

/** Runs a job under the timed run's profiler and leaves its log in `folder`. Returns the log's path. */
export async function recordLog(folder: string, job: Job, intervalMicros: number): Promise<string> {
  await launchIn(folder, job, 'time', intervalMicros, null);
  const logs = (await readdir(join(folder, 'time'))).filter((name) => name.endsWith('.log'));
  // A thread of Node's own may have left one too.
  const sizes = await Promise.all(logs.map(async (name) => (await stat(join(folder, 'time', name))).size));
  return join(folder, 'time', logs[sizes.indexOf(Math.max(...sizes))]!);
}

async function launchIn(
  folder: string,
  { script, args }: Job,
  purpose: 'time' | 'count',
  intervalMicros: number,
  counters: CountersPlan | null,
  started: Started = () => {},
): Promise<number> {
  const node = await probeNode(process.execPath, process.env, ROOT);
  const plan = planLaunch(
    {
      way: { kind: 'run', script, args },
      functions: [],
      intervalMicros,
      hits: 'none',
      node: process.execPath,
      timeoutMillis: null,
      cwd: ROOT,
      env: process.env,
    },
    { folder, collectFolder: COLLECT, purpose, counters, repeats: null, node },
  );
  const { exitCode, realMicros } = await launch(plan, { onStarted: started });
  if (exitCode !== 0) throw new Error(`${script} ended with ${exitCode}`);
  return realMicros / 1000;
}

/** Runs `use` with a temporary folder, which is gone afterwards. */
export async function withFolder<T>(use: (folder: string) => Promise<T>): Promise<T> {
  const folder = await mkdtemp(join(tmpdir(), 'lineprof-bench-'));
  try {
    return await use(folder);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
