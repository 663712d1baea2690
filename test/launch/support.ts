import { type ChildProcess, type StdioOptions, spawn } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { build } from 'esbuild';
import type { Finished } from '../../src/launch/launch.ts';
import type { LaunchPurpose } from '../../src/model/launch.ts';
import type { ProfileRequest, Way } from '../../src/model/request.ts';
import type { CountersPlan } from '../../src/protocol/collector.ts';

/** What the host (host.ts) is asked to do. */
export interface HostRequest {
  readonly request: ProfileRequest;
  readonly collectFolder: string;
  readonly purposes: readonly LaunchPurpose[];
  readonly counters: CountersPlan | null;
  readonly abortAfterMillis: number | null;
  /** As in `StopOptions`; null: not said. */
  readonly graceMillis: number | null;
}

/** What the host tells of one launch. */
export interface HostResult extends Finished {
  readonly folder: string;
  readonly logBytes: readonly number[];
  /** The threads that the logs say they are of. */
  readonly threads: readonly number[];
  readonly error?: { readonly reason: string; readonly message: string; readonly advice: string };
}

/** One run of the host: its own end, what came out of the program, and what Lineprof knows of it. */
export interface Hosted {
  readonly stdout: string;
  readonly stderr: string;
  readonly results: readonly HostResult[];
  readonly result: HostResult;
}

/** How to run the host; what is left out is as a user would have it. */
export interface HostOptions {
  readonly request?: Partial<ProfileRequest>;
  readonly purposes?: readonly LaunchPurpose[];
  readonly counters?: CountersPlan | null;
  readonly abortAfterMillis?: number;
  readonly graceMillis?: number;
  readonly env?: Readonly<Record<string, string | undefined>>;
  /** What the program may read from its stdin, through a pipe; or an open file. */
  readonly stdin?: string | number;
  readonly onHost?: (host: ChildProcess) => void;
}

const root = resolve(import.meta.dirname, '../..');

/** As `npm run build` left it. */
const collectFolder = join(root, 'dist', 'collect');

let built: Promise<string> | null = null;

/** Bundles the host once: it starts many times. */
function builtHost(): Promise<string> {
  built ??= (async () => {
    const outfile = join(makeFolder('host'), 'host.mjs');
    await build({
      entryPoints: [join(import.meta.dirname, 'host.ts')],
      outfile,
      bundle: true,
      platform: 'node',
      target: 'node20.19',
      format: 'esm',
      logLevel: 'error',
      banner: {
        js: "import{createRequire as __cr}from'node:module';const require=__cr(import.meta.url);",
      },
    });
    return outfile;
  })();
  return built;
}

const made: string[] = [];

/** A folder for a test's programs, gone when the tests end. */
export function makeFolder(name: string): string {
  const folder = realpathSync(mkdtempSync(join(tmpdir(), `test-${name}-`)));
  if (made.length === 0) {
    process.once('exit', () => {
      for (const each of made) rmSync(each, { recursive: true, force: true });
    });
  }
  made.push(folder);
  return folder;
}

/** Writes programs, named relative to `folder`. */
export function writePrograms(folder: string, programs: Readonly<Record<string, string>>): void {
  for (const [name, text] of Object.entries(programs)) {
    mkdirSync(dirname(join(folder, name)), { recursive: true });
    writeFileSync(join(folder, name), text);
  }
}

/** Profiles one way in `cwd` through the host, and waits for its end. */
export async function host(cwd: string, way: Way, options: HostOptions = {}): Promise<Hosted> {
  const hostPath = await builtHost();
  const asked: HostRequest = {
    request: {
      way,
      functions: [],
      intervalMicros: 500,
      hits: 'none',
      node: process.execPath,
      timeoutMillis: null,
      cwd,
      env: {},
      ...options.request,
    },
    collectFolder,
    purposes: options.purposes ?? ['time'],
    counters: options.counters ?? null,
    abortAfterMillis: options.abortAfterMillis ?? null,
    graceMillis: options.graceMillis ?? null,
  };
  const resultFile = join(makeFolder('result'), 'result.json');
  const { stdin } = options;
  const stdio: StdioOptions = [typeof stdin === 'number' ? stdin : 'pipe', 'pipe', 'pipe'];
  const child = spawn(process.execPath, [hostPath, JSON.stringify(asked), resultFile], {
    stdio,
    env: { ...process.env, NODE_OPTIONS: '', ...options.env },
  });
  options.onHost?.(child);
  if (typeof stdin === 'string') child.stdin!.end(stdin);
  let stdout = '';
  let stderr = '';
  child.stdout!.setEncoding('utf8').on('data', (text: string) => {
    stdout += text;
  });
  child.stderr!.setEncoding('utf8').on('data', (text: string) => {
    stderr += text;
  });
  const code = await new Promise((done) => child.once('close', (exit, signal) => done(exit ?? signal)));
  child.stdin?.destroy();
  if (code !== 0) throw new Error(`the host ended with ${String(code)}: ${stderr}`);
  const results = JSON.parse(readFileSync(resultFile, 'utf8')) as HostResult[];
  return { stdout, stderr, results, result: results.at(-1)! };
}

/** `run` of a script. */
export const runWay = (script: string, ...args: string[]): Way => ({ kind: 'run', script, args });

/** `call` of an expression, so many times. */
export const callWay = (file: string, expression: string, times = 1): Way => ({
  kind: 'call',
  file,
  expression,
  repeat: { kind: 'times', times },
});

/** `exec` of a command. */
export const execWay = (...command: string[]): Way => ({ kind: 'exec', command });

/** Whether the running Node strips types itself. */
export const stripsTypes = Boolean((process.features as { typescript?: unknown }).typescript);
