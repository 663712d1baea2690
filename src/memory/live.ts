import { ENTER } from '../protocol/memory.ts';
import { type Records, walk } from './records.ts';

/** What a statement did where it ran alone between two collections. */
interface Alone {
  changed: number;
  squares: number;
  allocated: number;
  count: number;
}

/** Readings alone that say something of a statement that runs often. */
const ENOUGH = 5;

/** V8's own comings and goings between two collections, as a rule (bytes); and what is next to none of them. */
const NOISE_BYTES = 4096;
const LITTLE_BYTES = 64;

/** Whether a change between two collections says something of a statement, and not of V8. */
function isTelling(changed: number, allocated: number): boolean {
  if (Math.max(Math.abs(changed), allocated) > NOISE_BYTES) return true;
  return Math.abs(changed) <= LITTLE_BYTES || Math.abs(changed - allocated) <= LITTLE_BYTES;
}

/** Whether a mean change differs from none by more than V8's own comings and goings explain. */
function isSure({ changed, squares, count }: Alone): boolean {
  if (count < ENOUGH) return false;
  const mean = changed / count;
  const variance = Math.max(0, squares / count - mean * mean);
  return Math.abs(mean) > 3 * Math.sqrt(variance / count);
}

/** What a statement kept of what it allocated between the first collection and the last. */
interface Kept {
  changed: number;
  grown: number;
}

/** How much of what is expected to be kept and dropped a window's known change leaves room for. */
function scaleOf(
  change: number,
  kept: number,
  dropped: number,
): { readonly kept: number; readonly dropped: number } {
  if (change >= kept + dropped) return { kept: 1, dropped: dropped < 0 && change > kept ? 0 : 1 };
  // Less lives than was expected: less was kept, or, where nothing was, more dropped than is known.
  return { kept: kept > 0 ? Math.max(0, (change - dropped) / kept) : 0, dropped: 1 };
}

/**
 * Live bytes at every reading; null when no collection was made. Between two collections the change is known as a
 * whole. It is dealt out to the statements that ran there: to each the share that it kept where it ran
 * alone between two collections, or less if less was; and what then remains, in proportion to what was allocated,
 * to those first of which nothing is known.
 * Where the time for collections ended before the program, those of V8's own tell what lives at most; after the last
 * of them each statement is taken to keep of what it allocates what it kept until then.
 */
export function liveBytes(records: Records): Float64Array | null {
  const { length, allocated, kind, atMost } = records;
  const live = records.live.slice();
  /** The statement that ran before each reading; -1: none. */
  const ran = new Int32Array(length).fill(-1);
  walk(records, {
    passed: (call, index) => {
      ran[index] = call?.point ?? -1;
    },
  });
  const marks: number[] = [];
  for (let i = 0; i < length; i++) if (!Number.isNaN(live[i]!)) marks.push(i);
  const first = marks[0];
  if (first === undefined) return null;

  const lastForced = marks.at(-1)!;

  const isReading = (index: number): boolean => kind[index] !== ENTER;
  const grown = (index: number): number => Math.max(0, allocated[index]! - (allocated[index - 1] ?? 0));
  const alone = new Map<number, Alone>();
  for (let m = 1; m < marks.length; m++) {
    const [from, to] = [marks[m - 1]!, marks[m]!];
    let readings = 0;
    for (let i = from + 1; i <= to; i++) if (isReading(i)) readings++;
    if (readings !== 1) continue;
    const change = live[to]! - live[from]!;
    if (!isTelling(change, grown(to))) continue;
    const seen = alone.get(ran[to]!) ?? { changed: 0, squares: 0, allocated: 0, count: 0 };
    seen.changed += change;
    seen.squares += change * change;
    seen.allocated += grown(to);
    seen.count++;
    alone.set(ran[to]!, seen);
  }
  const isUnknown = (index: number): boolean => !alone.has(ran[index]!);
  const expected = (index: number): number => {
    const seen = alone.get(ran[index]!);
    if (seen === undefined) return 0;
    // A statement that allocates keeps a share of it; one that lets go changes as much each time.
    if (seen.changed < 0) return isSure(seen) ? seen.changed / seen.count : 0;
    return seen.allocated === 0 ? 0 : Math.min(1, seen.changed / seen.allocated) * grown(index);
  };

  for (let i = lastForced + 1; i < length; i++) {
    if (Number.isNaN(atMost[i]!)) continue;
    live[i] = atMost[i]!;
    marks.push(i);
  }
  const result = new Float64Array(length);
  // Before the first collection all that was allocated may live.
  const base = live[first]! - allocated[first]!;
  for (let i = 0; i <= first; i++) result[i] = base + allocated[i]!;
  for (let m = 1; m < marks.length; m++) {
    const [from, to] = [marks[m - 1]!, marks[m]!];
    let kept = 0;
    let dropped = 0;
    let bytes = 0;
    let unknown = 0;
    for (let i = from + 1; i <= to; i++) {
      if (!isReading(i)) continue;
      const one = expected(i);
      if (one > 0) kept += one;
      else dropped += one;
      bytes += grown(i);
      if (isUnknown(i)) unknown += grown(i);
    }
    const change = live[to]! - live[from]!;
    const scale = scaleOf(change, kept, dropped);
    const rest = change - scale.kept * kept - scale.dropped * dropped;
    // More lives than is known of: those kept it of which nothing is known, if they allocated as much.
    const toUnknown = rest > 0 && rest <= unknown;
    const takers = toUnknown ? unknown : bytes;
    const share = takers > 0 ? rest / takers : 0;
    for (let i = from + 1; i <= to; i++) {
      result[i] = result[i - 1]!;
      if (!isReading(i)) continue;
      const one = expected(i);
      result[i] =
        result[i]! +
        one * (one > 0 ? scale.kept : scale.dropped) +
        (toUnknown && !isUnknown(i) ? 0 : share * grown(i));
    }
    result[to] = live[to]!;
  }
  const last = marks.at(-1)!;
  const share = keptShares(first, last);
  for (let i = last + 1; i < length; i++)
    result[i] = result[i - 1]! + (isReading(i) ? share(ran[i]!) * grown(i) : 0);
  return result;

  /** The share of what it allocates that a statement keeps, from 0 to 1; of one that is not known, all. */
  function keptShares(from: number, to: number): (point: number) => number {
    const kept = new Map<number, Kept>();
    for (let i = from + 1; i <= to; i++) {
      if (!isReading(i)) continue;
      const sum = kept.get(ran[i]!) ?? { changed: 0, grown: 0 };
      sum.changed += result[i]! - result[i - 1]!;
      sum.grown += grown(i);
      kept.set(ran[i]!, sum);
    }
    return (point) => {
      const sum = kept.get(point);
      if (sum === undefined || sum.grown === 0) return 1;
      return Math.min(1, Math.max(0, sum.changed / sum.grown));
    };
  }
}
