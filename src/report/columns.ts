import type { LineMemory } from '../model/memory.ts';
import type { FunctionProfile, RunFacts } from '../model/profile.ts';
import type { HeatStep } from './heat.ts';
import { incrementCells } from './memory-columns.ts';
import { alignPoints, threeDigits } from './numbers.ts';
import { functionTable } from './rows.ts';
import { inUnit, type TimeUnit, timeDecimals, unitSymbol } from './units.ts';

/** The columns that can stand beside the code, as in the setting `lineprof.columns`. */
export const COLUMN_IDS = ['hits', 'time', 'perHit', 'percent', 'self', 'memory'] as const;
export type ColumnId = (typeof COLUMN_IDS)[number];

/** One line's cells, and what every view says of it. */
export interface ColumnRow {
  readonly cells: readonly string[];
  readonly heat: HeatStep;
  /** Length of the heat bar: the line's share of its function, 0 to 100. */
  readonly share: number;
  /** False where the line is known not to have run. */
  readonly ran: boolean;
}

/** The words of the columns for one function: labels for its first line, a row for each of its lines. */
export interface ColumnTexts {
  readonly labels: readonly string[];
  readonly rows: readonly ColumnRow[];
}

/** The word in place of the hits of a line that never ran. */
export const NEVER = 'never';

/**
 * Labels and cells of `columns` for a function. Blank where a line has no such number.
 * @param memory of each of its lines, from another run; absent: there was none
 */
export function columnTexts(
  run: RunFacts,
  fn: FunctionProfile,
  columns: readonly ColumnId[],
  memory?: readonly (LineMemory | null)[],
): ColumnTexts {
  const unit = shortUnit(fn.totalMicros ?? 0);
  const { rows } = functionTable(run, fn, { unit, skipZero: false });
  const self = selfCells(run, fn, unit);
  const perHit = perHitCells(fn);
  const increments = incrementCells(memory ?? fn.lines.map(() => null));
  const cell = (column: ColumnId, index: number): string => {
    const row = rows[index]!;
    const seen = fn.lines[index]!.samples > 0;
    switch (column) {
      case 'hits':
        return row.ran ? thousands(row.hits) : NEVER;
      case 'time':
        return seen ? row.time : '';
      case 'perHit':
        return perHit.cells[index]!;
      case 'percent':
        return seen ? row.percent : '';
      case 'self':
        return self[index]!;
      case 'memory':
        return increments[index]!;
    }
  };
  return {
    labels: columns.map((column) =>
      column === 'percent' && run.times !== undefined
        ? '% Self'
        : label(column, column === 'perHit' ? perHit.unit : unit),
    ),
    rows: rows.map(({ heat, ran }, index) => ({
      cells: columns.map((column) => cell(column, index)),
      heat,
      share: fn.lines[index]!.percent ?? 0,
      ran,
    })),
  };
}

/** Of the columns asked for, those that the lines of a run can fill: where they have self time alone, never none. */
export function columnsFor({ times }: RunFacts, wanted: readonly ColumnId[]): readonly ColumnId[] {
  if (times === undefined) return wanted;
  const known = wanted
    .map((id) => (id === 'time' ? 'self' : id))
    .filter((id) => id === 'self' || id === 'percent' || id === 'memory');
  return known.some((id) => id !== 'memory')
    ? [...new Set(known)]
    : ['self', 'percent', ...known.slice(0, 1)];
}

/** A smaller number is read faster than a finer one: at most four digits before the point. */
function shortUnit(micros: number): TimeUnit {
  if (micros < 1e4) return 'us';
  return micros < 1e7 ? 'ms' : 's';
}

function selfCells(run: RunFacts, fn: FunctionProfile, unit: TimeUnit): string[] {
  const decimals = timeDecimals(unit, run.intervalMicros);
  return alignPoints(
    fn.lines.map(({ selfMicros, selfSamples }) =>
      selfMicros === null || selfSamples === 0 ? '' : inUnit(selfMicros, unit).toFixed(decimals),
    ),
  );
}

/** Times of single hits are so much shorter than a function's that they have a unit of their own. */
function perHitCells(fn: FunctionProfile): { readonly unit: TimeUnit; readonly cells: readonly string[] } {
  const micros = fn.lines.map(({ hits, samples, totalMicros }) =>
    hits && samples > 0 && totalMicros !== null ? totalMicros / hits : null,
  );
  const largest = micros.reduce<number>((most, one) => Math.max(most, one ?? 0), 0);
  const unit = largest > 0 && largest < 10 ? 'ns' : shortUnit(largest);
  return {
    unit,
    cells: alignPoints(micros.map((one) => (one === null ? '' : threeDigits(inUnit(one, unit))))),
  };
}

/** `1234567` as `1,234,567`; a thousand times a redraw, so without a formatter. */
function thousands(hits: string): string {
  const digits = hits.trimEnd();
  return digits.length > 3 ? digits.replace(/\B(?=(?:\d{3})+$)/g, ',') : digits;
}

function label(column: ColumnId, unit: TimeUnit): string {
  switch (column) {
    case 'hits':
      return 'Hits';
    case 'time':
      return `Time ${unitSymbol(unit)}`;
    case 'perHit':
      return `Per Hit ${unitSymbol(unit)}`;
    case 'percent':
      return '% Time';
    case 'self':
      return `Self ${unitSymbol(unit)}`;
    case 'memory':
      return 'Incr MiB';
  }
}
