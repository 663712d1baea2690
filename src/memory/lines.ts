import type { LineMemory } from '../model/memory.ts';
import type { MemoryCounts, MemoryScript } from '../protocol/memory.ts';
import { attribute, type NumberMemory } from './attribute.ts';
import { columnsOf } from './records.ts';

/** An original line: an absolute path and a 1-based line, with the column of a place in it. */
export interface LinePlace {
  readonly file: string;
  readonly line: number;
  readonly column: number;
}

/** What one thread left. */
export interface ThreadReadings {
  readonly scripts: readonly MemoryScript[];
  readonly counts: MemoryCounts;
  readonly log: Uint8Array;
}

/** A function of a loaded text with what it did. */
export interface ReadFunctionMemory {
  readonly script: MemoryScript;
  /** V8's offsets in the loaded text. */
  readonly start: number;
  readonly end: number;
  readonly memory: NumberMemory;
}

/** Memory of the lines and functions of one thread. */
export interface ThreadMemoryLines {
  /** Under `lineKey`. */
  readonly lines: ReadonlyMap<string, LineMemory>;
  readonly functions: readonly ReadFunctionMemory[];
}

/** Names a line in `ThreadMemoryLines`. */
export function lineKey(file: string, line: number): string {
  return `${file}\n${line}`;
}

/**
 * Readings → memory per original line.
 * @param place where an offset of a loaded text comes from; null: from no source
 */
export function memoryLines(
  { scripts, counts, log }: ThreadReadings,
  place: (script: MemoryScript, offset: number) => LinePlace | null,
): ThreadMemoryLines {
  const size = counts.counts.length;
  const groups = new Int32Array(size).fill(-1);
  const functionOf = new Int32Array(size).fill(-1);
  const lines = new Map<string, LinePoints>();
  for (const script of scripts) {
    for (const [start, unit, fn, number] of script.points) {
      functionOf[number] = fn;
      const at = place(script, start);
      const unitAt = unit === start ? at : place(script, unit);
      if (at === null) continue;
      const key = lineKey(at.file, at.line);
      let line = lines.get(key);
      if (line === undefined) {
        line = { group: lines.size, points: [] };
        lines.set(key, line);
      }
      groups[number] = line.group;
      line.points.push({ number, column: unitAt?.line === at.line ? unitAt.column : at.column });
    }
  }
  const numbers = attribute(columnsOf(log), counts, groups, functionOf);
  const result = new Map<string, LineMemory>();
  for (const [key, { points }] of lines) {
    const line = lineOf(points, numbers);
    if (line !== null) result.set(key, line);
  }
  return { lines: result, functions: functionsOf(scripts, numbers) };
}

interface LinePoints {
  readonly group: number;
  readonly points: { readonly number: number; readonly column: number }[];
}

function functionsOf(
  scripts: readonly MemoryScript[],
  numbers: readonly (NumberMemory | null)[],
): ReadFunctionMemory[] {
  return scripts.flatMap((script) =>
    script.functions.flatMap(([start, end, number]) => {
      const memory = numbers[number] ?? null;
      return memory === null ? [] : [{ script, start, end, memory }];
    }),
  );
}

/** The parts of a line put together; it ran as often as the first statement on it. */
function lineOf(points: LinePoints['points'], numbers: readonly (NumberMemory | null)[]): LineMemory | null {
  const first = Math.min(...points.map(({ column }) => column));
  let occurrences = 0;
  let line: LineMemory | null = null;
  for (const { number, column } of points) {
    const one = numbers[number] ?? null;
    if (one === null) continue;
    if (column === first) occurrences += one.occurrences;
    line = addLines(line, {
      occurrences: 0,
      allocatedBytes: one.allocated,
      isSampled: one.isSampled,
      incrementBytes: one.increment,
      isEstimated: one.isEstimated,
      usageBytes: one.live,
      othersBytes: one.others,
    });
  }
  return line === null ? null : { ...line, occurrences };
}

/** Two threads' or statements' shares of one line. */
export function addLines(a: LineMemory | null, b: LineMemory): LineMemory {
  if (a === null) return b;
  return {
    occurrences: a.occurrences + b.occurrences,
    allocatedBytes: a.allocatedBytes + b.allocatedBytes,
    isSampled: a.isSampled || b.isSampled,
    incrementBytes: addKnown(a.incrementBytes, b.incrementBytes),
    isEstimated: a.isEstimated || b.isEstimated,
    usageBytes: mostKnown(a.usageBytes, b.usageBytes),
    othersBytes: a.othersBytes + b.othersBytes,
  };
}

function addKnown(a: number | null, b: number | null): number | null {
  return a === null || b === null ? (a ?? b) : a + b;
}

function mostKnown(a: number | null, b: number | null): number | null {
  return a === null || b === null ? (a ?? b) : Math.max(a, b);
}
