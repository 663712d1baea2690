import type { LogFunction } from './code.ts';
import type { Resolution } from './symbols.ts';

/** The functions that complete stacks showed inside one call. */
export interface Callees {
  /** The one seen first. */
  readonly fn: LogFunction;
  count: number;
  /** Other functions, and ones that nothing names. */
  others: number;
  /** Builtins were between the call and the function. */
  throughBuiltin: boolean;
}

/** Whether code is a JavaScript function's, whatever tier. */
export function isJs({ kind }: Resolution): boolean {
  return kind === 'interpreted' || kind === 'baseline' || kind === 'maglev' || kind === 'turbofan';
}

/** What complete stacks say of calls: by place in the code, and by place in the source whatever code it is in. */
export interface CallSites {
  /**
   * Notes `inner`, JavaScript, as called from the nearest JavaScript of `outer[0 … count - 1]` (outermost
   * first). Only builtins may lie between; behind native code it is not known who called. `path` stands for the
   * addresses of the whole outer stack.
   */
  note(outer: readonly Resolution[], count: number, inner: Resolution, path: number): void;
  /** What was seen directly inside an outer stack that ends in code of which nothing is known. */
  inPath(path: number): Callees | null;
  /** What was seen inside the call that `at` is, in any code that has it. */
  inSource(at: Resolution): Callees | null;
}

const MOST_PATHS = 20_000;

/** Nothing seen yet; what is seen at a place in the code is kept with it. */
export function createCallSites(): CallSites {
  /** By the innermost frame's id. */
  const bySource: (Callees | null | undefined)[] = [];
  const byPath = new Map<number, Callees>();
  return {
    note(outer, count, inner, path) {
      const innermost = outer[count - 1];
      if (innermost !== undefined && (innermost.code === null || !isJs(innermost))) {
        const seen = noted(byPath.get(path) ?? null, inner.code?.source?.fn ?? null, false);
        if (seen !== null && (seen.count > 1 || seen.others > 0 || byPath.size < MOST_PATHS))
          byPath.set(path, seen);
      }
      let through = false;
      for (let i = count - 1; i >= 0; i--) {
        const caller = outer[i]!;
        if (isJs(caller)) {
          if (caller.code === null) return;
          const fn = inner.code?.source?.fn ?? null;
          const frame = caller.frames.at(-1)!;
          caller.callees = noted(caller.callees, fn, through);
          bySource[frame] = noted(bySource[frame] ?? null, fn, through);
          return;
        }
        if (caller.kind === 'builtin') through = true;
        else if (caller.kind !== 'interpreter') return;
      }
    },
    inPath: (path) => byPath.get(path) ?? null,
    inSource: (at) => bySource[at.frames.at(-1)!] ?? null,
  };
}

function noted(callees: Callees | null, fn: LogFunction | null, throughBuiltin: boolean): Callees | null {
  if (callees === null) return fn === null ? null : { fn, count: 1, others: 0, throughBuiltin };
  if (callees.fn === fn) callees.count++;
  else callees.others++;
  if (throughBuiltin) callees.throughBuiltin = true;
  return callees;
}
