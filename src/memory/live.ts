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

/** Whether a mean change differs from none by more than V8's own comings and goings explain. */
function isSure({ changed, squares, count }: Alone): boolean {
  if (count < ENOUGH) return false;
  const mean = changed / count;
  const variance = Math.max(0, squares / count - mean * mean);
  return Math.abs(mean) > 3 * Math.sqrt(variance / count);
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
 * alone between two collections, or less if less was; and what then remains, in proportion to what was allocated.
 */
export function liveBytes(records: Records): Float64Array | null {
  const { length, allocated, live, kind } = records;
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

  const isReading = (index: number): boolean => kind[index] !== ENTER;
  const grown = (index: number): number => Math.max(0, allocated[index]! - (allocated[index - 1] ?? 0));
  const alone = new Map<number, Alone>();
  for (let m = 1; m < marks.length; m++) {
    const [from, to] = [marks[m - 1]!, marks[m]!];
    let readings = 0;
    for (let i = from + 1; i <= to; i++) if (isReading(i)) readings++;
    if (readings !== 1) continue;
    const seen = alone.get(ran[to]!) ?? { changed: 0, squares: 0, allocated: 0, count: 0 };
    const change = live[to]! - live[from]!;
    seen.changed += change;
    seen.squares += change * change;
    seen.allocated += grown(to);
    seen.count++;
    alone.set(ran[to]!, seen);
  }
  const expected = (index: number): number => {
    const seen = alone.get(ran[index]!);
    if (seen === undefined) return 0;
    // A statement that allocates keeps a share of it; one that lets go changes as much each time.
    if (seen.changed < 0) return isSure(seen) ? seen.changed / seen.count : 0;
    return seen.allocated === 0 ? 0 : Math.min(1, seen.changed / seen.allocated) * grown(index);
  };

  const result = new Float64Array(length);
  // Before the first collection and after the last, all that was allocated may live.
  const base = live[first]! - allocated[first]!;
  for (let i = 0; i <= first; i++) result[i] = base + allocated[i]!;
  for (let m = 1; m < marks.length; m++) {
    const [from, to] = [marks[m - 1]!, marks[m]!];
    let kept = 0;
    let dropped = 0;
    let bytes = 0;
    for (let i = from + 1; i <= to; i++) {
      if (!isReading(i)) continue;
      const one = expected(i);
      if (one > 0) kept += one;
      else dropped += one;
      bytes += grown(i);
    }
    const change = live[to]! - live[from]!;
    const scale = scaleOf(change, kept, dropped);
    const rest = change - scale.kept * kept - scale.dropped * dropped;
    const share = bytes > 0 ? rest / bytes : 0;
    for (let i = from + 1; i <= to; i++) {
      result[i] = result[i - 1]!;
      if (!isReading(i)) continue;
      const one = expected(i);
      result[i] = result[i]! + one * (one > 0 ? scale.kept : scale.dropped) + share * grown(i);
    }
    result[to] = live[to]!;
  }
  const last = marks.at(-1)!;
  for (let i = last + 1; i < length; i++) result[i] = live[last]! + allocated[i]! - allocated[last]!;
  return result;
}
