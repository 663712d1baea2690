import type * as t from '@babel/types';
import type { Node } from '../source/ast.ts';
import type { FunctionNode } from '../source/walk.ts';
import { type Edits, place } from './edits.ts';
import type { CounterGroup } from './groups.ts';

/**
 * Name of the global typed array that holds the counters: a Float64Array, so that no count overflows. It must be
 * there before the counted code runs, in every context (`vm`) that runs some. A SharedArrayBuffer behind it, a
 * `const` or a read-only property instead of a plain one: all the same speed on Node 20 to 26. A Uint32Array would
 * be two to four times as fast in loops of a few instructions, and wrong after 4,294,967,296 rounds; those loops
 * count in variables instead (groups.ts).
 */
export const COUNTERS_GLOBAL = '__lineprof_h';

/** [start, end) of a text that is run as often as the sum of some counters says. */
export type CountedRange = readonly [start: number, end: number, counters: readonly number[]];

/** What the writers of counters share while they go through one text. */
export interface Scope {
  readonly text: string;
  readonly edits: Edits;
  readonly ranges: CountedRange[];
  /** Branches and sequence parts count even where no line starts in them: they may be lines of an original. */
  readonly mapped: boolean;
  /** Functions whose calls are wanted; what the first statement's counter gives is noted in `entries`. */
  readonly wanted: ReadonlySet<CountedFunction>;
  readonly entries: Map<CountedFunction, number>;
  /** Whether some line's first code token lies in [start, end). */
  startsLine(start: number, end: number): boolean;
  /** Numbers given to counters so far; 0 is the text's first. */
  readonly numbers: { used: number };
  /** The innermost loop around whose counters may be variables of it, within the function. */
  readonly group: CounterGroup | null;
  /** All such loops of the text, outer before inner. */
  readonly groups: CounterGroup[];
  /** Loops around that `break` may end, innermost last, within the function. */
  readonly breakables: Breakable[];
}

/** A statement that `break` can leave; `flag` is the variable that notes it, where that must be known. */
export interface Breakable {
  readonly labels: readonly string[];
  readonly isPlainTarget: boolean;
  readonly flag: string | null;
}

export type CountedFunction = FunctionNode | t.StaticBlock | t.Program;

/** A new counter. */
export function newCounter(scope: Scope): number {
  const counter = scope.numbers.used++;
  scope.group?.counters.push(counter);
  return counter;
}

/** The expression that counts. */
export function increment(counter: number): string {
  return place(`c${counter}`);
}

/** Whether a part of the text needs a count of its own: a line starts in it, or it may be a line elsewhere. */
export function needsCount(scope: Scope, node: Node): boolean {
  return scope.mapped || scope.startsLine(node.start!, node.end!);
}
