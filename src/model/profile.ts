import type { FunctionMemory, LineMemory, MemoryFacts } from './memory.ts';

/**
 * The finished profile: what every view reads and what `--json` writes ("lineprof/1").
 * Lines are 1-based, columns 0-based, times in microseconds. Null means "not measured", never 0;
 * the reason then stands in a note of the function or of the run.
 */
export interface Profile {
  readonly format: 'lineprof/1';
  readonly run: RunFacts;
  /** The chosen functions, hottest first unless chosen by selector (then in the order of the selectors). */
  readonly functions: readonly FunctionProfile[];
  /** Functions by call path, from the program's root; own code, packages, node: and builtins alike. */
  readonly tree: CallTree;
  /** There when memory was read and not time: times are then null and samples 0. */
  readonly memory?: MemoryFacts;
}

/** Where the machine was when a sample was taken, for a line's leaf: what V8 was running for it. */
export const WHERES = ['interpreted', 'baseline', 'maglev', 'turbofan', 'builtin', 'native', 'gc'] as const;
export type Where = (typeof WHERES)[number];

/** Samples split by where they fell; a key without samples is left out. */
export type WhereCounts = Readonly<Partial<Record<Where, number>>>;

/** A function's place in the user's source. `line`…`endLine` inclusive, 1-based; `column` 0-based. */
export interface FunctionPlace {
  /** Qualified as in source: `Class.method`, `outer.inner`, `(anonymous)` parts as `<anonymous>`. */
  readonly name: string;
  /** Relative to the run's cwd with forward slashes where it lies inside it, else absolute. */
  readonly file: string;
  readonly line: number;
  readonly column: number;
  readonly endLine: number;
}

/** One function with one entry for each of its lines, functions written inside it included. */
export interface FunctionProfile extends FunctionPlace {
  /** Times the function was entered, exact; null when hits were not counted. */
  readonly calls: number | null;
  /** The same from the timed run, where it was counted there too; null when it was not. */
  readonly callsInTimedRun: number | null;
  /** Time of the samples whose innermost frame lies in the function's lines. */
  readonly selfMicros: number | null;
  /** Time of the samples with any line of the function on the stack. */
  readonly totalMicros: number | null;
  /** Samples behind `totalMicros`. */
  readonly samples: number;
  /** Samples behind `selfMicros`. */
  readonly selfSamples: number;
  readonly lines: readonly LineStats[];
  /** There when memory was read; null: the function was not read. */
  readonly memory?: FunctionMemory | null;
  /** Why numbers are missing or not to be trusted, in words; empty when all is well. */
  readonly notes: readonly string[];
}

/** One line of a function. */
export interface LineStats {
  readonly line: number;
  /** The line as it stood in the source when it was profiled, without its line end. */
  readonly text: string;
  /** Times the line was run; 0: never; null: holds no code, or not counted. */
  readonly hits: number | null;
  /** Samples in which the line itself was running; builtins and native calls belong to the line that called them. */
  readonly selfSamples: number;
  /** Samples in which the line was on the stack; once a sample, recursion or not. */
  readonly samples: number;
  readonly selfMicros: number | null;
  readonly totalMicros: number | null;
  /** `samples` as a share of the function's samples, 0 to 100; null without samples in the function. */
  readonly percent: number | null;
  /** Half-width of the Wilson 95 % interval of `percent`, in points. */
  readonly percentMargin: number | null;
  /** Bounds of that interval, in percent. */
  readonly percentLow: number | null;
  readonly percentHigh: number | null;
  /** `samples` split by where the innermost frame was. */
  readonly where: WhereCounts;
  /** The functions called from this line, most samples first. */
  readonly calls: readonly LineCall[];
  /** Null but in memory runs, and there where no statement starts on the line, or none ran. */
  readonly memory: LineMemory | null;
}

/** A function called from a line: nearest JavaScript callee, through builtins. */
export interface LineCall {
  readonly name: string;
  /** As of functions; null, as line and column are, for what has no source (code within Node). */
  readonly file: string | null;
  readonly line: number | null;
  readonly column: number | null;
  readonly samples: number;
  /** Share of the line's samples, 0 to 100. */
  readonly percent: number;
}

/** The call tree, functions not lines: nodes in preorder, `parent` an index before its own (root: -1). */
export interface CallTree {
  readonly frames: readonly TreeFrame[];
  readonly nodes: readonly TreeNode[];
}

export type FrameKind = 'own' | 'package' | 'node' | 'builtin' | 'native' | 'root';

/** A function in the tree. `file`, `line`, `column` are null for builtins, native code and the root. */
export interface TreeFrame {
  readonly name: string;
  readonly kind: FrameKind;
  readonly file: string | null;
  readonly line: number | null;
  readonly column: number | null;
}

/** `frame` indexes `frames`; `samples` includes descendants. */
export interface TreeNode {
  readonly frame: number;
  readonly parent: number;
  readonly selfSamples: number;
  readonly samples: number;
}

/** What was run, on what, and how well it was measured. */
export interface RunFacts {
  /** As the user would type it. */
  readonly command: readonly string[];
  readonly cwd: string;
  /** `v24.21.0` */
  readonly node: string;
  readonly v8: string;
  /** ISO 8601, UTC. */
  readonly startedAt: string;
  /** Wall time of the timed run, launch to exit. */
  readonly realMicros: number;
  /** CPU time of the profiled processes; null when none left its readings (killed). */
  readonly userMicros: number | null;
  readonly systemMicros: number | null;
  readonly maxRssBytes: number | null;
  /** The program's own exit code; null when a signal ended it. */
  readonly exitCode: number | null;
  readonly signal: string | null;
  /** Why the run was cut short, or null: it ended by itself. */
  readonly stopped: 'timeout' | 'cancelled' | null;
  /** Sampling interval asked for, and the mean one seen between consecutive busy samples. */
  readonly requestedIntervalMicros: number;
  readonly intervalMicros: number;
  /** Samples taken while the program ran, the profiler's own and idle ones left out. */
  readonly samples: number;
  /** Of these, samples in JavaScript code whose position V8 does not know; never spread over lines. */
  readonly unplacedSamples: number;
  /** Of these, samples with no JavaScript on the stack (start-up, event loop, GC before any code). */
  readonly outsideSamples: number;
  /** Of these, samples whose stack was deeper than V8 records (255 frames); their outermost callers are unknown. */
  readonly cutSamples: number;
  /** Samples of the profiler's own work, not among `samples`. */
  readonly overheadSamples: number;
  /** Evaluations of the expression in a `call`; null for other ways. */
  readonly repeats: number | null;
  readonly hits: 'second-run' | 'single-run' | 'none';
  /**
   * Absent: a line's time holds what it called. `self`: lines have self time alone (an imported .cpuprofile), so
   * their `totalMicros` is null and `samples` and `percent` are of their self samples. `functions`: lines have no
   * time at all.
   */
  readonly times?: 'self' | 'functions';
  readonly processes: readonly ProcessFacts[];
  /** What the reader should know about the whole run, in words. */
  readonly notes: readonly string[];
}

/** One isolate: a process's main thread (`thread` 0) or a worker. */
export interface ProcessFacts {
  readonly pid: number;
  readonly thread: number;
  readonly command: string;
  readonly samples: number;
  /** The profile's functions with this isolate's numbers alone, same order; there when asked for. */
  readonly functions?: readonly FunctionProfile[];
}
