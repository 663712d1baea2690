import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** A program whose truth is known: where it starts, and the functions whose lines are compared with the truth. */
export interface Program {
  readonly name: string;
  /** Absolute path. */
  readonly entry: string;
  /** Selectors as `-f` takes them. */
  readonly functions: readonly string[];
  /** `bundle`: made into one minified file with a source map before it is run. */
  readonly bundled: boolean;
  /**
   * How long it runs each time, in milliseconds. Until V8 has optimised a loop, a round there costs more than the
   * truth counts: a program of many loops needs long for that to be as little as in one of few.
   */
  readonly millis: number;
}

/** About 7,500 samples on an idle machine. */
const MILLIS = 1500;

/** Absolute path of programs/. */
export const PROGRAMS_FOLDER = fileURLToPath(new URL('programs/', import.meta.url));

function program(name: string, file: string, functions: readonly string[], bundled = false): Program {
  return { name, entry: join(PROGRAMS_FOLDER, file), functions, bundled, millis: MILLIS };
}

/** The programs written by hand; random.ts makes more. */
export const PROGRAMS: readonly Program[] = [
  program('dial, 5 to 95 %', 'dial.mjs', ['dial', 'steep']),
  program('call sites of one callee', 'callsites.mjs', ['caller']),
  program('inlined callees', 'inlined/main.mjs', ['inliner', 'near', 'far']),
  program('callbacks of builtins', 'callbacks.mjs', ['callbacks']),
  program('statements over several lines', 'multiline.mjs', ['statements', 'loops']),
  program('recursion', 'recursion.mjs', ['recursions', 'tree', 'chain']),
  program('try, catch, finally', 'finally.mjs', ['unwinding', 'guarded']),
  program('generators', 'generators.mjs', ['consume', 'through', 'steps']),
  program('async', 'async.mjs', ['pipeline', 'fetchLike']),
  program('ESM TypeScript', 'typed/main.ts', ['measure', 'Base.around']),
  program('minified bundle', 'typed/main.ts', ['measure', 'Base.around'], true),
  program('optimised, left, entered again', 'warm.mjs', ['hot']),
];
