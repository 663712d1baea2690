import type { FunctionProfile, RunFacts } from '../model/profile.ts';
import { relativeMargin } from './margin.ts';
import { functionNotes, neverCalled } from './notes.ts';
import { count, duration, percentage, threeDigits } from './numbers.ts';
import { makePaint, type Paint, paintHeat } from './paint.ts';
import { type FunctionTable, functionTable, type RowOptions, type TableRow } from './rows.ts';
import { cleanText, cutToWidth, displayWidth, padLeft } from './text.ts';
import { unitSymbol } from './units.ts';

/** How a table is laid out. */
export interface TableOptions extends RowOptions {
  readonly color: boolean;
  /** Columns to keep to, or null for as many as it takes. */
  readonly width: number | null;
}

/** However narrow the terminal, this much of each source line stays. */
const LEAST_SOURCE = 20;

interface Column {
  readonly title: string;
  readonly least: number;
  readonly text: (row: TableRow) => string;
  readonly style: (row: TableRow, text: string, paint: Paint) => string;
}

const asHot: Column['style'] = (row, text, paint) => paintHeat(paint, row.heat, text);
const asIs: Column['style'] = (_row, text) => text;

/** The columns and their least widths: those of line_profiler, with the margin of % Time after it. */
function columnsOf(table: FunctionTable): Column[] {
  const perCall: Column = {
    title: table.perCall?.of === 'evaluation' ? 'Per Eval' : 'Per Call',
    least: 10,
    text: (row) => row.perCall,
    style: asIs,
  };
  return [
    {
      title: 'Line #',
      least: 6,
      text: (row) => String(row.line),
      style: (_row, text, paint) => paint.dim(text),
    },
    { title: 'Hits', least: 10, text: (row) => row.hits, style: asIs },
    { title: table.times === 'self' ? 'Self' : 'Time', least: 11, text: (row) => row.time, style: asHot },
    { title: 'Per Hit', least: 9, text: (row) => row.perHit, style: asIs },
    ...(table.perCall === null ? [] : [perCall]),
    {
      title: table.times === 'self' ? '% Self' : '% Time',
      least: 9,
      text: (row) => row.percent,
      style: asHot,
    },
    { title: '±', least: 5, text: (row) => row.margin, style: (_row, text, paint) => paint.dim(text) },
  ];
}

/** One function as line_profiler prints it: a header, a row for each line, and what must be known about it. */
export function renderTable(run: RunFacts, fn: FunctionProfile, options: TableOptions): string {
  const paint = makePaint(options.color);
  const table = functionTable(run, fn, options);
  const columns = columnsOf(table);
  const widths = columns.map(({ title, least, text }, index) =>
    // A space before every column but the first, so that long numbers do not touch.
    Math.max(least, displayWidth(title), ...table.rows.map((row) => text(row).length + (index > 0 ? 1 : 0))),
  );
  const left = widths.reduce((sum, width) => sum + width, 0) + 2;
  const room = options.width === null ? Infinity : Math.max(LEAST_SOURCE, options.width - left);

  const titles = `${columns.map(({ title }, index) => padLeft(title, widths[index]!)).join('')}  Line Contents`;
  const rows = table.rows.map((row) => {
    const cells = columns.map(({ text, style }, index) =>
      style(row, padLeft(text(row), widths[index]!), paint),
    );
    const source = cleanText(room === Infinity ? row.text : row.text.slice(0, room * 16 + 65));
    const shown = room === Infinity ? source : cutToWidth(source, room);
    return `${cells.join('')}  ${row.ran || shown === '' ? shown : paint.dim(shown)}`.trimEnd();
  });
  const notes = functionNotes(fn, run).map((note) => paint.warn(`Note: ${cleanText(note)}`));
  return [
    ...header(run, fn, table, paint),
    '',
    paint.title(titles),
    '='.repeat(displayWidth(titles)),
    ...rows,
    ...(notes.length > 0 ? ['', ...notes] : []),
    '',
  ].join('\n');
}

function header(run: RunFacts, fn: FunctionProfile, table: FunctionTable, paint: Paint): string[] {
  const margin = relativeMargin(fn.samples, run.samples);
  const total =
    fn.totalMicros === null || neverCalled(fn)
      ? 'not measured'
      : `${threeDigits(fn.totalMicros / 1e6)} s   (${margin === null ? '' : `±${percentage(margin)} %, `}${count(fn.samples, 'sample')} at ${duration(run.intervalMicros)})`;
  return [
    `Timer unit: 1 ${unitSymbol(table.unit)}`,
    `Total time: ${total}   Node ${cleanText(run.node)}`,
    `File: ${cleanText(fn.file)}`,
    `Function: ${paint.title(cleanText(fn.name))} at line ${fn.line}`,
    ...callsLine(run, fn, table),
  ];
}

function callsLine(run: RunFacts, fn: FunctionProfile, { perCall }: FunctionTable): string[] {
  if (perCall === null || run.repeats === null) return [];
  const each = fn.totalMicros === null ? '' : `, ${duration(fn.totalMicros / perCall.divisor)}`;
  return perCall.of === 'call'
    ? [
        `Calls: ${count(perCall.divisor, 'call')} in ${count(run.repeats, 'evaluation')}${each && `${each} a call`}`,
      ]
    : [`Calls: ${count(run.repeats, 'evaluation')}${each && `${each} each`}`];
}
