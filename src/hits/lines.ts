import type { SourceFile, SourceFunction } from '../model/source.ts';
import type { FunctionHits, ScriptHits } from '../protocol/collector.ts';

/**
 * Where a line of the original stands in a script that was made from it: the offset of the line's first code
 * token in the script's text, or null when the script has nothing of that line.
 * @param line 1-based line of the original
 */
export type PlaceLine = (script: ScriptHits, line: number) => number | null;

/**
 * Hits of each line of a file (index 0 is line 1): how often the line's first code token was run, added up over
 * all scripts that hold it (processes, threads, a file loaded twice). Null: no code on the line, or not counted.
 * @param place for scripts whose text is not the file's own (transpiled, bundled); without it offsets are the same
 */
export function lineHits(
  file: SourceFile,
  scripts: readonly ScriptHits[],
  place?: PlaceLine,
): (number | null)[] {
  const hits = new Array<number | null>(file.codeStarts.length).fill(null);
  for (const script of scripts) {
    const asked: [offset: number, line: number][] = [];
    file.codeStarts.forEach((start, index) => {
      if (start < 0) return;
      const offset = place === undefined ? start : place(script, index + 1);
      if (offset !== null && offset >= 0) asked.push([offset, index]);
    });
    asked.sort((a, b) => a[0] - b[0]);
    const counts = countsAt(
      script,
      asked.map(([offset]) => offset),
    );
    asked.forEach(([, index], i) => {
      const count = counts[i]!;
      if (count !== null) hits[index] = (hits[index] ?? 0) + count;
    });
  }
  return hits;
}

/**
 * How often a function of a file was entered, added up over all scripts; null when none of them counted it.
 * @param place as for `lineHits`
 */
export function functionCalls(
  file: SourceFile,
  one: SourceFunction,
  scripts: readonly ScriptHits[],
  place?: PlaceLine,
): number | null {
  let calls: number | null = null;
  for (const script of scripts) {
    const found = place === undefined ? sameFunction(script, one) : placedFunction(file, one, script, place);
    if (found !== null) calls = (calls ?? 0) + found.calls;
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
function sameFunction(script: ScriptHits, one: SourceFunction): FunctionHits | null {
  const found = script.functions.filter(
    ({ start, end }) => start >= one.start && start < one.end && end === one.end,
  );
  // `a => b => c` all end together: the first to start at or after the declaration.
  return found.reduce<FunctionHits | null>(
    (first, hit) => (first === null || hit.start < first.start ? hit : first),
    null,
  );
}

/** In a text made from the file: the innermost counted function around a line that only this function has. */
function placedFunction(
  file: SourceFile,
  one: SourceFunction,
  script: ScriptHits,
  place: PlaceLine,
): FunctionHits | null {
  const index = file.functions.indexOf(one);
  const inner = file.functions.filter(({ parent }) => parent === index);
  for (let line = one.line; line <= one.endLine; line++) {
    const start = file.codeStarts[line - 1] ?? -1;
    if (start < one.start || start >= one.end) continue;
    if (inner.some((child) => start >= child.start && start < child.end)) continue;
    const offset = place(script, line);
    if (offset === null) continue;
    const around = script.functions.filter((hit) => hit.start <= offset && offset < hit.end);
    if (around.length > 0) return around.reduce((a, b) => (b.start >= a.start && b.end <= a.end ? b : a));
  }
  return null;
}
