/**
 * Why a program is started: to sample its time, to count its hits, both at once, or to read its memory.
 * `memory-again`, `objects` and `timeline`: the program again, to read its memory counting objects, for heap
 * snapshots, for memory over time.
 * `recount`: to count hits with ES modules kept away from `require`, where this Node has no hook for what those
 * import.
 */
export type LaunchPurpose =
  | 'time'
  | 'count'
  | 'recount'
  | 'single'
  | 'memory'
  | 'memory-again'
  | 'objects'
  | 'timeline';

/**
 * One program about to be started. The folder does not exist yet; launch/ makes it, writes `files` into it,
 * and the program's readings appear there.
 */
export interface LaunchPlan {
  readonly purpose: LaunchPurpose;
  readonly command: string;
  readonly args: readonly string[];
  /** Absolute path. */
  readonly cwd: string;
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Absolute path of this launch's own folder, inside the run's folder. */
  readonly folder: string;
  readonly files: readonly LaunchFile[];
  readonly stdin: StdinPolicy;
  /** `inherit`: stdout and stderr are Lineprof's own; `discard`: nobody sees them. */
  readonly output: 'inherit' | 'discard';
  /** Stop the program after this long; null: never. */
  readonly timeoutMillis: number | null;
}

/** A file that the program needs, named relative to the plan's folder. */
export interface LaunchFile {
  readonly name: string;
  readonly text: string;
  readonly executable: boolean;
}

/**
 * - `inherit`: Lineprof's own stdin.
 * - `record`: the same, and what is read from a pipe is kept in `file` for a second run.
 * - `replay`: what the first run was given, from `file`; nothing when stdin was a terminal.
 */
export type StdinPolicy =
  | { readonly kind: 'inherit' }
  | { readonly kind: 'record'; readonly file: string }
  | { readonly kind: 'replay'; readonly file: string };
