import type * as Crypto from 'node:crypto';
import { createRequire } from 'node:module';
import { dirname, isAbsolute, sep } from 'node:path';
import { pathToFileURL } from 'node:url';
import { MessageChannel, type MessagePort, receiveMessageOnPort } from 'node:worker_threads';
import {
  type CollectorPlan,
  type CountersPlan,
  editsFileName,
  PROTOCOL_VERSION,
  type ScriptEdits,
  type ScriptHits,
  type ScriptTarget,
} from '../protocol/collector.ts';
import { type MemoryReading, type MemoryScript, memoryFileName } from '../protocol/memory.ts';
import type { CountedScript, InstrumentedText, Instrumenter } from './instrumenter.ts';
import { MOST_NUMBERS } from './memory-state.ts';
import { pathOfUrl } from './modules.ts';
import { type CountersResult, writeReading } from './readings.ts';

/** Name of the one array of counts of a thread; instrumented code says `__lineprof_h[12]++`. */
export const COUNTS_GLOBAL = '__lineprof_h';

/** Room for counters: 8 MB of address space, of which only the pages in use become memory. */
const MAX_COUNTERS = 1 << 20;

/** Puts counters into texts. */
export interface Editor {
  /** Whether `edit` may change a text of this file name (a path or `file:` URL). */
  wants(fileName: string): boolean;
  /** The text with counters in its chosen functions, or as it is. `mapped`: its source map is known, without its saying so. */
  edit(fileName: string, text: string, mapped?: boolean): string;
}

/** The counters of one thread. */
export interface Counters extends CountersResult, Editor {
  /** The array that instrumented code counts into. */
  readonly counts: Float64Array<SharedArrayBuffer>;
  /** What a hooks thread needs to put counters of this thread into texts; their tables arrive here. */
  remote(): RemoteCountersData;
  /** Also tells `listener` of every script that is counted from now on. */
  follow(listener: (script: CountedScript) => void): void;
  /** The texts that were changed until now. */
  sources(): readonly CountedScript[];
  /** One element: how many numbers were given to counters. */
  readonly used: Int32Array<SharedArrayBuffer>;
  /** The scripts that are counted, those changed on a hooks thread included. */
  tables(): readonly CountedScript[];
  /** Takes `count` numbers in a row for other use; gives the first. */
  allot(count: number): number;
}

/** Crosses over to a hooks thread. `port` must be transferred. */
export interface RemoteCountersData {
  readonly counts: SharedArrayBuffer;
  readonly next: SharedArrayBuffer;
  readonly port: MessagePort;
  readonly thread: number;
}

/** Counters of the thread that this runs on. */
export function makeCounters(plan: CollectorPlan, thread: number, problems: string[]): Counters {
  const counts = new Float64Array(new SharedArrayBuffer(MAX_COUNTERS * Float64Array.BYTES_PER_ELEMENT));
  // Jest looks at every value of every global before its tests, but for those that say they are looked after.
  Object.defineProperty(counts, Symbol.for('$$jest-protect-from-deletion'), { value: ['length'] });
  Object.defineProperty(globalThis, COUNTS_GLOBAL, { value: counts, configurable: true, writable: true });
  const next = new SharedArrayBuffer(Int32Array.BYTES_PER_ELEMENT);
  const scripts: CountedScript[] = [];
  const ports: MessagePort[] = [];
  const listeners: ((script: CountedScript) => void)[] = [];
  const add = (script: CountedScript): void => {
    scripts.push(script);
    for (const listener of listeners) listener(script);
  };
  const editor = makeEditor(plan, next, thread, problems, add);
  const all = (): readonly CountedScript[] => {
    for (const port of ports) {
      for (let got = receiveMessageOnPort(port); got; got = receiveMessageOnPort(port)) {
        add(got.message as CountedScript);
      }
    }
    return scripts;
  };
  return {
    ...editor,
    counts,
    used: new Int32Array(next),
    remote() {
      const { port1, port2 } = new MessageChannel();
      port1.unref();
      ports.push(port1);
      return { counts: counts.buffer as SharedArrayBuffer, next, port: port2, thread };
    },
    follow: (listener) => void listeners.push(listener),
    tables: all,
    allot: (count) => Atomics.add(new Int32Array(next), 0, count),
    sources: all,
    scripts: () => all().map((script) => hitsOf(plan, script, counts)),
  };
}

/** Counters put into texts on another thread than the one that runs them; `onScript` is told of each too. */
export function makeRemoteCounters(
  plan: CollectorPlan,
  data: RemoteCountersData,
  onScript: (script: CountedScript) => void,
): Editor {
  data.port.unref();
  return makeEditor(plan, data.next, data.thread, [], (script) => {
    data.port.postMessage(script);
    onScript(script);
  });
}

function makeEditor(
  plan: CollectorPlan,
  nextBuffer: SharedArrayBuffer,
  thread: number,
  problems: string[],
  onScript: (script: CountedScript) => void,
): Editor {
  const counters = plan.counters!;
  const next = new Int32Array(nextBuffer);
  const targets = targetsByPath(counters);
  const edited = new Set<string>();
  const wants = (fileName: string): boolean => {
    const path = fileName.startsWith('file:') ? pathOfUrl(fileName) : fileName;
    if (path === null) return false;
    return targets === null ? isOwnCode(plan, path) : targets.has(path);
  };
  return {
    wants,
    edit(fileName, text, mapped = false) {
      if (!wants(fileName)) return text;
      if (counters.level === 'windows' && !MAYBE_MARKS.test(text)) return text;
      const path = pathOfUrl(fileName) ?? fileName;
      const textHash = hashOf(text);
      // A text that has been through here already (loader first, then _compile) is left alone.
      if (edited.has(textHash)) return text;
      const target = targets === null ? null : findTarget(targets.get(path)!, text, textHash);
      if (target === undefined) return text;
      try {
        let first = 0;
        const result = instrumenter(plan).instrument(text, path, counters, target, mapped, (count) => {
          first = Atomics.add(next, 0, count);
          if (first + count > (counters.level === 'memory' ? MOST_NUMBERS : MAX_COUNTERS))
            throw new Error('too many counters');
          return first;
        });
        if (result === null) return text;
        const editedHash = hashOf(result.text);
        edited.add(editedHash);
        const hashes = { textHash: target?.textHash ?? textHash, editedHash };
        const { insertions, functions, source } = result;
        if (counters.level === 'memory')
          writeMemoryScript(plan, thread, first, path, hashes.textHash, text, result);
        if (counters.level !== 'windows') writeEdits(plan, { path, ...hashes, insertions });
        onScript({ path, ...hashes, original: text, insertions, functions, ...(source && { source }) });
        return result.text;
      } catch (error) {
        const lost = counters.level === 'windows' ? 'marks not seen' : 'hits not counted';
        problems.push(`${path}: ${lost}: ${error instanceof Error ? error.message : String(error)}`);
        return text;
      }
    },
  };
}

/** Cheaper than to parse every file of a program. */
const MAYBE_MARKS = /@profile\b|\blineprof\b/;

/** At once, as the program may be killed: its log then still leads back to the text as it was loaded. */
function writeEdits(plan: CollectorPlan, edits: Omit<ScriptEdits, 'version'>): void {
  const reading: ScriptEdits = { version: PROTOCOL_VERSION, ...edits };
  writeReading(plan.folder, editsFileName(edits.editedHash), reading);
}

/** At once, for the same reason: what the program's readings mean. */
function writeMemoryScript(
  plan: CollectorPlan,
  thread: number,
  first: number,
  path: string,
  textHash: string,
  text: string,
  { functions }: InstrumentedText,
): void {
  const { pid } = process;
  const script = { path, textHash, text, ...(functions[0] as Pick<MemoryScript, 'functions' | 'points'>) };
  const reading: MemoryReading = { version: PROTOCOL_VERSION, pid, thread, script };
  writeReading(plan.folder, memoryFileName(pid, thread, first), reading);
}

/** Scripts that are to be counted, by path; null: all own code may hold chosen functions. */
function targetsByPath({ target }: CountersPlan): ReadonlyMap<string, readonly ScriptTarget[]> | null {
  if (target.kind === 'selectors') return null;
  const byPath = new Map<string, ScriptTarget[]>();
  for (const script of target.scripts) {
    const same = byPath.get(script.path);
    if (same === undefined) byPath.set(script.path, [script]);
    else same.push(script);
  }
  return byPath;
}

/** Node names the source of a file whose types it stripped in a last line, in one run as a path, in the other as a URL. */
const SOURCE_URL = /\n\n\/\/# sourceURL=[^\n]*$/;

function findTarget(
  targets: readonly ScriptTarget[],
  text: string,
  textHash: string,
): ScriptTarget | undefined {
  const exact = targets.find((target) => target.textHash === textHash);
  if (exact !== undefined || !SOURCE_URL.test(text)) return exact;
  const bare = text.replace(SOURCE_URL, '');
  return targets.find(({ path, textHash: hash }) =>
    [path, pathToFileURL(path).href].some((name) => hashOf(`${bare}\n\n//# sourceURL=${name}`) === hash),
  );
}

function isOwnCode(plan: CollectorPlan, path: string): boolean {
  return (
    isAbsolute(path) &&
    !path.includes(`${sep}node_modules${sep}`) &&
    !path.startsWith(dirname(plan.preload) + sep)
  );
}

/** The counts of one script, out of its thread's array. */
export function hitsOf(plan: CollectorPlan, script: CountedScript, counts: Float64Array): ScriptHits {
  const { path, textHash, original, functions } = script;
  return { path, textHash, text: original, functions: instrumenter(plan).readCounts(functions, counts) };
}

let crypto: typeof Crypto | null = null;

function hashOf(text: string): string {
  // Loaded when the first text is counted: it costs a program's start more than the rest of the preload.
  crypto ??= createRequire(process.execPath)('node:crypto') as typeof Crypto;
  return crypto.createHash('sha1').update(text).digest('hex');
}

let loaded: Instrumenter | null = null;

function instrumenter(plan: CollectorPlan): Instrumenter {
  loaded ??= createRequire(plan.preload)('./instrument.cjs') as Instrumenter;
  return loaded;
}
