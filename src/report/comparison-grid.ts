import type { FunctionComparison, LineComparison } from '../model/comparison.ts';
import { basisWords, comparisonLabels, comparisonRow, isOfMemory, timeBefore } from './comparison.ts';
import type { Cell, Grid, GridColumn } from './grid.ts';
import { memoryComparisonCells, memoryComparisonColumns } from './memory-comparison-grid.ts';

const LINE: GridColumn = { id: 'line', title: 'Line', kind: 'number', hint: 'Number of the line.' };
const CODE: GridColumn = {
  id: 'code',
  title: 'Line Contents',
  kind: 'code',
  hint: 'The line as it is after; gone ones as before.',
};

/**
 * The lines of a function before and after: times, or memory. A row's key is the line's index in the function after;
 * lines that are gone have keys below 0.
 * @param lineNow what the line's number is in the text as it is; null: it is gone. Absent: as profiled.
 */
export function comparisonGrid(
  fn: FunctionComparison,
  lineNow: (index: number) => number | null = (index) => fn.after.fn.lines[index]!.line,
): Grid {
  const ofMemory = isOfMemory(fn);
  const numbers = ofMemory ? memoryComparisonCells(fn) : fn.lines.map((line) => timeCells(fn, line));
  return {
    columns: [LINE, ...(ofMemory ? memoryComparisonColumns(basisWords(fn.basis)) : timeColumns(fn)), CODE],
    rows: fn.lines.map((line, index) => {
      // By number: a comparison that came over a border has copies of its lines.
      const at = fn.after.fn.lines.findIndex((one) => one.line === line.after?.line);
      const key = at === -1 ? -1 - index : at;
      const now = key < 0 ? null : lineNow(key);
      const { verdict, heat } = comparisonRow(fn, line);
      const { text } = (line.after ?? line.before)!;
      return {
        key,
        cells: [
          { text: now === null ? '' : String(now), value: line.after?.line ?? null },
          ...numbers[index]!,
          { text, value: text.trim() },
        ],
        heat,
        share: 0,
        state: line.after === null ? 'gone' : (verdict ?? 'other'),
        where: {},
      };
    }),
  };
}

function timeColumns(fn: FunctionComparison): GridColumn[] {
  const [time, delta] = comparisonLabels(fn);
  const unit = time!.slice('Time '.length);
  const per = basisWords(fn.basis);
  return [
    { id: 'before', title: 'Before', unit, kind: 'number', hint: `Time${per} before.` },
    { id: 'after', title: 'After', unit, kind: 'number', hint: `Time${per} after.` },
    {
      id: 'delta',
      title: delta!.slice(0, 1),
      unit,
      kind: 'number',
      hint: 'After minus before; ≈ where that may be chance.',
    },
    {
      id: 'points',
      title: 'Δ %',
      kind: 'number',
      hint: 'Difference of the shares of the function’s time, in points; ≈ where that may be chance.',
    },
  ];
}

function timeCells(fn: FunctionComparison, line: LineComparison): Cell[] {
  const [after, delta, points] = comparisonRow(fn, line).cells;
  const seen = (micros: number | null, shown: string): Cell => ({
    text: shown,
    value: shown === '' ? null : micros,
  });
  return [
    seen(line.beforeMicros, timeBefore(fn, line)),
    seen(line.afterMicros, after!),
    { text: delta!, value: line.time?.value ?? null },
    { text: points!, value: line.share?.value ?? null },
  ];
}
