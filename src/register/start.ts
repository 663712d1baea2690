import { realpathSync } from 'node:fs';
import { dirname, join, sep } from 'node:path';
import { BroadcastChannel } from 'node:worker_threads';
import { makeCounters } from '../collect/counters.ts';
import { catchSignals, onEnd } from '../collect/end.ts';
import { hookLoaders } from '../collect/loader.ts';
import { inWorker, threadNumber } from '../collect/thread.ts';
import { type CollectorPlan, PROTOCOL_VERSION } from '../protocol/collector.ts';
import { REGISTER_SYMBOL, type RegisterHook, WINDOWS_GLOBAL } from '../protocol/register.ts';
import { makeAggregate } from './aggregate.ts';
import { scriptKey } from './files.ts';
import { makeMarked } from './marked.ts';
import type { RegisterOptions } from './options.ts';
import { makeRecorder } from './recorder.ts';
import { chooseSampler } from './samplers/choose.ts';
import { clockMicros } from './samplers/sampler.ts';
import { openSession } from './session.ts';
import { tell, tellOnce } from './tell.ts';
import { makeWindows } from './windows.ts';
import { makeMark } from './wrap.ts';
import { makeWriter } from './writer.ts';

/** Set while a thread for loader hooks is started, which loads register too and must be left alone. */
export const HOOKS_ENV = 'LINEPROF_REGISTER_HOOKS';

/** Everything of one thread, from here to its end. `file` is the bundle that this runs in. */
export function startRegister(options: RegisterOptions, file: string): void {
  const thread = threadNumber();
  const session = openSession();
  const late = !inWorker && !isPreloaded(file) && isLate(session.urls());
  if (late) tell(LATE);
  const now = clockMicros();
  const problems: string[] = [];
  const plan = planOf(file);
  const counters = makeCounters(plan, thread, problems);
  const marked = makeMarked(counters, session);
  const aggregate = makeAggregate(marked.isMarked, (url) => url !== '' && scriptKey(url) === file);
  const sampler = chooseSampler(options, { session: session.session, file, late });
  const windows = makeWindows({ now, onOpen: () => recorder.wake(), onBusy: () => recorder.look() });
  const recorder = makeRecorder({
    sampler,
    windows,
    aggregate,
    now,
    beforeStart: () => options.hits && session.startCoverage(),
  });
  const writer = makeWriter({
    options,
    thread,
    sampler,
    windows,
    aggregate,
    marked,
    recorder,
    session,
    file,
  });
  const flush = (exitCode: number | null = null): void => {
    for (const problem of problems.splice(0)) tellOnce(problem);
    writer.write(exitCode);
  };

  define(WINDOWS_GLOBAL, windows.calls);
  const mark = makeMark({
    calls: windows.calls,
    add(fn) {
      recorder.wake();
      return marked.add(fn);
    },
    isWindowed: marked.isWindowed,
    refuse: (what) =>
      tellOnce(`profile marks ${what}, which is no function: it is left as it is${callerOf(file)}.`),
  });
  const hook: RegisterHook = { file, mark, flush: () => flush() };
  define(Symbol.for(REGISTER_SYMBOL), hook);

  process.env[HOOKS_ENV] = '1';
  try {
    const folder = dirname(file) + sep;
    hookLoaders(
      plan,
      { ...counters, wants: (name) => !scriptKey(name).startsWith(folder) && counters.wants(name) },
      problems,
    );
  } finally {
    delete process.env[HOOKS_ENV];
  }
  onEnd((code) => {
    flush(code);
    writer.end();
  });
  if (!inWorker) {
    catchSignals(null, () => {
      flush();
      writer.end();
    });
    if (process.platform !== 'win32') process.on('SIGUSR2', () => flushAll(flush));
  }
  if (inWorker) {
    const channel = new BroadcastChannel(CHANNEL);
    channel.onmessage = () => flush();
    channel.unref();
  }
  if (options.everySeconds !== null) setInterval(flush, options.everySeconds * 1000, null).unref();
}

/** Workers, which hear no signals, are told here to write their results. */
const CHANNEL = 'lineprof register flush';

function flushAll(flush: () => void): void {
  flush();
  const channel = new BroadcastChannel(CHANNEL);
  channel.unref();
  channel.postMessage(null);
  // A message to a port that closes at once may be lost.
  setTimeout(() => channel.close(), 1000).unref();
}

function define(key: string | symbol, value: unknown): void {
  Object.defineProperty(globalThis, key, { value, configurable: true, writable: true, enumerable: false });
}

/** As the collector's loader hooks have it: no TypeScript of ours, windows put into the texts with marks. */
function planOf(file: string): CollectorPlan {
  return {
    version: PROTOCOL_VERSION,
    folder: '',
    preload: join(dirname(file), 'collect', 'preload.cjs'),
    nodeFlags: [],
    workerFlags: [],
    shimFolder: '',
    typescript: 'none',
    counters: { level: 'windows', target: { kind: 'selectors', selectors: [], cwd: process.cwd() } },
    call: null,
  };
}

const LATE =
  'register was loaded late, after the program: /** @profile */ comments in files loaded before are not seen. Start it with node --import lineprof/register.';

/** Whether Node was told to load us first; to ask V8 which scripts it has costs memory. */
function isPreloaded(file: string): boolean {
  const flags = [...process.execArgv, ...(process.env['NODE_OPTIONS'] ?? '').split(/\s+/)];
  return flags.some((flag, at) => {
    const [, name, joined] = /^(--import|--require|-r)(?:=(.*))?$/.exec(flag) ?? [];
    const loaded = name === undefined ? '' : (joined ?? flags[at + 1] ?? '').replace(/^"|"$/g, '');
    return loaded === 'lineprof/register' || (loaded !== '' && scriptKey(loaded) === file);
  });
}

/** Whether the program's own code was compiled before us. */
function isLate(urls: ReadonlyMap<string, string>): boolean {
  const main = process.argv[1];
  if (main === undefined) return false;
  let path = main;
  try {
    path = realpathSync(main);
  } catch {
    // A name without its ending: as it is.
  }
  return [...urls.values()].some((url) => scriptKey(url) === path);
}

/** ` (file:line)` of the user's code that marked something. */
function callerOf(file: string): string {
  const lines = (new Error().stack ?? '').split('\n').slice(1);
  const frame = lines.find((line) => !line.includes(dirname(file)) && !line.includes('node:'));
  const place = /\(?((?:file:\/\/)?[^()\s]+:\d+):\d+\)?$/.exec(frame ?? '')?.[1];
  return place === undefined ? '' : ` (${scriptKey(place)})`;
}
