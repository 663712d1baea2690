import { type Edits, place } from '../hits/edits.ts';
import { MEMORY_GLOBAL } from '../protocol/memory.ts';

/** [start, end, number] of a function that is read; see `MemoryScript`. */
export type ReadFunction = readonly [start: number, end: number, number: number];
/** [start, unit, function number, number] of a statement; see `MemoryScript`. */
export type ReadPoint = readonly [start: number, unit: number, fn: number, number: number];

/** What the inserters share while they go through one text. */
export interface Scope {
  readonly text: string;
  readonly edits: Edits;
  /** Name of the variable that holds the call's slot; null where code is not read. */
  readonly slot: string | null;
  /** Number of the function around. */
  readonly fn: number;
  /** The function cannot be wrapped: its `return` statements end the reading themselves. */
  readonly leaves: boolean;
  /** Loops around that `continue` may go on with, innermost last, within the function. */
  readonly loops: readonly LoopTarget[];
  /** Numbers given so far; 0 is the text's first. */
  readonly numbers: { used: number };
  readonly functions: ReadFunction[];
  readonly points: ReadPoint[];
}

/** `next`: how another round of a `for … of` or `for … in` begins; null for other loops. */
export interface LoopTarget {
  readonly labels: readonly string[];
  readonly next: NextRound | null;
}

/** The reading that begins a round, and whether the loop then waits (`for await`). */
export interface NextRound {
  readonly number: number;
  readonly waits: boolean;
}

/** A new number for a function or a statement. */
export function newNumber(scope: Scope): number {
  return scope.numbers.used++;
}

/** A new statement that starts at `start` and is a part of the one that starts at `unit`. */
export function newPoint(scope: Scope, start: number, unit = start): number {
  const number = newNumber(scope);
  scope.points.push([start, unit, scope.fn, number]);
  return number;
}

/** The call that reads at a statement's start: an expression. */
export function reading(scope: Scope, number: number): string {
  return `${MEMORY_GLOBAL}.a(${scope.slot},${numberText(number)})`;
}

/** Stands for a number until the text's first is known. */
export function numberText(number: number): string {
  return place(`n${number}`);
}

/** The number that `numberText` was given. */
export function numberOf(key: string): number {
  return Number(key.slice(1));
}
