import type { LineMemory } from '../model/memory.ts';
import type { FunctionProfile, RunFacts } from '../model/profile.ts';
import { type ColumnId, type ColumnTexts, columnsFor, columnTexts } from '../report/columns.ts';
import type { HeatStep } from '../report/heat.ts';
import { memoryBasis, memoryColumnCount, memoryColumns } from '../report/memory-columns.ts';
import { type Anchor, alignLines } from './align.ts';

/**
 * - `header`: the function's first line, with the labels of the columns
 * - `numbers`: a line that ran, or that holds no code: its cells, blank ones included
 * - `never`: a line with code that never ran
 * - `less`, `more`, `noise`: a line whose numbers are differences, and what they say
 */
export type AnnotationKind = 'header' | 'numbers' | 'never' | 'less' | 'more' | 'noise';

/** What stands before one line of the text. */
export interface Annotation {
  /** 1-based line of the text as it is now. */
  readonly line: number;
  readonly kind: AnnotationKind;
  /** One text for each column, not padded. */
  readonly cells: readonly string[];
  /** The line's share of its function's time or memory, 0 to 100. */
  readonly share: number;
  readonly heat: HeatStep;
  /** The line was changed since it was measured. */
  readonly stale: boolean;
  /** Index into the functions given. */
  readonly fn: number;
  /** Index into that function's lines. */
  readonly index: number;
}

/** The annotations of one text, ascending by line, and what it takes to write them as a table. */
export interface Annotated {
  /** Of the column block and the gap after it, in characters. */
  readonly width: number;
  /** Of each column. */
  readonly widths: readonly number[];
  readonly annotations: readonly Annotation[];
  /** The columns' titles, by function. */
  readonly labels: readonly (readonly string[])[];
  /** Indices of the functions whose text is not what was measured: lines changed, gone or put between. */
  readonly changed: ReadonlySet<number>;
  /** 1-based lines put between a function's since it was measured: nothing stands before them but room. */
  readonly between: readonly number[];
}

/** Characters between two columns. */
const GAP = 2;
/** In characters. Narrower columns than this would change their width with every run. */
export const LEAST_WIDTH = 6;

/**
 * What stands before the lines of a text: for every line of `functions` that is still there, its cells
 * aligned right in columns of one width for the whole text. A line of a function inside another shown
 * function belongs to the inner one.
 * @param now the lines of the text as it is
 * @param least widths that the columns have already, so that numbers that grow never move the code back
 * @param memory of each line of a function, from another run; undefined: there was none
 */
export function annotate(
  run: RunFacts,
  functions: readonly FunctionProfile[],
  wanted: readonly ColumnId[],
  now: readonly string[],
  least: readonly number[] = [],
  memory: (fn: FunctionProfile) => readonly (LineMemory | null)[] | undefined = () => undefined,
): Annotated {
  const columns = columnsFor(run, wanted);
  const texts = (fn: FunctionProfile) => columnTexts(run, fn, columns, memory(fn));
  return annotateWith(columns.length, texts, functions, now, least);
}

/** The same for functions whose memory was read: in the columns of report/memory-columns.ts. */
export function annotateMemory(functions: readonly FunctionProfile[], now: readonly string[]): Annotated {
  const basis = memoryBasis(functions);
  return annotateWith(memoryColumnCount(basis), (fn) => memoryColumns(fn, basis), functions, now, []);
}

function annotateWith(
  count: number,
  textsOf: (fn: FunctionProfile) => ColumnTexts,
  functions: readonly FunctionProfile[],
  now: readonly string[],
  least: readonly number[],
): Annotated {
  const rows: (Annotation | undefined)[] = [];
  const widths = Array.from({ length: count }, (_, column) => Math.max(LEAST_WIDTH, least[column] ?? 0));
  const changed = new Set<number>();
  const found: (readonly Anchor[])[] = [];
  const titles: (readonly string[])[] = [];
  for (const fn of outerFirst(functions)) {
    const profile = functions[fn]!;
    const { labels, rows: texts } = textsOf(profile);
    titles[fn] = labels;
    const profiled = profile.lines.map((line) => line.text);
    const anchors = alignLines(profiled, profile.line, now);
    found.push(anchors);
    if (!isWhole(anchors, profiled.length)) changed.add(fn);
    for (const { index, line, stale } of anchors) {
      const { cells, heat, share, ran } = texts[index]!;
      // Where the first line is all of the function, or warm itself, its numbers are worth more than labels; how
      // often a parameter's default was taken is not.
      const header =
        index === 0 && heat === 0 && profile.endLine > profile.line && !worksAtOnce(profile) ? labels : null;
      const written = header ?? cells;
      // A callback's first and last line are often the line of the call around it, which has the numbers.
      const outer = rows[line];
      if ((header !== null || isBlank(cells)) && outer?.kind === 'numbers' && !isBlank(outer.cells)) continue;
      for (let k = 0; k < widths.length; k++) widths[k] = Math.max(widths[k]!, written[k]!.length);
      rows[line] = {
        line,
        kind: header ? 'header' : ran ? 'numbers' : 'never',
        cells: written,
        share: header ? 0 : share,
        heat: header ? 0 : heat,
        stale,
        fn,
        index,
      };
    }
  }
  return {
    width: widthOf(widths),
    widths,
    annotations: rows.filter((row) => row !== undefined),
    labels: titles,
    changed,
    between: linesBetween(found, rows),
  };
}

function isBlank(cells: readonly string[]): boolean {
  return cells.every((cell) => cell === '');
}

/** Width of a block of columns and the gap after it, in characters. */
export function widthOf(widths: readonly number[]): number {
  return widths.reduce((sum, width) => sum + width + GAP, 0);
}

/** What stands after a line of the text. */
export interface LineNote {
  /** 1-based. */
  readonly line: number;
  readonly text: string;
  /** Which of the contributed colors it has, `lineprof.` left out. */
  readonly color: string;
}

/** The columns before one line: its cells aligned right, as wide on all lines of the text. */
export function columnsText({ widths }: Annotated, { cells }: Annotation): string {
  return cells.map((cell, column) => cell.padStart(widths[column]!)).join(' '.repeat(GAP));
}

/** All lines are there as they were, one after the other. */
export function isWhole(anchors: readonly Anchor[], length: number): boolean {
  const first = anchors[0]?.line ?? 0;
  return (
    anchors.length === length && anchors.every(({ line, stale }, index) => !stale && line === first + index)
  );
}

/** Lines from the first to the last of a function that no row stands for. */
export function linesBetween(
  functions: readonly (readonly Anchor[])[],
  rows: readonly (Annotation | undefined)[],
): number[] {
  const between = new Set<number>();
  for (const anchors of functions) {
    const last = anchors.at(-1)?.line ?? 0;
    for (let line = anchors[0]?.line ?? 1; line < last; line++)
      if (rows[line] === undefined) between.add(line);
  }
  return [...between];
}

/** A module's first line may be code like any other. */
function worksAtOnce({ name, lines }: FunctionProfile): boolean {
  return name === '<module>' && lines[0]!.samples > 0;
}

/** Indices of the functions, so that an inner function comes after the ones around it. */
export function outerFirst(functions: readonly FunctionProfile[]): number[] {
  const length = (fn: FunctionProfile) => fn.endLine - fn.line;
  return functions
    .map((_, index) => index)
    .sort((a, b) => length(functions[b]!) - length(functions[a]!) || a - b);
}
