import type { MemoryPlan } from './memory.ts';

/**
 * The border between the engine and what runs inside the user's Node (`collect/`).
 * Out: one `CollectorPlan` in `<folder>/plan.json`, whose path is in the environment variable `PLAN_ENV`.
 * Back: files in `folder`: V8 logs (`*.log`), one `process-<pid>-<thread>.json` (`ProcessReading`) and, when
 * counters were asked for, one `hits-<pid>-<thread>.json` (`HitsReading`) for each thread that ran, and one
 * `edits-<hash>.json` (`ScriptEdits`) for each text that got counters, and one `map-<hash>.json` (`SavedMap`) for
 * each text whose source map only its loader knew. Everything is JSON, stamped with `PROTOCOL_VERSION` and written
 * whole (temporary name, then rename): hits at the end, edits and maps when the text is loaded, a process's reading
 * when it starts, without its costs, and again when it ends.
 */
export const PROTOCOL_VERSION = 1;

/** Names of the files that a thread leaves; see the top of this file. */
export const hitsFileName = (pid: number, thread: number): string => `hits-${pid}-${thread}.json`;
export const editsFileName = (editedHash: string): string => `edits-${editedHash}.json`;
export const savedMapName = (textHash: string): string => `map-${textHash}.json`;
export const processFileName = (pid: number, thread: number): string => `process-${pid}-${thread}.json`;

/** Environment variable that holds the absolute path of the plan. */
export const PLAN_ENV = 'LINEPROF_PLAN';

/** Name of the plan inside the run's folder. */
export const PLAN_FILE = 'plan.json';

/**
 * Every thread of the run compiles one empty script of this name with the thread's number after it, so that
 * its V8 log says whose it is (`script-source,<id>,lineprof:thread:2,…`), even if the thread never ends itself.
 */
export const THREAD_MARK = 'lineprof:thread:';

/**
 * Empty files in the folder. `node-<pid>`: a Node process of the run, which a signal ends. `handled-<pid>`: it
 * has had a handler of its own for such a signal, and ends when it likes.
 */
export const NODE_PREFIX = 'node-';
export const HANDLED_PREFIX = 'handled-';

export interface CollectorPlan {
  readonly version: typeof PROTOCOL_VERSION;
  /** Absolute path of the run's temporary folder. */
  readonly folder: string;
  /** Absolute path of the preload, for the children's command lines. */
  readonly preload: string;
  /** Node flags that every Node process of the run is started with (V8's log and the preload included). */
  readonly nodeFlags: readonly string[];
  /** Those of them that the preload adds to workers which bring their own `execArgv`. */
  readonly workerFlags: readonly string[];
  /** Folder of the `node` that stands for the real one on PATH. */
  readonly shimFolder: string;
  /** How TypeScript gets loaded where Node cannot do it alone. */
  readonly typescript: TypeScriptLoading;
  readonly counters: CountersPlan | null;
  /** Read the heap between the statements that `counters` (level `memory`) chooses; absent: no. */
  readonly memory?: MemoryPlan | null;
  readonly call: CallPlan | null;
}

/**
 * - `own`: Node strips types where it can, our bundled transpiler does the rest (and .tsx, .jsx).
 * - `project`: the project's tsx or ts-node is on the command line and does all of it.
 * - `none`: not ours to care for (the program is JavaScript, or a command that works by itself).
 */
export type TypeScriptLoading = 'own' | 'project' | 'none';

export interface CountersPlan {
  /**
   * `calls`: one counter at each function's entry; `lines`: every statement, test and branch; `memory`: readings
   * of the heap before every statement (protocol/memory.ts); `windows`: no counters, but what tells
   * `lineprof/register` when a marked function runs.
   */
  readonly level: 'calls' | 'lines' | 'memory' | 'windows';
  readonly target: CountersTarget;
}

/**
 * Which functions get counters.
 * - `ranges`: those of these exact script texts (known from the timed run's log), by their start offsets.
 * - `selectors`: found while loading, by selector or, when there is none, by mark.
 */
export type CountersTarget =
  | { readonly kind: 'ranges'; readonly scripts: readonly ScriptTarget[] }
  | {
      readonly kind: 'selectors';
      readonly selectors: readonly string[];
      readonly cwd: string;
      /** Chosen besides: what a memory run reads when nothing turns out to be marked. */
      readonly also?: readonly string[];
    };

export interface ScriptTarget {
  /** Absolute path of the loaded file. */
  readonly path: string;
  /** SHA-1 (hex) of the text as loaded, UTF-8. */
  readonly textHash: string;
  /** [start, end) offsets (UTF-16) of the chosen functions in that text. */
  readonly ranges: readonly (readonly [number, number])[];
  /** The text has a source map: branches on one line may be different lines of the original. */
  readonly mapped: boolean;
}

export interface CallPlan {
  /** Absolute path of the module in whose scope the expression runs. */
  readonly file: string;
  readonly expression: string;
  /** The expression holds an `await` of its own. */
  readonly awaits: boolean;
  readonly repeat:
    | { readonly kind: 'times'; readonly times: number }
    | {
        /** Until so much wall time has passed, or so much of it not spent waiting, if that comes first (null: never). */
        readonly kind: 'millis';
        readonly millis: number;
        readonly busyMillis: number | null;
      };
}

/** What one thread leaves; costs and exit code are null if it did not come to write them at its end. */
export interface ProcessReading {
  readonly version: typeof PROTOCOL_VERSION;
  readonly pid: number;
  readonly ppid: number;
  /** 0: main thread. */
  readonly thread: number;
  readonly argv: readonly string[];
  readonly nodeVersion: string;
  readonly v8Version: string;
  /** Of the whole process; null in workers. */
  readonly userMicros: number | null;
  readonly systemMicros: number | null;
  readonly maxRssBytes: number | null;
  readonly exitCode: number | null;
  /** Evaluations begun by the call driver; null elsewhere. */
  readonly repeats: number | null;
  /** Failures of the collector itself, in words; the program went on. */
  readonly problems: readonly string[];
}

/** How a script's text was changed, so that offsets in V8's log lead back to the text as loaded. */
export interface ScriptEdits {
  readonly version: typeof PROTOCOL_VERSION;
  readonly path: string;
  /** SHA-1 (hex) of the text that V8 compiled, and of the text as loaded. */
  readonly editedHash: string;
  readonly textHash: string;
  /** Insertions in ascending order: [offset in the text as loaded, inserted length]. */
  readonly insertions: readonly (readonly [number, number])[];
}

/** A source map that was only in a loader's memory; its file is named after the SHA-1 (hex) of the text as loaded. */
export interface SavedMap {
  readonly version: typeof PROTOCOL_VERSION;
  /** Path or `file:` URL that relative sources start from, as the loader names it; null: the script's own. */
  readonly url: string | null;
  /** The map's JSON. */
  readonly map: string;
}

export interface HitsReading {
  readonly version: typeof PROTOCOL_VERSION;
  readonly pid: number;
  readonly thread: number;
  readonly scripts: readonly ScriptHits[];
}

/** Counts of one script, as nested ranges: an offset's count is that of the innermost range that holds it. */
export interface ScriptHits {
  readonly path: string;
  readonly textHash: string;
  /** The text as loaded (before counters), so that a result does not depend on the file staying as it was. */
  readonly text: string;
  readonly functions: readonly FunctionHits[];
}

export interface FunctionHits {
  /** [start, end) in the text as loaded; the same offsets V8 gives the function. */
  readonly start: number;
  readonly end: number;
  readonly calls: number;
  /** [start, end, count]; sorted by start, outer before inner. Empty at level `calls`. */
  readonly ranges: readonly (readonly [number, number, number])[];
}
