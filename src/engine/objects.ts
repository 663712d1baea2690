import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { ThreadMemory } from '../launch/readings.ts';
import { madeAt } from '../memory/object-lines.ts';
import { type Amount, type Kind, objectsGained, objectsOf, SYSTEM } from '../memory/snapshot.ts';
import type { ObjectsMemory } from '../model/memory.ts';
import { PROTOCOL_VERSION } from '../protocol/collector.ts';
import { type ObjectMarks, objectMarksName, snapshotName } from '../protocol/memory.ts';

/** Objects of one constructor that a call left, and where in the loaded text they were made. */
export interface ObjectsLeft extends Omit<ObjectsMemory, 'lines'> {
  /** By V8's offset of the statement. */
  readonly made: readonly (Readonly<Amount> & { readonly offset: number })[];
}

/** What a function's first call left, under `objectsKey`. */
export type ObjectsByFunction = ReadonlyMap<string, readonly ObjectsLeft[]>;

/** Names a function of a loaded text, by its V8 offsets. */
export function objectsKey(path: string, textHash: string, start: number, end: number): string {
  return `${path}\n${textHash}\n${start}\n${end}`;
}

/** Kinds of objects kept of a function. */
const MOST_KINDS = 100;

/** Reads the heap snapshots of a run for them; those that are cut off or missing are left out. */
export async function readObjects(
  folder: string,
  threads: readonly ThreadMemory[],
): Promise<ObjectsByFunction> {
  const objects = new Map<string, readonly ObjectsLeft[]>();
  for (const { pid, thread, scripts } of threads) {
    for (const { path, textHash, functions, points } of scripts) {
      const offsets = new Map(points.map(([start, , , number]) => [number, start]));
      for (const [start, end, number] of functions) {
        const key = objectsKey(path, textHash, start, end);
        if (objects.has(key)) continue;
        try {
          const read = (when: 'before' | 'after') =>
            readFile(join(folder, snapshotName(pid, thread, number, when)));
          const marks = await readMarks(join(folder, objectMarksName(pid, thread, number)));
          const before = objectsOf(await read('before'));
          const after = objectsOf(await read('after'), [marks.from, ...marks.stretches.map(({ to }) => to)]);
          const left = objectsGained(before, after).slice(0, MOST_KINDS);
          objects.set(
            key,
            left.map((one) => ({ ...one, made: madeIn(one.name, after.get(one.name), marks, offsets) })),
          );
        } catch {
          // This function has none, or the program ended while one was written.
        }
      }
    }
  }
  return objects;
}

function madeIn(
  name: string,
  kind: Kind | undefined,
  marks: ObjectMarks,
  offsets: ReadonlyMap<number, number>,
): ObjectsLeft['made'] {
  if (kind === undefined || name === SYSTEM) return [];
  return madeAt(kind, marks).flatMap(({ point, count, bytes }) => {
    const offset = offsets.get(point);
    return offset === undefined ? [] : [{ offset, count, bytes }];
  });
}

const NO_MARKS: ObjectMarks = { version: PROTOCOL_VERSION, from: Infinity, stretches: [] };

/** The marks of a call; none where V8 told no ids. */
async function readMarks(path: string): Promise<ObjectMarks> {
  try {
    const marks = JSON.parse(await readFile(path, 'utf8')) as ObjectMarks;
    return marks.version === PROTOCOL_VERSION ? marks : NO_MARKS;
  } catch {
    return NO_MARKS;
  }
}
