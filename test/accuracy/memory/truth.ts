import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { FunctionProfile } from '../../../src/model/profile.ts';

/** The program whose lines are known. */
export const KNOWN = join(import.meta.dirname, 'known.mjs');

/** Bytes that each line of `known` allocates, by line. */
export function knownBytes(): ReadonlyMap<number, number> {
  const N = 10_000;
  const lines = readFileSync(KNOWN, 'utf8').split('\n');
  const known = new Map<number, number>();
  lines.forEach((line, index) => {
    const expression = /;.* \/\/= (.+)$/.exec(line)?.[1];
    if (expression === undefined) return;
    const value = new Function('N', 'grownBytes', 'mapBytes', `return ${expression};`) as (
      ...args: unknown[]
    ) => number;
    known.set(index + 1, value(N, grownBytes, mapBytes));
  });
  return known;
}

/** Element stores of an array that grows by `push`: each is half as large again as the last, and 16 more. */
function grownBytes(length: number): number {
  let bytes = 0;
  for (let capacity = 0; capacity < length; ) {
    capacity = capacity + 1 + ((capacity + 1) >> 1) + 16;
    bytes += 16 + 8 * capacity;
  }
  return bytes;
}

/** Tables of a Map that grows from 4 entries, each twice the last: 3 words an entry, one to two entries, 3 more. */
function mapBytes(entries: number): number {
  let bytes = 0;
  for (let capacity = 4; ; capacity *= 2) {
    bytes += 16 + 8 * (3 + capacity / 2 + 3 * capacity);
    if (capacity >= entries) return bytes;
  }
}

/** One line: what is known of it and what was read. */
export interface Compared {
  readonly line: number;
  readonly text: string;
  readonly known: number;
  readonly read: number | null;
  /** |read − known|, as a share of 1 % of what is known or 1 KB, whichever is more: at most 1 is right. */
  readonly off: number;
}

/** The lines of `known` beside what was read of them. */
export function compareKnown({ lines }: FunctionProfile): Compared[] {
  const known = knownBytes();
  return lines.flatMap(({ line, text, memory }) => {
    const truth = known.get(line);
    if (truth === undefined) return [];
    const read = memory?.allocatedBytes ?? null;
    const off = read === null ? Infinity : Math.abs(read - truth) / Math.max(1024, truth / 100);
    return [{ line, text: text.replace(/\s*\/\/=.*$/, ''), known: truth, read, off }];
  });
}
