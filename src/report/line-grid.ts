import type { FunctionProfile, LineStats, RunFacts } from '../model/profile.ts';
import { type ColumnId, columnTexts } from './columns.ts';
import type { Cell, Grid, GridColumn, GridRow } from './grid.ts';
import { percentage } from './numbers.ts';

/** The columns of the lines table between the line's number and its source. */
const NUMBERS: readonly ColumnId[] = ['hits', 'time', 'perHit', 'percent', 'self'];
/** Those of a profile whose lines have self time alone (`RunFacts.times`). */
const SELF_NUMBERS: readonly ColumnId[] = ['self', 'percent'];

const TITLES: Readonly<Record<ColumnId, Omit<GridColumn, 'id' | 'unit'>>> = {
  hits: { title: 'Hits', kind: 'number', hint: 'How often the line was run.' },
  time: {
    title: 'Time',
    kind: 'number',
    hint: 'Time with the line on the stack, the functions it called included.',
  },
  perHit: { title: 'Per Hit', kind: 'number', hint: 'Time for each time the line was run.' },
  percent: {
    title: '% Time',
    kind: 'share',
    hint: 'Time as a share of the function’s time, ± its 95 % margin in points.',
  },
  memory: { title: 'Incr', kind: 'number', hint: 'Change of live memory, from a run of its own.' },
  self: { title: 'Self', kind: 'number', hint: 'Time in the line itself, without the functions it called.' },
};

/**
 * The lines table of one function: line_profiler's columns, Self, where the time was spent, and the source.
 * A profile of self time alone has no columns for what it does not know.
 * A row's key is the line's index in the function.
 * @param lineNow what the line's number is in the text as it is; null: it is gone. Absent: as profiled.
 */
export function lineGrid(
  run: RunFacts,
  fn: FunctionProfile,
  lineNow: (index: number) => number | null = (index) => fn.lines[index]!.line,
): Grid {
  const numbers = run.times === undefined ? NUMBERS : SELF_NUMBERS;
  const { labels, rows } = columnTexts(run, fn, numbers);
  const columns: GridColumn[] = [
    { id: 'line', title: 'Line', kind: 'number', hint: 'Number of the line.' },
    ...numbers.map((id, index) => ({ id, ...TITLES[id], ...titleOf(labels[index]!, TITLES[id].title) })),
    {
      id: 'where',
      title: 'Where',
      kind: 'where',
      hint: 'What V8 was running for the line: interpreted or optimised code, builtins, native code, the garbage collector. Sorted by the share that was not optimised.',
    },
    { id: 'code', title: 'Line Contents', kind: 'code', hint: 'The line as it was when it was profiled.' },
  ];
  return {
    columns,
    rows: rows.map(({ cells, heat, ran }, index): GridRow => {
      const line = fn.lines[index]!;
      return {
        key: index,
        cells: [
          numberCell(lineNow(index), line.line),
          ...numbers.map((id, at): Cell => {
            const aside = id === 'percent' ? marginOf(line) : '';
            return { text: cells[at]!, value: numberOf(line, id), ...(aside === '' ? {} : { aside }) };
          }),
          { text: '', value: unoptimised(line) },
          { text: line.text, value: line.text.trim() },
        ],
        heat,
        share: line.samples === 0 ? 0 : (line.percent ?? 0),
        state: !ran ? 'never' : line.samples > 0 || line.hits !== null ? 'numbers' : 'other',
        where: line.where,
      };
    }),
  };
}

function numberCell(now: number | null, profiled: number): Cell {
  return { text: now === null ? '' : String(now), value: profiled };
}

/** `Time ms` has the unit after the title; `% Self` is another title, of a profile of self time. */
function titleOf(label: string, title: string): Pick<GridColumn, 'title' | 'unit'> {
  if (!label.startsWith(title)) return { title: label };
  const unit = label.slice(title.length).trim();
  return unit === '' ? { title } : { title, unit };
}

function marginOf({ percentMargin, samples }: LineStats): string {
  return percentMargin === null || samples === 0 ? '' : `±${percentage(percentMargin)}`;
}

/** The number behind a cell, where there is one: what is blank is not sorted as 0. */
function numberOf(line: LineStats, id: ColumnId): number | null {
  if (id === 'hits') return line.hits;
  if (line.samples === 0) return null;
  switch (id) {
    case 'time':
      return line.totalMicros;
    case 'perHit':
      return line.totalMicros !== null && line.hits ? line.totalMicros / line.hits : null;
    case 'percent':
      return line.percent;
    case 'self':
      return line.selfSamples === 0 ? null : line.selfMicros;
    case 'memory':
      return line.memory?.incrementBytes ?? null;
  }
}

/** Samples outside optimised code, as a share of the line's. */
function unoptimised({ where }: LineStats): number | null {
  const all = Object.values(where).reduce((sum, samples) => sum + samples, 0);
  return all === 0 ? null : 1 - ((where.turbofan ?? 0) + (where.maglev ?? 0)) / all;
}
