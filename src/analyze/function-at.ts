import type { SourceFunction } from '../model/source.ts';

/**
 * Index of the innermost function that holds an offset: `functions` are in order of their start, outer before
 * inner, the module first. The module where no other holds it.
 */
export function functionIndexAt(functions: readonly SourceFunction[], offset: number): number {
  let low = 0;
  let high = functions.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (functions[middle]!.start <= offset) low = middle + 1;
    else high = middle;
  }
  let index = low - 1;
  while (index > 0 && functions[index]!.end <= offset) index = functions[index]!.parent ?? 0;
  return Math.max(0, index);
}

/**
 * The same where only the line is known, and by what V8 calls the function: a function that begins on the line is
 * taken if it alone has the name there.
 */
export function functionIndexOnLine(
  functions: readonly SourceFunction[],
  lineStart: number,
  line: number,
  name: string,
): number {
  const around = functionIndexAt(functions, lineStart);
  const simple = name.replace(/^[gs]et /, '');
  const isNamed = (one: SourceFunction): boolean => one.name.split('.').at(-1) === simple;
  if (simple === '' || isNamed(functions[around]!)) return around;
  const there = functions.flatMap((one, index) => (one.line === line && isNamed(one) ? [index] : []));
  return there.length === 1 ? there[0]! : around;
}
