import type * as t from '@babel/types';
import { WINDOWS_GLOBAL, type WindowFunction } from '../protocol/register.ts';
import type { Node } from '../source/ast.ts';
import { lastNotAbove, lineStartsOf } from '../source/lines.ts';
import type { ParsedFile } from '../source/parse.ts';
import { childrenOf, type FunctionNode, isFunction } from '../source/walk.ts';
import { gatherEdits } from './edits.ts';
import { v8StartOf } from './v8ranges.ts';

/** A text whose marked functions tell when they run. No line of it moved. */
export interface WindowedText {
  readonly text: string;
  /** Ascending: [offset in the text as loaded, inserted length]. */
  readonly insertions: readonly (readonly [number, number])[];
  readonly functions: readonly WindowFunction[];
}

/** A text put around a part of another; `prefix` at `start`, `suffix` at `end`. */
interface Wrap {
  readonly start: number;
  readonly end: number;
  readonly prefix: string;
  readonly suffix: string;
}

const TOKEN = '__lineprof_t';

/**
 * Puts `in` and `out` around the bodies of the marked functions, so that a window is open while they run: across
 * awaits for async functions, but not while a generator waits for its next `next()`. Null: no function is marked.
 * @param allot gives the first of so many numbers in a row
 */
export function insertWindows(
  { source, nodes, ast }: ParsedFile,
  text: string,
  allot: (count: number) => number,
): WindowedText | null {
  const chosen = nodes.filter(
    (node, index): node is FunctionNode => source.functions[index]!.mark !== null && isFunction(node),
  );
  if (chosen.length === 0) return null;
  const first = allot(chosen.length);
  const wraps = chosen.flatMap((node, index) => wrapsOf(node, first + index));
  const { edits, apply } = gatherEdits();
  // Where one ends and another begins the end comes first; inner ends come before outer ones.
  for (const { start, end, suffix } of [...wraps].reverse()) if (start < end) edits.insert(end, suffix);
  const begin = ast.program.body[0]?.start;
  if (begin != null) edits.insert(begin, `${WINDOWS_GLOBAL}.start();`);
  for (const { start, end, prefix, suffix } of wraps) {
    edits.insert(start, start < end ? prefix : prefix + suffix);
  }
  const edited = apply(text, () => '');
  const lineStarts = lineStartsOf(text);
  const functions = chosen.map((node, index): WindowFunction => {
    const start = v8StartOf(node, text);
    const line = lastNotAbove(lineStarts, start);
    const call = edited.text.indexOf(callOf(node, first + index));
    return {
      id: first + index,
      line,
      column: start - lineStarts[line]!,
      compiledColumn:
        start - lineStarts[line]! + insertedBetween(edited.insertions, lineStarts[line]!, start),
      tail: node.end! + insertedBetween(edited.insertions, 0, node.end! + 1) - call,
    };
  });
  return { ...edited, functions };
}

/** Characters inserted at or after `from` and before `to`. */
function insertedBetween(
  insertions: readonly (readonly [number, number])[],
  from: number,
  to: number,
): number {
  return insertions.reduce((sum, [at, length]) => sum + (at >= from && at < to ? length : 0), 0);
}

function callOf(node: FunctionNode, id: number): string {
  return `${WINDOWS_GLOBAL}.${node.generator === true ? 'open' : 'in'}(${id})`;
}

/** The function's own wrap first, then those of its yields, outer before inner. */
function wrapsOf(node: FunctionNode, id: number): Wrap[] {
  const { body } = node;
  const call = callOf(node, id);
  if (body.type !== 'BlockStatement') {
    const start = (body.extra?.['parenStart'] as number | undefined) ?? body.start!;
    return [
      {
        start,
        end: node.end!,
        prefix: `{${call};try{return(`,
        suffix: `)}finally{${WINDOWS_GLOBAL}.out()}}`,
      },
    ];
  }
  const start = body.directives.at(-1)?.end ?? body.start! + 1;
  const end = body.end! - 1;
  if (node.generator !== true) {
    return [{ start, end, prefix: `;${call};try{`, suffix: `}finally{${WINDOWS_GLOBAL}.out()}` }];
  }
  return [
    {
      start,
      end,
      prefix: `;const ${TOKEN}=${call};try{`,
      suffix: `}finally{${WINDOWS_GLOBAL}.close(${TOKEN})}`,
    },
    ...yieldsOf(body).flatMap((one) => yieldWraps(one, node.async === true)),
  ];
}

/** `yield x` becomes `resume(t, yield pause(t, (x)))`. */
function yieldWraps(node: t.YieldExpression, isAsync: boolean): Wrap[] {
  const { argument } = node;
  const resume = {
    start: node.start!,
    end: node.end!,
    prefix: `${WINDOWS_GLOBAL}.resume(${TOKEN},`,
    suffix: ')',
  };
  if (argument == null) {
    return [{ ...resume, suffix: ` ${WINDOWS_GLOBAL}.pause(${TOKEN}))` }];
  }
  const start = (argument.extra?.['parenStart'] as number | undefined) ?? argument.start!;
  const inner = node.delegate
    ? { prefix: ` ${WINDOWS_GLOBAL}.through(${TOKEN},(`, suffix: `),${isAsync})` }
    : { prefix: ` ${WINDOWS_GLOBAL}.pause(${TOKEN},(`, suffix: '))' };
  return [resume, { start, end: node.end!, ...inner }];
}

/** The yields of a function's own body, outer before inner. */
function yieldsOf(body: Node): t.YieldExpression[] {
  const found: t.YieldExpression[] = [];
  const visit = (node: Node): void => {
    if (node.type === 'YieldExpression') found.push(node);
    for (const child of childrenOf(node)) if (!isFunction(child)) visit(child);
  };
  visit(body);
  return found;
}
