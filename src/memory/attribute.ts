import type { MemoryCounts } from '../protocol/memory.ts';
import { liveBytes } from './live.ts';
import { type Call, type Records, walk } from './records.ts';

/** What is known of one number of a thread: a statement's, or a function's. Bytes; null: not known. */
export interface NumberMemory {
  readonly occurrences: number;
  readonly allocated: number;
  readonly increment: number | null;
  /** Live bytes at its end, the most seen. */
  readonly live: number | null;
  /** Allocated by others while it waited. */
  readonly others: number;
  /** Not every occurrence was read by itself: `allocated` is dealt out. */
  readonly isSampled: boolean;
  /** Not every occurrence had a collection at both ends: `increment` is dealt out. */
  readonly isEstimated: boolean;
}

/** Sums under construction, by number. */
interface Sums {
  allocated: number;
  increment: number;
  live: number;
  others: number;
  whole: number;
  /** Of these, not within another of the same line or function, and of those, with collections at both ends. */
  outer: number;
  collected: number;
}

/**
 * What each statement and function of a thread allocated, callees included; a line or function that is under way
 * several times at once (recursion) counts once.
 * @param groups by number: statements of one group are the same line; -1 for functions
 */
export function attribute(
  records: Records,
  counts: MemoryCounts,
  groups: Int32Array,
  functionOf: Int32Array,
): (NumberMemory | null)[] {
  const live = liveBytes(records);
  const { allocated } = records;
  const sums = new Map<number, Sums>();
  const lumps = new Map<number, { allocated: number; increment: number }>();
  const sumsOf = (number: number): Sums => {
    let sum = sums.get(number);
    if (sum === undefined) {
      sum = {
        allocated: 0,
        increment: 0,
        live: Number.NEGATIVE_INFINITY,
        others: 0,
        whole: 0,
        outer: 0,
        collected: 0,
      };
      sums.set(number, sum);
    }
    return sum;
  };
  /** Of a call: where its statement and the call itself began, and whether they are the outermost of theirs. */
  interface Open {
    from: number;
    isOuter: boolean;
    /** Bytes and live bytes of the statement before it waited. */
    allocated: number;
    increment: number;
    waitsFrom: number;
    isCollected: boolean;
    callFrom: number;
    /** Of others, while the call waited. */
    callOthers: number;
    callOthersLive: number;
    callIsOuter: boolean;
  }
  const open = new Map<Call, Open>();
  const activeGroups = new Map<number, number>();
  const activeFunctions = new Map<number, number>();
  const add = (map: Map<number, number>, key: number, by: number): number => {
    const now = (map.get(key) ?? 0) + by;
    map.set(key, now);
    return now;
  };
  const groupOf = (point: number): number => groups[point] ?? -1;
  const isCollectedAt = (index: number): boolean => !Number.isNaN(records.live[index]!);

  walk(records, {
    entered(call, index) {
      const isOuter = add(activeFunctions, call.fn, 1) === 1;
      open.set(call, {
        from: index,
        isOuter: true,
        allocated: 0,
        increment: 0,
        waitsFrom: -1,
        isCollected: true,
        callFrom: -1,
        callOthers: 0,
        callOthersLive: 0,
        callIsOuter: isOuter,
      });
    },
    began(call, index) {
      const one = open.get(call)!;
      if (one.callFrom < 0) one.callFrom = index;
      if (one.waitsFrom >= 0) {
        const others = allocated[index]! - allocated[one.waitsFrom]!;
        sumsOf(call.point).others += others;
        one.callOthers += others;
        if (live !== null) one.callOthersLive += live[index]! - live[one.waitsFrom]!;
        one.waitsFrom = -1;
      } else one.isCollected = isCollectedAt(index);
      one.from = index;
      one.isOuter = add(activeGroups, groupOf(call.point), 1) === 1;
    },
    ended(call, index, stops) {
      const one = open.get(call)!;
      add(activeGroups, groupOf(call.point), -1);
      if (one.isOuter) {
        one.allocated += allocated[index]! - allocated[one.from]!;
        if (live !== null) one.increment += live[index]! - live[one.from]!;
      }
      if (stops) {
        one.waitsFrom = index;
        // What others did in between is not known to be theirs alone without collections there.
        one.isCollected &&= isCollectedAt(index);
        return;
      }
      finish(call, one, index);
    },
    left(call, index) {
      const one = open.get(call)!;
      if (one.waitsFrom >= 0) {
        // A statement that never went on.
        one.waitsFrom = -1;
        finish(call, one, index);
      }
      add(activeFunctions, call.fn, -1);
      if (one.callFrom >= 0) {
        const sum = sumsOf(call.fn);
        if (one.callIsOuter) {
          sum.allocated += allocated[index]! - allocated[one.callFrom]! - one.callOthers;
          if (live !== null) sum.increment += live[index]! - live[one.callFrom]! - one.callOthersLive;
        }
        sum.whole++;
        if (one.callIsOuter) {
          sum.outer++;
          if (isCollectedAt(one.callFrom) && isCollectedAt(index)) sum.collected++;
        }
        if (live !== null) sum.live = Math.max(sum.live, live[index]!);
      }
      open.delete(call);
    },
  });

  function finish(call: Call, one: Open, index: number): void {
    const sum = sumsOf(call.point);
    if (call.isWhole) {
      sum.allocated += one.allocated;
      sum.increment += one.increment;
      sum.whole++;
      if (one.isOuter) {
        sum.outer++;
        if (one.isCollected && isCollectedAt(index)) sum.collected++;
      }
      if (live !== null) sum.live = Math.max(sum.live, live[index]!);
    } else {
      const lump = lumps.get(call.fn) ?? { allocated: 0, increment: 0 };
      lump.allocated += one.allocated;
      lump.increment += one.increment;
      lumps.set(call.fn, lump);
    }
    one.allocated = 0;
    one.increment = 0;
  }

  return numbersOf(sums, lumps, counts, functionOf, live !== null);
}

/** Deals out what was read of several statements together, in proportion to what each does when read by itself. */
function numbersOf(
  sums: ReadonlyMap<number, Readonly<Sums>>,
  lumps: ReadonlyMap<number, { readonly allocated: number; readonly increment: number }>,
  { counts, skipped }: MemoryCounts,
  functionOf: Int32Array,
  hasLive: boolean,
): (NumberMemory | null)[] {
  const mean = (number: number, of: 'allocated' | 'increment'): number => {
    const sum = sums.get(number);
    return sum === undefined || sum.whole === 0 ? 0 : Math.max(0, sum[of] / sum.whole);
  };
  const weights = new Map<number, { allocated: number; increment: number; skipped: number }>();
  functionOf.forEach((fn, number) => {
    if (fn < 0 || !lumps.has(fn)) return;
    const weight = weights.get(fn) ?? { allocated: 0, increment: 0, skipped: 0 };
    const times = skipped[number] ?? 0;
    weight.allocated += times * mean(number, 'allocated');
    weight.increment += times * mean(number, 'increment');
    weight.skipped += times;
    weights.set(fn, weight);
  });
  const dealt = (number: number, fn: number, of: 'allocated' | 'increment'): number => {
    const lump = lumps.get(fn);
    const weight = weights.get(fn);
    const times = skipped[number] ?? 0;
    if (lump === undefined || weight === undefined || times === 0) return 0;
    if (weight[of] > 0) return (lump[of] * times * mean(number, of)) / weight[of];
    if (weight.allocated > 0) return (lump[of] * times * mean(number, 'allocated')) / weight.allocated;
    return (lump[of] * times) / weight.skipped;
  };
  return Array.from(counts, (occurrences, number) => {
    const fn = functionOf[number] ?? -1;
    const sum = sums.get(number);
    const read = (sum?.whole ?? 0) + (skipped[number] ?? 0);
    if (sum === undefined || read === 0) {
      if (occurrences > 0 && sum === undefined && (skipped[number] ?? 0) === 0) return null;
    }
    const isInner = sum !== undefined && sum.whole > 0 && sum.outer === 0;
    // Calls that were not read at all are taken to be like the others.
    const scale = read > 0 ? occurrences / read : 1;
    const total = (of: 'allocated' | 'increment'): number =>
      ((sum?.[of] ?? 0) + dealt(number, fn, of)) * scale;
    return {
      occurrences,
      allocated: total('allocated'),
      increment: hasLive ? total('increment') : null,
      live: sum !== undefined && Number.isFinite(sum.live) ? sum.live : null,
      others: (sum?.others ?? 0) * scale,
      // What only ever ran within another of its line adds nothing to it.
      isSampled: !isInner && (sum?.whole ?? 0) < occurrences,
      isEstimated: !isInner && ((sum?.whole ?? 0) < occurrences || (sum?.collected ?? 0) < (sum?.outer ?? 0)),
    };
  });
}
