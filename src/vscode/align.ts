import { diffArrays } from 'diff';

/** Where a profiled line stands in the text as it is now. */
export interface Anchor {
  /** Index into the profiled lines. */
  readonly index: number;
  /** 1-based line of the text as it is now. */
  readonly line: number;
  /** The line was changed since it was profiled: its numbers are about what stood there before. */
  readonly stale: boolean;
}

/** More changed lines than this are not compared one by one. */
const MOST_EDITS = 2000;

/**
 * Finds the lines of a profiled function in a text by what they hold, whatever was typed, moved, formatted
 * or checked out in between: equal lines (indentation aside) in order, and between them changed lines one
 * to one, marked stale. Lines that are gone have no anchor; empty when the function itself is not found.
 * @param profiled the function's lines as they were, its header first
 * @param line 1-based line where the header was
 * @param now the lines of the text as it is
 */
export function alignLines(profiled: readonly string[], line: number, now: readonly string[]): Anchor[] {
  if (profiled.length === 0) return [];
  const before = profiled.map((text) => text.trim());
  const start = findStart(before, line, now);
  if (start === null) return [];
  const end = findEnd(profiled, start, now);
  const after = now.slice(start - 1, end).map((text) => text.trim());
  const anchors: Anchor[] = [];
  let index = 0;
  let at = start;
  let removed = 0;
  const changes = diffArrays(before, after, { maxEditLength: MOST_EDITS });
  if (changes === undefined) return [];
  for (const change of changes) {
    if (change.removed) {
      removed = change.count;
    } else if (change.added) {
      for (let k = 0; k < Math.min(removed, change.count); k++) {
        anchors.push({ index: index + k, line: at + k, stale: true });
      }
      index += removed;
      removed = 0;
      at += change.count;
    } else {
      index += removed;
      removed = 0;
      for (let k = 0; k < change.count; k++) anchors.push({ index: index + k, line: at + k, stale: false });
      index += change.count;
      at += change.count;
    }
  }
  return anchors;
}

/** The line of the header: of those that read like it, the one followed by most lines of the function. */
function findStart(before: readonly string[], line: number, now: readonly string[]): number | null {
  const candidates: number[] = [];
  for (let at = 1; at <= now.length; at++) if (now[at - 1]!.trim() === before[0]) candidates.push(at);
  // A header that was edited itself still starts the same lines.
  if (candidates.length === 0) candidates.push(...headersAround(before, line, now));
  let best: number | null = null;
  let bestScore = -1;
  for (const at of candidates) {
    const score = sameLines(before, at, now) - Math.abs(at - line) / (now.length + 1);
    if (score > bestScore) {
      best = at;
      bestScore = score;
    }
  }
  return best;
}

/** Where the header would be if one of the function's longer lines is still there, once. */
function headersAround(before: readonly string[], line: number, now: readonly string[]): number[] {
  const places = new Map<string, number[]>();
  now.forEach((text, at) => {
    const key = text.trim();
    const known = places.get(key);
    if (known) known.push(at + 1);
    else places.set(key, [at + 1]);
  });
  const found: number[] = [];
  for (let index = 1; index < before.length && found.length < 20; index++) {
    const at = before[index]!.length >= 8 ? places.get(before[index]!) : undefined;
    if (at?.length === 1 && at[0]! - index >= 1) found.push(at[0]! - index);
  }
  return found.includes(line) ? [line, ...found] : found;
}

/** How many of the function's lines follow at `at`, looking at the first hundred. */
function sameLines(before: readonly string[], at: number, now: readonly string[]): number {
  const texts = new Map<string, number>();
  const length = Math.min(before.length, 100);
  for (let k = 0; k < length; k++) {
    const text = now[at - 1 + k]?.trim();
    if (text) texts.set(text, (texts.get(text) ?? 0) + 1);
  }
  let same = 0;
  for (let k = 0; k < length; k++) {
    const left = texts.get(before[k]!) ?? 0;
    if (left > 0) {
      same += 1;
      texts.set(before[k]!, left - 1);
    }
  }
  return same;
}

/**
 * The function's last line now: the first one after the header that is no deeper than it and reads like the
 * last line did; else as many lines as the function had.
 */
function findEnd(profiled: readonly string[], start: number, now: readonly string[]): number {
  const last = profiled.at(-1)!.trim();
  if (profiled.length > 1) {
    const depth = indentation(now[start - 1]!);
    for (let at = start + 1; at <= now.length; at++) {
      const text = now[at - 1]!;
      if (text.trim() === last && indentation(text) <= depth) return at;
    }
  }
  return Math.min(now.length, start + profiled.length - 1);
}

function indentation(text: string): number {
  return text.length - text.trimStart().length;
}
