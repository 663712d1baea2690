import type {
  ComparedAmount,
  ComparedObjects,
  FunctionMemoryComparison,
  LineMemoryComparison,
} from '../model/comparison.ts';
import type { LineMemory, ObjectsMemory } from '../model/memory.ts';
import type { FunctionProfile, LineStats } from '../model/profile.ts';

/**
 * How far off a number of bytes that was read may be (docs/memory.md, "How exact it is"): one part in a hundred, or
 * this many bytes, whichever is more.
 */
const PART = 0.01;
const LEAST_BYTES = 1024;

/** What the bytes of either side are divided by. */
export type Divisors = readonly [before: number, after: number];

const WHOLE: Divisors = [1, 1];

/** A number, and how it is known: for sure, within the limits of what is read, or dealt out among lines. */
interface Read {
  readonly value: number | null;
  readonly known: 'exact' | 'read' | 'dealt';
}

const UNKNOWN: Read = { value: null, known: 'read' };
const NONE: Read = { value: 0, known: 'exact' };

function bytes(value: number | null, isDealt: boolean): Read {
  return { value, known: isDealt ? 'dealt' : 'read' };
}

function times(value: number): Read {
  return { value, known: 'exact' };
}

/** Compares the memory of two functions; a number that is dealt out has no bounds. */
export function compareFunctionMemory(
  before: FunctionProfile,
  after: FunctionProfile,
  divisors: Divisors,
): FunctionMemoryComparison {
  const amount = (of: (fn: FunctionProfile) => Read) => compared(of(before), of(after), divisors);
  return {
    increment: amount(({ memory }) => bytes(memory?.incrementBytes ?? null, memory?.isEstimated === true)),
    allocated: amount(({ memory }) => bytes(memory?.allocatedBytes ?? null, false)),
    objects: compareObjects(before.memory?.objects ?? null, after.memory?.objects ?? null),
  };
}

/** Compares the memory of a line, or of two that took each other's place; null where neither was read. */
export function compareLineMemory(
  before: LineStats | null,
  after: LineStats | null,
  divisors: Divisors,
): LineMemoryComparison | null {
  if (before?.memory == null && after?.memory == null) return null;
  const amount = (of: (memory: LineMemory) => Read) =>
    compared(readOf(before, of), readOf(after, of), divisors);
  return {
    // The level of the whole heap, which nothing divides; a line that is not there has none.
    usage: compared(usageOf(before), usageOf(after), WHOLE),
    increment: amount(({ incrementBytes, isEstimated }) => bytes(incrementBytes, isEstimated)),
    allocated: amount(({ allocatedBytes, isSampled }) => bytes(allocatedBytes, isSampled)),
    occurrences: amount(({ occurrences }) => times(occurrences)),
  };
}

function readOf(line: LineStats | null, of: (memory: LineMemory) => Read): Read {
  if (line === null) return NONE;
  if (line.memory === null) return UNKNOWN;
  return line.memory.occurrences === 0 ? NONE : of(line.memory);
}

/** The most that was seen: all of it where every occurrence was collected. */
function usageOf(line: LineStats | null): Read {
  if (line?.memory == null || line.memory.occurrences === 0) return UNKNOWN;
  return bytes(line.memory.usageBytes, line.memory.isEstimated);
}

/** Snapshots are of one call each, whatever else is divided. A list that was cut does not tell what is not in it. */
function compareObjects(
  before: readonly ObjectsMemory[] | null,
  after: readonly ObjectsMemory[] | null,
): readonly ComparedObjects[] | null {
  if (before === null || after === null) return null;
  const nameOf = ({ name }: ObjectsMemory) => name;
  const names = new Set([...after.map(nameOf), ...before.map(nameOf)]);
  return [...names]
    .map((name) => {
      const one = (list: readonly ObjectsMemory[], of: (objects: ObjectsMemory) => Read): Read => {
        const found = list.find((entry) => entry.name === name);
        if (found !== undefined) return of(found);
        return list.length >= MOST_KINDS ? UNKNOWN : NONE;
      };
      const amount = (of: (objects: ObjectsMemory) => Read) =>
        compared(one(before, of), one(after, of), WHOLE);
      return {
        name,
        count: amount(({ count }) => times(count)),
        bytes: amount((objects) => bytes(objects.bytes, false)),
      };
    })
    .sort((a, b) => sizeOf(b.bytes) - sizeOf(a.bytes));
}

/** Lists of constructors end here; see engine/objects.ts. */
const MOST_KINDS = 100;

function sizeOf({ difference }: ComparedAmount): number {
  return Math.abs(difference?.value ?? 0);
}

/** Both limits may be reached at once: they are bounds, not margins of chance, so they add up. */
function compared(before: Read, after: Read, [first, second]: Divisors): ComparedAmount {
  const one = before.value === null ? null : before.value / first;
  const two = after.value === null ? null : after.value / second;
  if (one === null || two === null) return { before: one, after: two, difference: null };
  const value = two - one;
  const [a, b] = [limitOf(before, first), limitOf(after, second)];
  const bounds = a === null || b === null ? null : { low: value - a - b, high: value + a + b };
  const noise = bounds !== null && bounds.low <= 0 && bounds.high >= 0;
  return { before: one, after: two, difference: { value, bounds, noise } };
}

/** How far from the number the truth may lie, divided as the number is; null: nothing is known of it. */
function limitOf({ value, known }: Read, divisor: number): number | null {
  if (known === 'exact') return 0;
  if (known === 'dealt' || value === null) return null;
  return Math.max(Math.abs(value) * PART, LEAST_BYTES) / divisor;
}
