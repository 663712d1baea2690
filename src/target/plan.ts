import { realpathSync, statSync } from 'node:fs';
import { delimiter, extname, join, resolve } from 'node:path';
import { ProfileError } from '../model/error.ts';
import type { LaunchFile, LaunchPlan, LaunchPurpose } from '../model/launch.ts';
import type { ProfileRequest, Way } from '../model/request.ts';
import {
  type CallPlan,
  type CollectorPlan,
  type CountersPlan,
  PLAN_ENV,
  PLAN_FILE,
  PROTOCOL_VERSION,
} from '../protocol/collector.ts';
import type { MemoryPlan } from '../protocol/memory.ts';
import { checkExpression } from './expression.ts';
import { logFlags } from './flags.ts';
import { memoryFlags } from './memory-flags.ts';
import type { NodeInfo } from './node.ts';
import { nodeShims, SHIM_FOLDER } from './shim.ts';
import { planTypeScript, type TypeScriptPlan } from './typescript.ts';

/** What a plan is made of, beside the request. */
export interface PlanOptions {
  /** Absolute path of the run's folder (launch/folder.ts); every launch gets its own folder inside. */
  readonly folder: string;
  /** Absolute path of the built collector (`dist/collect`). */
  readonly collectFolder: string;
  readonly purpose: LaunchPurpose;
  readonly counters: CountersPlan | null;
  /** Evaluations of a `call`'s expression, known from the timed run; null: as the request says. */
  readonly repeats: number | null;
  readonly node: NodeInfo;
  /** For a run that reads memory. */
  readonly memory?: MemoryPlan;
}

/** Time that a short expression is repeated for when the request names none. */
export const DEFAULT_CALL_MILLIS = 3000;
/** Samples after which it need not be repeated any more. */
export const ENOUGH_SAMPLES = 2000;

/** The program has run before. */
const AGAIN: readonly LaunchPurpose[] = ['count', 'recount', 'memory-again', 'objects', 'timeline'];

/**
 * Turns a request into a program to start. The counting run keeps the log's flags away, as nobody reads it.
 * @throws ProfileError `file-not-found` for a script that is none, `bad-expression`.
 */
export function planLaunch(request: ProfileRequest, options: PlanOptions): LaunchPlan {
  const { way } = request;
  const { node, collectFolder, purpose } = options;
  const folder = launchFolder(options.folder, purpose);
  const isCounting = AGAIN.includes(purpose);
  const preload = join(collectFolder, 'preload.cjs');
  const script =
    way.kind === 'exec' ? null : findScript(way.kind === 'run' ? way.script : way.file, request.cwd);
  const typescript: TypeScriptPlan =
    script === null ? { loading: 'none', flags: [] } : planTypeScript(script, node, way.kind === 'run');
  const shared = [...flagsFor(purpose, folder, request, options), '--require', preload];
  const plan: CollectorPlan = {
    version: PROTOCOL_VERSION,
    folder,
    preload,
    nodeFlags: shared,
    workerFlags: ['--require', preload],
    shimFolder: join(folder, SHIM_FOLDER),
    typescript: typescript.loading,
    counters: options.counters,
    memory: options.memory ?? null,
    call: way.kind === 'call' ? planCall(way, script!, request.intervalMicros, options.repeats) : null,
  };
  const files: LaunchFile[] = [
    { name: PLAN_FILE, text: JSON.stringify(plan), executable: false },
    ...nodeShims(node.execPath, shared, process.platform),
  ];
  const recorded = join(options.folder, 'stdin');
  return {
    ...commandLine(way, script, node, [...shared, ...typescript.flags], collectFolder, request.cwd),
    purpose,
    cwd: request.cwd,
    env: {
      ...(way.kind === 'exec' ? withFirstOnPath(request.env, join(folder, SHIM_FOLDER)) : request.env),
      [PLAN_ENV]: join(folder, PLAN_FILE),
    },
    folder,
    files,
    stdin: isCounting
      ? { kind: 'replay', file: recorded }
      : request.hits === 'second-run'
        ? { kind: 'record', file: recorded }
        : { kind: 'inherit' },
    output: isCounting ? 'discard' : 'inherit',
    timeoutMillis: request.timeoutMillis,
  };
}

function flagsFor(
  purpose: LaunchPurpose,
  folder: string,
  request: ProfileRequest,
  { node, memory }: PlanOptions,
): readonly string[] {
  if (purpose === 'count' || purpose === 'objects' || purpose === 'timeline') return [];
  if (purpose === 'recount') return ['--no-experimental-require-module'];
  if (purpose === 'memory' || purpose === 'memory-again')
    return memory === undefined ? [] : memoryFlags(memory.youngMib, node);
  return logFlags(folder, request.intervalMicros, node);
}

/** Where a launch of a run leaves its readings, inside the run's folder. */
export function launchFolder(runFolder: string, purpose: LaunchPurpose): string {
  return join(runFolder, purpose);
}

function commandLine(
  way: Way,
  script: string | null,
  node: NodeInfo,
  flags: readonly string[],
  collectFolder: string,
  cwd: string,
): { readonly command: string; readonly args: readonly string[] } {
  switch (way.kind) {
    case 'run':
      return { command: node.execPath, args: [...flags, script!, ...way.args] };
    case 'call':
      return { command: node.execPath, args: [...flags, join(collectFolder, 'driver.cjs')] };
    case 'exec':
      // `node` means this one. What the command starts by that name finds ours on PATH.
      return isNode(way.command[0] ?? '', node.execPath, cwd)
        ? { command: node.execPath, args: [...flags, ...way.command.slice(1)] }
        : { command: way.command[0] ?? '', args: way.command.slice(1) };
  }
}

/** Whether a command is Node by name, or a path to this file. */
function isNode(command: string, file: string, cwd: string): boolean {
  if (command === 'node' || (process.platform === 'win32' && command.toLowerCase() === 'node.exe'))
    return true;
  if (!/[\\/]/.test(command)) return false;
  try {
    return realpathSync(resolve(cwd, command)) === realpathSync(file);
  } catch {
    return false;
  }
}

/**
 * Busy time in which V8 takes `ENOUGH_SAMPLES`: its real interval is some 110 µs longer than the one asked for
 * (measured: 205 for 100, 310 for 200, 1125 for 1000), and half as long again is for samples elsewhere and for busy machines.
 */
function enoughMillis(intervalMicros: number): number {
  return (1.5 * ENOUGH_SAMPLES * (intervalMicros + 110)) / 1000;
}

function planCall(
  way: Way & { kind: 'call' },
  file: string,
  intervalMicros: number,
  repeats: number | null,
): CallPlan {
  const { awaits } = checkExpression(way.expression, extname(file).endsWith('x'));
  const { repeat } = way;
  return {
    // The module is known to Node by its real path.
    file: realpathSync(file),
    expression: way.expression,
    awaits,
    repeat:
      repeats !== null
        ? { kind: 'times', times: repeats }
        : repeat.kind === 'times'
          ? { kind: 'times', times: repeat.times }
          : {
              kind: 'millis',
              millis: repeat.minMillis ?? DEFAULT_CALL_MILLIS,
              busyMillis: repeat.minMillis === null ? enoughMillis(intervalMicros) : null,
            },
  };
}

/** The absolute path of a script, found as `node script` finds it: endings and a folder's index left out. */
function findScript(script: string, cwd: string): string {
  const path = resolve(cwd, script);
  for (const ending of ['', '.js', '.cjs', '.mjs', '.ts', '/index.js']) {
    try {
      if (statSync(path + ending).isFile()) return path + ending;
    } catch {
      // Try the next.
    }
  }
  throw new ProfileError(
    'file-not-found',
    `no such file: ${script}`,
    `Give the path of a JavaScript or TypeScript file, from ${cwd}.`,
  );
}

function withFirstOnPath(
  env: Readonly<Record<string, string | undefined>>,
  folder: string,
): Record<string, string | undefined> {
  // Windows' variable names do not mind case: `Path` is the usual spelling.
  const key =
    process.platform === 'win32' ? (Object.keys(env).find((name) => /^path$/i.test(name)) ?? 'Path') : 'PATH';
  const before = env[key];
  return { ...env, [key]: before ? `${folder}${delimiter}${before}` : folder };
}
