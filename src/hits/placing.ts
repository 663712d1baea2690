import type { SourceFile, SourceFunction } from '../model/source.ts';
import { lastNotAbove } from '../source/lines.ts';
import { nextToken } from '../source/walk.ts';

/**
 * Where code of the original stands in a script that was made from it: the offset in the script's text of the code
 * at `offset` of the original, or else of the next on its line before `end`; null when the script has none of that.
 */
export type PlaceCode = (offset: number, end: number) => number | null;

/** Of a script's source map, what `placeIn` asks (sourcemap/mapper.ts). */
interface PlacingMap {
  readonly text: string;
  generatedOffset(file: string, line: number, fromColumn: number): number | null;
  atLoaded(offset: number): { readonly file: string; readonly line: number; readonly column: number } | null;
}

/** How offsets of `file` lead to the text that a source map belongs to; `lineStarts` are the file's. */
export function placeIn(map: PlacingMap, file: string, lineStarts: ArrayLike<number>): PlaceCode {
  return (offset, end) => {
    const line = lastNotAbove(lineStarts, offset) + 1;
    const found = map.generatedOffset(file, line, offset - lineStarts[line - 1]!);
    const from = found === null ? null : map.atLoaded(found);
    // The next code on the line may be another function's.
    if (found === null || from?.file !== file) return null;
    if (lineStarts[from.line - 1]! + from.column >= end) return null;
    // Some maps (esbuild's) have a line begin with its indentation.
    return nextToken(map.text, found);
  };
}

/**
 * The offset whose count is a line's hits within a function: the line's first code token; where that belongs to
 * what is around the function (`list.map((x) => x * 2)`) or to its parameters, the body that begins on the line.
 * -1: the function has no code there.
 */
export function hitOffset(file: SourceFile, one: SourceFunction, line: number): number {
  const token = file.codeStarts[line - 1] ?? -1;
  const { firstCode } = one;
  const isShared = token < 0 ? line === one.line && one.kind !== 'module' : token < (firstCode?.offset ?? -1);
  if (firstCode !== null && firstCode.line === line && isShared) return firstCode.offset;
  return token >= one.ownStart && token < one.end ? token : -1;
}

/** [start, end) in a text, as V8 gives a function's. */
interface Range {
  readonly start: number;
  readonly end: number;
}

/** In the file's own text: the function that ends where this one does and starts inside it, at the parameters. */
export function sameFunction<Made extends Range>(
  one: SourceFunction,
  functions: readonly Made[],
): Made | null {
  const found = functions.filter(
    ({ start, end }) => start >= one.start && start < one.end && end === one.end,
  );
  // `a => b => c` all end together: the first to start at or after the declaration.
  return found.reduce<Made | null>(
    (first, made) => (first === null || made.start < first.start ? made : first),
    null,
  );
}

/**
 * Of the functions of a text that was made from `file`, the one made from `one`: the innermost around code that only
 * `one` has; null when `functions` ([start, end) in that text) does not hold it.
 */
export function functionMadeFrom<Made extends Range>(
  file: SourceFile,
  one: SourceFunction,
  functions: readonly Made[],
  place: PlaceCode,
): Made | null {
  const index = file.functions.indexOf(one);
  const inner = file.functions.filter(({ parent }) => parent === index);
  const isInner = (offset: number): boolean =>
    inner.some((child) => offset >= child.start && offset < child.end);
  // Where this function itself has no count, the innermost is that of one around it.
  const outside = parentCode(file, one, place);
  const at = (code: number): Made | null => {
    const offset = place(code, one.end);
    const holds = (made: Made, where: number | null): boolean =>
      where !== null && made.start <= where && where < made.end;
    const around = functions.filter((made) => holds(made, offset) && !holds(made, outside));
    return around.length === 0
      ? null
      : around.reduce((a, b) => (b.start >= a.start && b.end <= a.end ? b : a));
  };
  const first = one.firstCode?.offset ?? -1;
  // A body that is a function itself is not only this function's, a parameter before it is.
  const own = first < 0 || !isInner(first) ? first : one.ownStart;
  const found = own < 0 || isInner(own) ? null : at(own);
  if (found !== null) return found;
  for (let line = one.line; line <= one.endLine; line++) {
    const code = hitOffset(file, one, line);
    if (code < 0 || isInner(code)) continue;
    const hit = at(code);
    if (hit !== null) return hit;
  }
  return null;
}

/** Where code stands that belongs to the function around `one` and not to it; null: none is known. */
function parentCode(file: SourceFile, one: SourceFunction, place: PlaceCode): number | null {
  const parent = one.parent === null ? undefined : file.functions[one.parent];
  const code = parent?.firstCode?.offset;
  if (parent === undefined || code === undefined) return null;
  if (code >= one.end) return place(code, parent.end);
  return place(code < one.start ? code : parent.ownStart, one.start);
}
