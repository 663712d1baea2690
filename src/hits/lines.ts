import type { SourceFile, SourceFunction } from '../model/source.ts';
import type { ScriptHits } from '../protocol/collector.ts';
import { functionMadeFrom, hitOffset, type PlaceCode, sameFunction } from './placing.ts';

/** The counts of one text (of several processes, or of a text that was loaded twice), and its way to the original. */
export interface CountedText {
  readonly scripts: readonly ScriptHits[];
  /** Absent: the text is the file's own. */
  readonly place?: PlaceCode;
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
function countsAt(script: ScriptHits, offsets: readonly number[]): (number | null)[] {
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
