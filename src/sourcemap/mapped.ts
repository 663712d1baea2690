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

/** Whether both texts have the same word (or the same single sign) begin at these offsets. */
function sameWordAt(a: string, inA: number, b: string, inB: number): boolean {
  const word = /[\p{ID_Continue}$]+|[^\s]/uy;
  const wordAt = (text: string, at: number): string => {
    if (at > 0 && /[\p{ID_Continue}$]/u.test(text[at - 1]!) && /[\p{ID_Continue}$]/u.test(text[at] ?? ''))
      return '';
    word.lastIndex = at;
    return word.exec(text)?.[0] ?? '';
  };
  const first = wordAt(a, inA);
  return first !== '' && first === wordAt(b, inB);
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
  const originals = new Map<string, { readonly text: string; readonly starts: Int32Array } | null>();

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
  const originalOf = (file: string): { readonly text: string; readonly starts: Int32Array } | null => {
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
        // Sucrase's columns are of no use: its maps lead from line to line.
        const from = original?.starts[line] ?? 0;
        const end = original?.starts[line + 1] ?? original?.text.length ?? Number.POSITIVE_INFINITY;
        const entry: Segment = [from + given > end ? 0 : given, start + column];
        const entries = lines!.get(line + 1);
        if (entries === undefined) lines!.set(line + 1, [entry]);
        else entries.push(entry);
      }
    });
    for (const entries of lines.values()) entries.sort((a, b) => a[0] - b[0] || a[1] - b[1]);
    reverse.set(file, lines);
    return lines;
  };

  return {
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
    generatedOffset(file, line, fromColumn) {
      const entries = reverseOf(file).get(line) ?? [];
      const original = originalOf(file);
      const from = original?.starts[line - 1];
      const isSameWord = (offset: number): boolean =>
        original !== null && from !== undefined && sameWordAt(original.text, from + fromColumn, text, offset);
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
      if (before === undefined) return next?.[1] ?? null;
      // Maps of whole lines or statements have no segment for what stands further on in them.
      const last = entries[firstNotBelow(entries, before[0])]!;
      const there = last[1] + fromColumn - last[0];
      return isSameWord(there) ? there : (next?.[1] ?? null);
    },
  };
}
