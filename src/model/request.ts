/**
 * How a program is to be run.
 * - `run`: a script with its arguments, as `node script args…` would.
 * - `call`: an expression, evaluated in the scope of a module (its own, unexported names included) and awaited.
 * - `exec`: any command; the Node processes below it are profiled.
 */
export type Way =
  | { readonly kind: 'run'; readonly script: string; readonly args: readonly string[] }
  | { readonly kind: 'call'; readonly file: string; readonly expression: string; readonly repeat: Repeat }
  | { readonly kind: 'exec'; readonly command: readonly string[] };

/** How often `call` evaluates its expression: exactly `times`, or until `minMillis` have passed. */
export type Repeat =
  | { readonly kind: 'times'; readonly times: number }
  | { readonly kind: 'enough'; readonly minMillis: number | null };

/** What a run is to find out: the time of lines, or their memory in a run of its own. */
export type Measure = 'time' | 'memory';

/** What a memory run is to find out besides the lines, each in one more run of the program. */
export const MEMORY_DETAILS = ['all', 'objects', 'none'] as const;
/** `objects`: what stayed by constructor; `all`: that, and memory over time. */
export type MemoryDetails = (typeof MEMORY_DETAILS)[number];

/**
 * When hits are counted: in a second run (the default: counting cannot disturb time), in the same run as
 * time, or not at all.
 */
export type HitsMode = 'second-run' | 'single-run' | 'none';

/**
 * The interval asked of V8 unless the user says otherwise, in microseconds; the real one is longer. Each sample
 * interrupts the program: the shorter the interval, the slower it runs (`npm run bench -- --only intervals`).
 */
export const DEFAULT_INTERVAL_MICROS = 1000;

/** Everything a user asks for: what to run, which functions to look at, and how to measure. */
export interface ProfileRequest {
  readonly way: Way;
  /** Selectors as typed: `file.ts:name`, `Class.method`, `name`, or globs of these. Empty: marks, else hottest. */
  readonly functions: readonly string[];
  /** The sampling interval asked of V8, in microseconds; the real one is longer and is measured. */
  readonly intervalMicros: number;
  readonly hits: HitsMode;
  /** Path of the Node binary to run, or null for the one found on PATH. */
  readonly node: string | null;
  /** Stop the program after this long, in milliseconds; null: never. */
  readonly timeoutMillis: number | null;
  /** Absolute path. */
  readonly cwd: string;
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Fill `ProcessFacts.functions`, so that processes and threads can be told apart; absent: no. */
  readonly byProcess?: boolean;
}
