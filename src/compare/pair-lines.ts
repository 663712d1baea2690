import { diffArrays } from 'diff';

/** Indices of lines that belong together; null: the line is new, or gone. */
export interface LinePair {
  readonly before: number | null;
  readonly after: number | null;
}

/** From this similarity on (0 to 1), a changed line is taken to have replaced another. */
const SIMILAR = 0.5;
/** More pairs of changed lines than this are not compared one by one. */
const MOST_PAIRS = 40_000;
/** More edits than this are not looked for. */
const MOST_EDITS = 2000;

/**
 * Which lines of two texts belong together: equal ones (indentation aside) in order, and between them changed ones
 * that are alike. The first lines, the functions' headers, always do. In the order of `after`, lines that are gone
 * where they were.
 */
export function pairLines(before: readonly string[], after: readonly string[]): LinePair[] {
  const trimmed = (lines: readonly string[]) => lines.map((text) => text.trim());
  const [old, now] = [trimmed(before), trimmed(after)];
  if (old.length === 0 || now.length === 0) return unpaired(0, old.length, 0, now.length);
  const pairs: LinePair[] = [{ before: 0, after: 0 }];
  const changes = diffArrays(old.slice(1), now.slice(1), { maxEditLength: MOST_EDITS });
  if (changes === undefined) return [...pairs, ...unpaired(1, old.length, 1, now.length)];
  let [from1, from2, to1, to2] = [1, 1, 1, 1];
  const flush = (): void => {
    pairs.push(...pairChanged(old, from1, to1, now, from2, to2));
    from1 = to1;
    from2 = to2;
  };
  for (const { added, removed, count } of changes) {
    if (added) to2 += count;
    else if (removed) to1 += count;
    else {
      flush();
      for (let k = 0; k < count; k++) pairs.push({ before: from1 + k, after: from2 + k });
      from1 = to1 = from1 + count;
      from2 = to2 = from2 + count;
    }
  }
  flush();
  return pairs;
}

function unpaired(from1: number, to1: number, from2: number, to2: number): LinePair[] {
  const pairs: LinePair[] = [];
  for (let k = from1; k < to1; k++) pairs.push({ before: k, after: null });
  for (let k = from2; k < to2; k++) pairs.push({ before: null, after: k });
  return pairs;
}

/** Pairs in order whose similarities add up to the most, by dynamic programming. */
function pairChanged(
  old: readonly string[],
  from1: number,
  to1: number,
  now: readonly string[],
  from2: number,
  to2: number,
): LinePair[] {
  const [rows, columns] = [to1 - from1, to2 - from2];
  if (rows === 0 || columns === 0 || rows * columns > MOST_PAIRS) return unpaired(from1, to1, from2, to2);
  const words1 = old.slice(from1, to1).map(wordsOf);
  const words2 = now.slice(from2, to2).map(wordsOf);
  const alike = words1.map((a) => words2.map((b) => similarity(a, b)));
  /** The most that the lines from (row, column) on add up to. */
  const best = Array.from({ length: rows + 1 }, () => new Float64Array(columns + 1));
  for (let row = rows - 1; row >= 0; row--) {
    for (let column = columns - 1; column >= 0; column--) {
      const one = alike[row]![column]!;
      const paired = one >= SIMILAR ? one + best[row + 1]![column + 1]! : 0;
      best[row]![column] = Math.max(paired, best[row + 1]![column]!, best[row]![column + 1]!);
    }
  }
  const pairs: LinePair[] = [];
  let [row, column] = [0, 0];
  while (row < rows && column < columns) {
    const one = alike[row]![column]!;
    if (one >= SIMILAR && best[row]![column] === one + best[row + 1]![column + 1]!) {
      pairs.push({ before: from1 + row++, after: from2 + column++ });
    } else if (best[row]![column] === best[row + 1]![column]) {
      pairs.push({ before: from1 + row++, after: null });
    } else {
      pairs.push({ before: null, after: from2 + column++ });
    }
  }
  return [...pairs, ...unpaired(from1 + row, to1, from2 + column, to2)];
}

type Words = ReadonlyMap<string, number>;

/** Names and numbers of a line, with how often each is there. */
function wordsOf(text: string): Words {
  const words = new Map<string, number>();
  for (const [word] of text.matchAll(/[\p{L}\p{N}_$]+/gu)) words.set(word, (words.get(word) ?? 0) + 1);
  return words;
}

/** Dice's coefficient of two lines' words: 1 for the same ones, 0 for none in common or none at all. */
function similarity(a: Words, b: Words): number {
  let [common, all] = [0, 0];
  for (const [word, count] of a) {
    common += Math.min(count, b.get(word) ?? 0);
    all += count;
  }
  for (const count of b.values()) all += count;
  return all === 0 ? 0 : (2 * common) / all;
}
