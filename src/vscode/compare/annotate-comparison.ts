import type { Comparison, FunctionComparison, LineComparison } from '../../model/comparison.ts';
import { comparisonLabels, comparisonRow, headline, wholeVerdict } from '../../report/comparison.ts';
import { type Anchor, alignLines } from '../align.ts';
import {
  type Annotated,
  type Annotation,
  isWhole,
  LEAST_WIDTH,
  type LineNote,
  linesBetween,
  outerFirst,
  widthOf,
} from '../annotate.ts';

/** What stands beside the lines of a text while two profiles are compared. */
export interface ComparedText extends Annotated {
  readonly notes: readonly LineNote[];
}

/** The lines of the function as it is after, each with what it is compared with. */
export function comparedLines({ after, lines }: FunctionComparison): readonly LineComparison[] {
  return after.fn.lines.map((stats) => lines.find((line) => line.after === stats)!);
}

/**
 * The differences beside the lines of a text, and after each function's header how much it became faster or slower, or keeps more or less.
 * @param functions those of the comparison's functions that are written in the text
 * @param now the lines of the text as it is
 */
export function annotateComparison(
  comparison: Comparison,
  functions: readonly FunctionComparison[],
  now: readonly string[],
): ComparedText {
  const rows: (Annotation | undefined)[] = [];
  const notes: LineNote[] = [];
  const widths: number[] = [];
  const changed = new Set<number>();
  const found: (readonly Anchor[])[] = [];
  for (const fn of outerFirst(functions.map(({ after }) => after.fn))) {
    const compared = functions[fn]!;
    const lines = comparedLines(compared);
    const profile = compared.after.fn;
    const texts = profile.lines.map(({ text }) => text);
    const anchors = alignLines(texts, profile.line, now);
    found.push(anchors);
    if (!isWhole(anchors, texts.length)) changed.add(fn);
    for (const { index, line, stale } of anchors) {
      const one = lines[index]!;
      const header = index === 0 && profile.endLine > profile.line;
      const row = comparisonRow(compared, one);
      const cells = header ? comparisonLabels(compared) : row.cells;
      cells.forEach((cell, k) => {
        widths[k] = Math.max(widths[k] ?? LEAST_WIDTH, cell.length);
      });
      const kind = header ? 'header' : (row.verdict ?? 'numbers');
      rows[line] = { line, cells, stale, fn, index, share: 0, kind, heat: header ? 0 : row.heat };
      if (index === 0) notes.push(noteOf(comparison, compared, line));
    }
  }
  const annotations = rows.filter((row) => row !== undefined);
  const labels = functions.map(comparisonLabels);
  const between = linesBetween(found, rows);
  return { width: widthOf(widths), widths, annotations, labels, changed, between, notes };
}

function noteOf({ before, after }: Comparison, compared: FunctionComparison, line: number): LineNote {
  const verdict = wholeVerdict(compared);
  const color =
    verdict === 'less' ? 'fasterForeground' : verdict === 'more' ? 'slowerForeground' : 'headerForeground';
  // Of one function the two times say little beside it: they are in its hover.
  const names = compared.before.fn.name === compared.after.fn.name ? '' : `   (${before} → ${after})`;
  return { line, text: headline(compared) + names, color };
}
