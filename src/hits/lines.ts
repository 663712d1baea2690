import type { SourceFile, SourceFunction } from '../model/source.ts';
import type { FunctionHits, ScriptHits } from '../protocol/collector.ts';
import { lastNotAbove } from '../source/lines.ts';
import { nextToken } from '../source/walk.ts';

/**
 * Where code of the original stands in a script that was made from it: the offset in the script's text of the code
 * at `offset` of the original, or else of the next on its line before `end`; null when the script has none of that.
 */
export type PlaceCode = (offset: number, end: number) => number | null;

/** The counts of one text (of several processes, or of a text that was loaded twice), and its way to the original. */
export interface CountedText {
  readonly scripts: readonly ScriptHits[];
  /** Absent: the text is the file's own. */
  readonly place?: PlaceCode;
}

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
 * Hits of the lines of some functions of a file, for each function from its first line (index 0) to its last: how
 * often the function's first code token on the line was run, added up over all scripts that hold it (processes,
 * threads, a file loaded twice). Null: the function has no code on the line, or it was not counted.
 */
export function lineHits(
  file: SourceFile,
  functions: readonly SourceFunction[],
  texts: readonly CountedText[],
): (number | null)[][] {
  const hits = functions.map(({ line, endLine }) => new Array<number | null>(endLine - line + 1).fill(null));
  for (const { scripts, place } of texts) {
    const asked: [offset: number, function: number, index: number][] = [];
    functions.forEach((one, which) => {
      for (let line = one.line; line <= one.endLine; line++) {
        const code = hitOffset(file, one, line);
        const offset = code < 0 || place === undefined ? code : (place(code, one.end) ?? -1);
        if (offset >= 0) asked.push([offset, which, line - one.line]);
      }
    });
    asked.sort((a, b) => a[0] - b[0]);
    const offsets = asked.map(([offset]) => offset);
    for (const script of scripts) {
      const counts = countsAt(script, offsets);
      asked.forEach(([, which, index], i) => {
        const count = counts[i]!;
        if (count !== null) hits[which]![index] = (hits[which]![index] ?? 0) + count;
      });
    }
  }
  return hits;
}

/**
 * The offset whose count is a line's hits within a function: the line's first code token; where that belongs to
 * what is around the function (`list.map((x) => x * 2)`) or to its parameters, the body that begins on the line.
 * -1: the function has no code there.
 */
function hitOffset(file: SourceFile, one: SourceFunction, line: number): number {
  const token = file.codeStarts[line - 1] ?? -1;
  const { firstCode } = one;
  const isShared = token < 0 ? line === one.line && one.kind !== 'module' : token < (firstCode?.offset ?? -1);
  if (firstCode !== null && firstCode.line === line && isShared) return firstCode.offset;
  return token >= one.ownStart && token < one.end ? token : -1;
}

/**
 * How often a function of a file was entered, added up over all texts that hold it; null when none of them
 * counted it.
 */
export function functionCalls(
  file: SourceFile,
  one: SourceFunction,
  texts: readonly CountedText[],
): number | null {
  let calls: number | null = null;
  for (const { scripts, place } of texts) {
    for (const script of scripts) {
      const found =
        place === undefined
          ? sameFunction(one, script.functions)
          : functionMadeFrom(file, one, script.functions, place);
      if (found !== null) calls = (calls ?? 0) + found.calls;
    }
  }
  return calls;
}

/** The counts at ascending offsets of a script: each that of the innermost range around it, or null. */
export function countsAt(script: ScriptHits, offsets: readonly number[]): (number | null)[] {
  const ranges = script.functions.flatMap((one) => one.ranges).sort((a, b) => a[0] - b[0] || b[1] - a[1]);
  const open: (readonly [number, number, number])[] = [];
  let next = 0;
  return offsets.map((offset) => {
    for (; next < ranges.length && ranges[next]![0] <= offset; next++) {
      while (open.length > 0 && open.at(-1)![1] <= ranges[next]![0]) open.pop();
      open.push(ranges[next]!);
    }
    while (open.length > 0 && open.at(-1)![1] <= offset) open.pop();
    return open.at(-1)?.[2] ?? null;
  });
}

/** In the file's own text: the function that ends where this one does and starts inside it, at the parameters. */
export function sameFunction<Made extends Pick<FunctionHits, 'start' | 'end'>>(
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
export function functionMadeFrom<Made extends Pick<FunctionHits, 'start' | 'end'>>(
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
