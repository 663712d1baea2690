import type * as t from '@babel/types';
import type { SourceFunction } from '../model/source.ts';
import type { Node } from '../source/ast.ts';
import { lastNotAbove } from '../source/lines.ts';
import { type ParsedFile, parseFile } from '../source/parse.ts';
import { isFunction } from '../source/walk.ts';
import { gatherEdits } from './edits.ts';
import { visitFunction, visitStaticBlock } from './functions.ts';
import { type CounterGroup, counterTexts } from './groups.ts';
import { holds, isLoop } from './loops.ts';
import { type CountedFunction, type CountedRange, increment, newCounter, type Scope } from './scope.ts';
import { visitStatements } from './statements.ts';
import { functionsInRanges, v8StartOf } from './v8ranges.ts';

export interface InstrumentOptions {
  /**
   * `lines`: every line of the chosen functions and of those written in them.
   * `calls`: entries of the chosen functions, of those only that hold a loop or a call: a counter would disturb
   * the time of a function as small as the others.
   */
  readonly level: 'calls' | 'lines';
  /** V8's [start, end) of the chosen functions, or what chooses from the functions of the text. */
  readonly chosen:
    | { readonly kind: 'ranges'; readonly ranges: readonly (readonly [number, number])[] }
    | { readonly kind: 'predicate'; readonly isChosen: (one: SourceFunction, index: number) => boolean };
  /** The text has a source map: its branches, sequence parts and declarators may be lines of an original. */
  readonly mapped: boolean;
  /** Gives the index of the first of `count` counters in a row; called once, when the count is known. */
  readonly allot: (count: number) => number;
}

/** A text with counters. No line of it moved: every insertion stays on the line it was made in. */
export interface Instrumented {
  readonly text: string;
  /** Ascending: [offset in the text as loaded, inserted length]. */
  readonly insertions: readonly (readonly [number, number])[];
  readonly functions: readonly FunctionTable[];
}

/** Which counters tell what of one chosen function; offsets in the text as loaded, `start` and `end` V8's. */
export interface FunctionTable {
  readonly start: number;
  readonly end: number;
  /** The function was entered as often as the sum of these says; a generator at its first `next()`. */
  readonly calls: readonly number[];
  /** Sorted by start, outer before inner. A function inside another chosen one has its ranges there. */
  readonly ranges: readonly CountedRange[];
}

/**
 * Puts counters (`__lineprof_h[k]++`) into the chosen functions of a text, JavaScript or TypeScript (types may be
 * stripped or transpiled afterwards).
 * @returns null when nothing in it was chosen, or nothing of what was chosen needs a counter
 * @throws ProfileError `syntax-error`; RangeError for a text nested deeper than the stack
 */
export function instrument(text: string, fileName: string, options: InstrumentOptions): Instrumented | null {
  return instrumentParsed(parseFile(text, fileName), text, options);
}

/** As `instrument`, for a text that is parsed already. */
export function instrumentParsed(
  parsed: ParsedFile,
  text: string,
  options: InstrumentOptions,
): Instrumented | null {
  const { chosen } = options;
  const wanted =
    chosen.kind === 'ranges'
      ? functionsInRanges(parsed, chosen.ranges, text)
      : new Set(parsed.nodes.filter((_, index) => chosen.isChosen(parsed.source.functions[index]!, index)));
  if (wanted.size === 0) return null;
  const { edits, apply } = gatherEdits();
  const groups: CounterGroup[] = [];
  const starts = startsIn(parsed, wanted);
  const numbers = { used: 0 };
  const base: Omit<Scope, 'ranges'> = {
    text,
    edits,
    mapped: options.mapped,
    wanted,
    entries: new Map(),
    startsLine: (start, end) => lastNotAbove(starts, end - 1) > lastNotAbove(starts, start - 1),
    numbers,
    groups,
    group: null,
    breakables: [],
  };
  const functions: FunctionTable[] = [];
  let outerEnd = -1;
  for (const node of parsed.nodes) {
    if (!wanted.has(node)) continue;
    const ranges: CountedRange[] = [];
    const isInner = node.start! < outerEnd;
    if (options.level === 'calls') {
      if (isWorthCounting(node)) countEntry({ ...base, ranges }, node);
    } else if (!isInner) {
      visitChosen({ ...base, ranges }, node);
      outerEnd = node.end!;
    }
    const entry = base.entries.get(node);
    if (entry === undefined) continue;
    const calls = [entry];
    ranges.sort((a, b) => a[0] - b[0] || b[1] - a[1]);
    functions.push({
      start: v8StartOf(node, text),
      end: node.type === 'Program' ? text.length : node.end!,
      calls,
      ranges: options.level === 'calls' ? [] : ranges,
    });
  }
  if (numbers.used === 0) return null;
  const first = options.allot(numbers.used);
  const resolve = counterTexts(groups, first);
  return { ...apply(text, resolve), functions: functions.map((table) => shifted(table, first)) };
}

/** Where lines start, ascending: those of the file, and those of chosen functions that begin in the middle of one. */
function startsIn({ source, nodes }: ParsedFile, wanted: ReadonlySet<CountedFunction>): number[] {
  const own = source.functions.flatMap(({ firstCode }, index) =>
    firstCode !== null && wanted.has(nodes[index]!) ? [firstCode.offset] : [],
  );
  return [...source.codeStarts.filter((start) => start >= 0), ...own].sort((a, b) => a - b);
}

function shifted({ start, end, calls, ranges }: FunctionTable, first: number): FunctionTable {
  const shift = (counters: readonly number[]): number[] => counters.map((counter) => first + counter);
  return {
    start,
    end,
    calls: shift(calls),
    ranges: ranges.map(([from, to, counters]) => [from, to, shift(counters)]),
  };
}

function visitChosen(scope: Scope, node: CountedFunction): void {
  if (node.type === 'StaticBlock') visitStaticBlock(scope, node);
  else if (node.type !== 'Program') visitFunction(scope, node);
  else {
    const emptyAt = node.body[0]?.start ?? node.directives.at(-1)?.end;
    const options = emptyAt == null ? { wantEntry: true } : { wantEntry: true, emptyAt };
    const entry = visitStatements(scope, node.body, options);
    if (entry !== null) scope.entries.set(node, entry);
  }
}

/** Counts the entries of one function and nothing else. */
function countEntry(scope: Scope, node: CountedFunction): void {
  const counter = newCounter(scope);
  scope.entries.set(node, counter);
  const isBlock =
    node.type === 'Program' || node.type === 'StaticBlock' || node.body.type === 'BlockStatement';
  if (isBlock) {
    const list = node.type === 'Program' || node.type === 'StaticBlock' ? node.body : blockOf(node.body);
    scope.edits.insert(list[0]!.start!, `${increment(counter)};`);
    return;
  }
  const { body } = node;
  const isParenthesized = body.extra?.['parenthesized'] === true;
  scope.edits.insert(body.start!, `${isParenthesized ? '' : '('}${increment(counter)},`);
  if (!isParenthesized) scope.edits.insert(body.end!, ')');
}

function blockOf(body: t.BlockStatement | t.Expression): readonly t.Statement[] {
  return body.type === 'BlockStatement' ? body.body : [];
}

/** Whether a function does enough for a counter not to be felt: a loop or a call of its own. */
function isWorthCounting(node: CountedFunction): boolean {
  const isWork = (inner: Node): boolean =>
    isLoop(inner) ||
    /^(?:Optional)?CallExpression$|^(?:New|Import|TaggedTemplate|Await|Yield)/.test(inner.type);
  if (node.type === 'Program' || node.type === 'StaticBlock') {
    return node.body.some((statement) => !isFunction(statement) && holds(statement, isWork));
  }
  return holds(node.body, isWork);
}
