/**
 * The border between `lineprof` as user code imports it and `lineprof/register`, which are bundles of their own:
 * what register leaves under a global symbol. Without register there is nothing there, and marks cost nothing.
 */
export const REGISTER_SYMBOL = 'lineprof.register';

/** What `lineprof/register` offers to `profile` and `flush`. */
export interface RegisterHook {
  /** Absolute path of the register that is in charge. */
  readonly file: string;
  /** What `profile` gives back, as wrapper or as decorator of either kind. */
  mark(target: unknown, context: unknown, descriptor: PropertyDescriptor | undefined): unknown;
  /** Writes the result now. */
  flush(): void;
}

/** The register of this thread, or null. */
export function registerHook(): RegisterHook | null {
  const holder = globalThis as unknown as Record<symbol, RegisterHook | undefined>;
  return holder[Symbol.for(REGISTER_SYMBOL)] ?? null;
}

/** Name of the global through which functions changed in their source open and close their windows. */
export const WINDOWS_GLOBAL = '__lineprof_r';

/** The calls that source text is given; `hits/windows.ts` writes them, `register/windows.ts` is them. */
export interface WindowCalls {
  /** A module with marked functions begins to run. */
  start(): void;
  /** A call of a function begins; `id` is its number. */
  in(id: number): void;
  /** The innermost call that is open ends. */
  out(): void;
  /** A generator's body begins; gives what its other calls are handed. */
  open(id: number): Activation;
  close(activation: Activation): void;
  /** A generator is about to hand out a value, and has come back from it. */
  pause<T>(activation: Activation, value: T): T;
  resume<T>(activation: Activation, value: T): T;
  /** The operand of `yield*`, seen through: open while it runs, closed while it waits. */
  through(activation: Activation, iterable: unknown, isAsync: boolean): unknown;
}

/** One run of a generator's body. */
export interface Activation {
  isOpen: boolean;
}

/** A marked function in a text, as the text was loaded; lines and columns 0-based, as V8 has them. */
export interface WindowFunction {
  readonly id: number;
  readonly line: number;
  readonly column: number;
  /** The same function in the text that V8 compiled; its line is the same. */
  readonly compiledColumn: number;
  /** Length of its text from its first window call to its end: by it a function is known to have one. */
  readonly tail: number;
}
