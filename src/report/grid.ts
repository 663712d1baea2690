import type { WhereCounts } from '../model/profile.ts';
import type { HeatStep } from './heat.ts';

/** What a cell is sorted by; null: not known, which comes last in either direction. */
export type CellValue = number | string | null;

/** One cell: what is shown, what stands small beside it, and what it is sorted by. */
export interface Cell {
  readonly text: string;
  /** As a margin: `±1.5`. */
  readonly aside?: string;
  /** In words, where the text is not all there is to say. */
  readonly title?: string;
  /** What a difference says; absent where the row's state says it, or nothing is to be said. */
  readonly verdict?: 'less' | 'more' | 'noise';
  readonly value: CellValue;
}

/**
 * How a column is drawn: a `number` is aligned right, a `share` has the heat bar as well, `where` is a bar of
 * the row's machine states, `name` and `code` are text, code in the editor's font with its indentation.
 */
export type ColumnKind = 'number' | 'share' | 'where' | 'name' | 'code';

/** A column of a grid; columns of other measurements (memory, a comparison) are more of the same. */
export interface GridColumn {
  readonly id: string;
  readonly title: string;
  /** Smaller, after the title: `ms`. */
  readonly unit?: string;
  /** What the numbers mean, in a sentence. */
  readonly hint: string;
  readonly kind: ColumnKind;
}

/** A row of a grid, one cell for each column. */
export interface GridRow {
  /** What the row is about: an index into what the grid was made of. */
  readonly key: number;
  readonly cells: readonly Cell[];
  readonly heat: HeatStep;
  /** Length of the heat bar, 0 to 100. */
  readonly share: number;
  /**
   * `never`: known not to have run; `other`: no number is to be expected. Compared with another run: `less` or
   * `more` (time, or memory), `noise` where that may be chance, `gone` for lines that were there before.
   */
  readonly state: 'numbers' | 'never' | 'other' | 'less' | 'more' | 'noise' | 'gone';
  readonly where: WhereCounts;
}

/** Rows of text and numbers that can be sorted and filtered, drawn or written in any form. */
export interface Grid {
  readonly columns: readonly GridColumn[];
  readonly rows: readonly GridRow[];
}

/** By which column rows are sorted; null: as they come. */
export type Sorting = { readonly column: string; readonly descending: boolean } | null;

/** The sorting after a click on a column: the telling direction first, then the other one, then none. */
export function nextSorting({ id, kind }: GridColumn, now: Sorting): Sorting {
  const first = kind === 'number' || kind === 'share' || kind === 'where';
  if (now?.column !== id) return { column: id, descending: first };
  return now.descending === first ? { column: id, descending: !first } : null;
}

/** The rows in order; equal ones as they come, unknown values last. A column that is not there sorts nothing. */
export function sortRows({ columns, rows }: Grid, sorting: Sorting): readonly GridRow[] {
  const index = columns.findIndex(({ id }) => id === sorting?.column);
  if (sorting === null || index === -1) return rows;
  const sign = sorting.descending ? -1 : 1;
  return [...rows].sort((a, b) => {
    const [left, right] = [a.cells[index]!.value, b.cells[index]!.value];
    if (left === null || right === null) return Number(left === null) - Number(right === null);
    return sign * compare(left, right);
  });
}

function compare(a: number | string, b: number | string): number {
  if (typeof a === 'number' && typeof b === 'number') return a - b;
  return String(a).localeCompare(String(b), 'en', { numeric: true });
}

/** The rows that hold a text in a name, in their code or in their numbers as shown; case does not matter. */
export function filterRows(rows: readonly GridRow[], text: string): readonly GridRow[] {
  const wanted = text.trim().toLowerCase();
  if (wanted === '') return rows;
  return rows.filter(({ cells }) => cells.some((cell) => cell.text.toLowerCase().includes(wanted)));
}
