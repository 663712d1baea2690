import type { ParsedFile } from '../source/parse.ts';
import { nextToken } from '../source/walk.ts';
import type { CountedFunction } from './scope.ts';

/**
 * The offset at which V8 says that a function starts: the parenthesis of its parameters; an arrow at its first
 * token, `async` included; a static block and the module where they begin.
 */
export function v8StartOf(node: CountedFunction, text: string): number {
  switch (node.type) {
    case 'Program':
      return 0;
    case 'ArrowFunctionExpression':
    case 'StaticBlock':
      return node.start!;
    default: {
      if (node.typeParameters != null) return nextToken(text, node.typeParameters.end!);
      if ('key' in node) {
        const afterKey = nextToken(text, node.key.end!);
        return text[afterKey] === ']' ? nextToken(text, afterKey + 1) : afterKey;
      }
      if (node.id != null) return nextToken(text, node.id.end!);
      // `async function *(`: no name and no types, so the first parenthesis outside a comment.
      let at = node.start!;
      while (text[at] !== '(') at = nextToken(text, at + 1);
      return at;
    }
  }
}

/** Offset of the first character of a function's body. */
function bodyStartOf(node: CountedFunction): number {
  if (node.type === 'Program' || node.type === 'StaticBlock') return node.start!;
  return node.body.start!;
}

/**
 * The functions that [start, end) ranges mean: those that end there and start there as V8 says, or as
 * `SourceFunction` does; else one that ends there and has the start between its own start and its body. Ranges
 * of code that is no function of the text (field initialisers, default constructors) mean none.
 */
export function functionsInRanges(
  { nodes, source }: ParsedFile,
  ranges: readonly (readonly [number, number])[],
  text: string,
): Set<CountedFunction> {
  const byEnd = new Map<number, { readonly node: CountedFunction; readonly start: number }[]>();
  nodes.forEach((node, index) => {
    const { start, end } = source.functions[index]!;
    const same = byEnd.get(end);
    if (same === undefined) byEnd.set(end, [{ node, start }]);
    else same.push({ node, start });
  });
  const chosen = new Set<CountedFunction>();
  for (const [start, end] of ranges) {
    const candidates = byEnd.get(Math.min(end, text.length)) ?? [];
    const match =
      candidates.find(({ node }) => v8StartOf(node, text) === start) ??
      candidates.find((candidate) => candidate.start === start) ??
      candidates.find(
        (candidate) =>
          Math.min(candidate.start, candidate.node.start!) <= start && start <= bodyStartOf(candidate.node),
      );
    if (match !== undefined) chosen.add(match.node);
  }
  return chosen;
}
