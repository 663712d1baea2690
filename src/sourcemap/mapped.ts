import { decodedMappings, type TraceMap, traceSegment } from '@jridgewell/trace-mapping';
import { lineIndexAt, lineStartsOf } from './line-starts.ts';
import type { MapperOptions, Positions } from './mapper.ts';
import { sourceCandidates } from './paths.ts';

/** What a map says of one place: its original column, and its offset in the text. */
type Segment = readonly [column: number, offset: number];

/** Index of the first segment whose column is not below `column`. */
function firstNotBelow(segments: readonly Segment[], column: number): number {
  let low = 0;
  let high = segments.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (segments[middle]![0] < column) low = middle + 1;
    else high = middle;
  }
  return low;
}

const WORD_SIGN = /[\p{ID_Continue}$]/u;

/** The word (or the single sign) that begins at an offset of a text; '' where none does. */
function wordAt(text: string, at: number): string {
  if (at > 0 && WORD_SIGN.test(text[at - 1]!) && WORD_SIGN.test(text[at] ?? '')) return '';
  const word = /[\p{ID_Continue}$]+|[^\s]/uy;
  word.lastIndex = at;
  return word.exec(text)?.[0] ?? '';
}

/** Where a word begins within [from, to) of a text. */
function placesOf(word: string, text: string, [from, to]: readonly [number, number]): number[] {
  const places: number[] = [];
  for (let at = text.indexOf(word, from); at >= 0 && at < to; at = text.indexOf(word, at + 1)) {
    if (wordAt(text, at) === word) places.push(at);
  }
  return places;
}

/** A text with the offsets where its lines start. */
interface Lined {
  readonly text: string;
  readonly starts: Int32Array;
}

/** Whether a line (from 0) is so long: sucrase's columns are of no use, and may lie behind the line. Not known: yes. */
function isOnLine(original: Lined | null, line: number, column: number): boolean {
  if (original === null) return true;
  return (original.starts[line] ?? 0) + column <= (original.starts[line + 1] ?? original.text.length);
}

/** The positions of a text by its source map; `folder` is what the map's relative sources start from. */
export function mappedPositions(
  map: TraceMap,
  folder: string,
  text: string,
  starts: Int32Array,
  options: MapperOptions,
): Positions {
  const names = map.sources.map((source, index) => ({ source, index }));
  const resolved: (string | null)[] = [];
  const texts = new Map<string, string | null>();
  /** Original line → its segments by column, then offset, by source. */
  const reverse = new Map<string, Map<number, Segment[]>>();
  const originals = new Map<string, Lined | null>();

  const fileOf = (index: number): string | null => {
    const known = resolved[index];
    if (known !== undefined) return known;
    const source = map.sources[index] ?? null;
    let file: string | null = null;
    if (source !== null) {
      const candidates = sourceCandidates(source, map.sourceRoot ?? '', folder, options.cwd);
      file = candidates.find((path) => options.readFile(path) !== null) ?? candidates[0] ?? source;
      if (!texts.has(file)) texts.set(file, map.sourcesContent?.[index] ?? options.readFile(file));
    }
    resolved[index] = file;
    return file;
  };

  const textOf = (file: string): string | null => {
    for (const { index } of names) fileOf(index);
    return texts.get(file) ?? null;
  };

  /** The text of a source with where its lines start; null when it is not to be had. */
  const originalOf = (file: string): Lined | null => {
    let original = originals.get(file);
    if (original === undefined) {
      const known = textOf(file);
      original = known === null ? null : { text: known, starts: lineStartsOf(known) };
      originals.set(file, original);
    }
    return original;
  };

  const reverseOf = (file: string): Map<number, Segment[]> => {
    let lines = reverse.get(file);
    if (lines !== undefined) return lines;
    lines = new Map();
    const wanted = new Set(names.filter(({ index }) => fileOf(index) === file).map(({ index }) => index));
    const original = originalOf(file);
    decodedMappings(map).forEach((segments, generatedLine) => {
      const start = starts[generatedLine];
      if (start === undefined) return;
      for (const segment of segments) {
        if (segment.length === 1 || !wanted.has(segment[1])) continue;
        const [column, , line, given] = segment;
        const entry: Segment = [isOnLine(original, line, given) ? given : 0, start + column];
        const entries = lines!.get(line + 1);
        if (entries === undefined) lines!.set(line + 1, [entry]);
        else entries.push(entry);
      }
    });
    for (const entries of lines.values()) entries.sort((a, b) => a[0] - b[0] || a[1] - b[1]);
    reverse.set(file, lines);
    return lines;
  };

  /** Where what the map says of an offset ends: at the next segment, or with the line. */
  const endOfRange = (offset: number): number => {
    const line = lineIndexAt(starts, offset);
    const lineEnd = starts[line + 1] ?? text.length;
    const next = decodedMappings(map)[line]?.find(([column]) => starts[line]! + column > offset);
    return next === undefined ? lineEnd : starts[line]! + next[0];
  };

  let hasColumns: boolean | undefined;
  const findColumns = (): boolean =>
    decodedMappings(map).some((segments) =>
      segments.some((segment) => {
        const file = segment.length === 1 || segment[3] === 0 ? null : fileOf(segment[1]);
        return file !== null && isOnLine(originalOf(file), segment[2]!, segment[3]!);
      }),
    );

  return {
    get hasColumns() {
      hasColumns ??= findColumns();
      return hasColumns;
    },
    hasSources: () =>
      names.some(({ index }) => {
        if (map.sourcesContent?.[index] != null) return true;
        const file = fileOf(index);
        return file !== null && texts.get(file) != null;
      }),
    get files() {
      return [...new Set(names.map(({ index }) => fileOf(index)).filter((file) => file !== null))];
    },
    at(offset) {
      const line = lineIndexAt(starts, offset);
      const segment = traceSegment(map, line, offset - starts[line]!);
      if (segment === null || segment.length === 1) return null;
      const file = fileOf(segment[1]);
      return file === null ? null : { file, line: segment[2] + 1, column: segment[3] };
    },
    sourceText: textOf,
    isFromDisk: (file) =>
      names.some(({ index }) => fileOf(index) === file && map.sourcesContent?.[index] == null),
    generatedOffset(file, line, fromColumn) {
      const entries = reverseOf(file).get(line) ?? [];
      const original = originalOf(file);
      const from = original?.starts[line - 1];
      const word = original === null || from === undefined ? '' : wordAt(original.text, from + fromColumn);
      const isSameWord = (offset: number): boolean => word !== '' && wordAt(text, offset) === word;
      const at = firstNotBelow(entries, fromColumn);
      const next = entries[at];
      const before = entries[at - 1];
      if (next?.[0] === fromColumn) {
        // The place may stand for what the compiler put before it on a line, too.
        const exact = entries.slice(at, firstNotBelow(entries, fromColumn + 1));
        return (
          (exact.length > 1 ? exact.find(([, offset]) => isSameWord(offset)) : undefined)?.[1] ?? next[1]
        );
      }
      if (before === undefined || original === null || from === undefined) return next?.[1] ?? null;
      // Maps of whole lines or statements have no segment for what stands further on in them.
      const same = entries.slice(firstNotBelow(entries, before[0]), at);
      const there = same[0]![1] + fromColumn - before[0];
      if (isSameWord(there)) return there;
      if (word !== '') {
        // The compiler indents otherwise, leaves out types, or writes one line as several: the same of as many words.
        const end = next === undefined ? (original.starts[line] ?? original.text.length) : from + next[0];
        const given = placesOf(word, original.text, [from + before[0], end]);
        const made = same.flatMap(([, offset]) => placesOf(word, text, [offset, endOfRange(offset)]));
        const found = made[given.indexOf(from + fromColumn)];
        if (given.length === made.length && found !== undefined) return found;
      }
      return next?.[1] ?? null;
    },
  };
}
