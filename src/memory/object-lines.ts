import type { ObjectMarks } from '../protocol/memory.ts';
import type { Amount, Kind } from './snapshot.ts';

/** What a statement made, by its number. */
export interface MadeAt extends Readonly<Amount> {
  readonly point: number;
}

/** How far bytes may be from what was expected of them, as a share. */
const CLOSE = 0.01;

/**
 * Which statements made the objects of a constructor. Where one statement ran alone between two marks, what was
 * made there is its. Where several did, what each makes when it runs alone must add up to what was made in all: as
 * many objects, and within 1 % as many bytes. Else, or when a statement makes now more, now less, it is not known.
 */
export function madeAt({ made }: Kind, { stretches }: Pick<ObjectMarks, 'stretches'>): MadeAt[] {
  /** By what ran, what it made each time it ran alone. */
  const alone = new Map<number, Amount>();
  const uneven = new Set<number>();
  const sums = new Map<number, Amount>();
  stretches.forEach(({ ran }, index) => {
    const [only] = ran;
    if (only === undefined || ran.length > 1) return;
    const [what, times] = only;
    const amount = made[index]!;
    if (times > 1) {
      add(sums, what, amount, 1);
      return;
    }
    const before = alone.get(what);
    if (before !== undefined && before.count !== amount.count) uneven.add(what);
    alone.set(what, amount);
    add(sums, what, amount, 1);
  });
  stretches.forEach(({ ran }, index) => {
    if (ran.length < 2) return;
    const amount = made[index]!;
    const expected = { count: 0, bytes: 0 };
    for (const [what, each] of ran) {
      const one = alone.get(what);
      if (one === undefined || uneven.has(what)) return;
      expected.count += each * one.count;
      expected.bytes += each * one.bytes;
    }
    if (expected.count !== amount.count) return;
    if (Math.abs(expected.bytes - amount.bytes) > CLOSE * amount.bytes) return;
    for (const [what, each] of ran) add(sums, what, alone.get(what)!, each);
  });
  return [...sums]
    .filter(([what, { count, bytes }]) => what >= 0 && (count > 0 || bytes > 0))
    .map(([point, amount]) => ({ point, ...amount }));
}

function add(sums: Map<number, Amount>, what: number, { count, bytes }: Amount, times: number): void {
  // What a statement makes after it waited is its too.
  const of = what < -1 ? -2 - what : what;
  const sum = sums.get(of) ?? { count: 0, bytes: 0 };
  sums.set(of, { count: sum.count + times * count, bytes: sum.bytes + times * bytes });
}
