import type { FromPanel, PanelTable } from '../protocol/panel.ts';
import type { Sorting } from '../report/grid.ts';

/** What the user chose in the panel: kept by VS Code while the page is hidden and over a reload. */
export interface Kept {
  readonly table: PanelTable;
  readonly sorting: Readonly<Record<PanelTable, Sorting>>;
  readonly filter: Readonly<Record<PanelTable, string>>;
  readonly follow: boolean;
  readonly details: boolean;
}

interface VsCode {
  postMessage(message: unknown): void;
  getState(): unknown;
  setState(state: unknown): void;
}
declare function acquireVsCodeApi(): VsCode;

const vscode = acquireVsCodeApi();

/** Tells the extension something. */
export function post(message: FromPanel): void {
  vscode.postMessage(message);
}

/** Keeps what the user chose. */
export function keep(kept: Kept): void {
  vscode.setState(kept);
}

/** What the user chose before; what is missing or was kept by another version is as at first. */
export function readKept(): Kept {
  const kept = (vscode.getState() ?? {}) as Partial<Kept>;
  return {
    table: kept.table === 'functions' ? 'functions' : 'lines',
    sorting: { lines: sortingOf(kept.sorting?.lines), functions: sortingOf(kept.sorting?.functions) },
    filter: { lines: String(kept.filter?.lines ?? ''), functions: String(kept.filter?.functions ?? '') },
    follow: kept.follow !== false,
    details: kept.details === true,
  };
}

function sortingOf(value: Sorting | undefined): Sorting {
  return typeof value?.column === 'string' ? { column: value.column, descending: !!value.descending } : null;
}
