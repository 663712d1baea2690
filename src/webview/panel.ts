import './words.ts';
import * as l10n from '@vscode/l10n';
import { html, nothing, render } from 'lit';
import {
  PANEL_PROTOCOL_VERSION,
  type PanelCommand,
  type PanelProfile,
  type PanelStatus,
  type ToPanel,
} from '../protocol/panel.ts';
import { comparisonGrid } from '../report/comparison-grid.ts';
import { functionGrid } from '../report/function-grid.ts';
import { filterRows, type Grid, nextSorting, sortRows } from '../report/grid.ts';
import { lineGrid } from '../report/line-grid.ts';
import { memoryFunctionGrid, memoryGrid } from '../report/memory-grid.ts';
import { type Kept, keep, post, readKept } from './kept.ts';
import { memorySide } from './memory-side.ts';
import { details, emptyState, notices } from './notices.ts';
import { createTable } from './table.ts';
import { toolbar } from './toolbar.ts';

// The page of the panel: what the extension says and what the user chose, drawn anew on every change of either.

/** Within this time, the cursor's arrival at a line it was sent to is no news. */
const ECHO_MILLIS = 2000;

let kept: Kept = readKept();
let status: PanelStatus = { running: null, failure: null, mayRun: true };
/** Undefined: the extension has not spoken yet. */
let profile: PanelProfile | null | undefined;
let cursor: number | null = null;
/** A line that the cursor was sent to from here, and when. */
let sent: { readonly line: number; readonly at: number } | null = null;
/** Key of the row that is under the mouse or selected. */
let pointed: number | null = null;
let grids: { readonly lines: Grid | null; readonly functions: Grid } | null = null;

const root = document.getElementById('panel')!;
const bars = document.createElement('div');
bars.className = 'bars';
const scroller = document.createElement('div');
scroller.id = 'table';
scroller.className = 'scroller';
scroller.setAttribute('role', 'tabpanel');
const side = document.createElement('div');
side.className = 'beside';
const body = document.createElement('div');
body.className = 'body';
body.append(scroller, side);
root.append(bars, body);

const table = createTable(scroller, {
  sort: (column) => {
    const sorting = { ...kept.sorting, [kept.table]: nextSorting(column, kept.sorting[kept.table]) };
    change({ sorting });
  },
  open: (key, focus) => {
    if (kept.table === 'lines') {
      // A line that is gone is nowhere to go to.
      if (key < 0) return;
      sent = { line: key, at: performance.now() };
      return post({ kind: 'goToLine', line: key, focus });
    }
    // The lines of a profiled function are one step further.
    if (profile?.functions[key]?.kind === 'profiled' && focus) change({ table: 'lines' });
    post({ kind: 'goToFunction', fn: key, focus: false });
  },
  point: (key) => {
    pointed = key;
    if (profile) drawSide(profile);
  },
});

function change(changes: Partial<Kept>): void {
  const before = kept;
  kept = { ...kept, ...changes };
  keep(kept);
  if (before.follow !== kept.follow) post({ kind: 'follow', follow: kept.follow });
  // Who sorts wants to see what is first now.
  if (before.table !== kept.table || before.sorting !== kept.sorting) scroller.scrollTop = 0;
  draw();
  if (before.table !== kept.table) {
    table.select(kept.table === 'lines' ? cursor : (profile?.shown ?? null));
  }
}

function draw(): void {
  const run = (command: PanelCommand) => post({ kind: 'command', command });
  if (profile === undefined) return;
  body.hidden = profile === null;
  if (profile === null) {
    render(emptyState(status, run), bars);
    return;
  }
  render(
    html`${toolbar(profile, kept, {
      change,
      select: (fn) => post({ kind: 'select', fn }),
      show: (measure) => post({ kind: 'show', measure }),
      copy: () => post({ kind: 'copy', what: kept.table }),
      down: () => table.focus(),
    })}
    ${notices(status, profile, run)} ${kept.details ? details(profile) : nothing}`,
    bars,
  );
  scroller.setAttribute('aria-labelledby', `tab-${kept.table}`);
  drawTable(profile);
  drawSide(profile);
}

function goToLine(line: number): void {
  post({ kind: 'goToLine', line, focus: false });
}

/** Beside the lines alone: it is about the function that is shown. */
function drawSide(shown: PanelProfile): void {
  render(kept.table === 'lines' ? memorySide(shown, pointed, goToLine) : nothing, side);
}

function drawTable({ lines, places }: PanelProfile): void {
  const grid = kept.table === 'lines' ? (grids?.lines ?? { columns: [], rows: [] }) : grids!.functions;
  const filter = kept.filter[kept.table];
  const stale = new Map<number, string>();
  if (kept.table === 'lines') {
    places?.forEach((place, index) => {
      const was = lines?.lines[index]?.text.trim();
      if (place.line === null) stale.set(index, l10n.t('This line is gone since it was measured.'));
      else if (place.stale)
        stale.set(index, l10n.t('Changed since it was measured; it read: {0}', was ?? ''));
    });
  }
  table.update({
    label:
      kept.table === 'lines'
        ? l10n.t('Lines of {0}', lines?.name ?? l10n.t('no function'))
        : l10n.t('Functions of the run'),
    grid,
    rows: filterRows(sortRows(grid, kept.sorting[kept.table]), filter),
    sorting: kept.sorting[kept.table],
    stale,
    empty:
      filter.trim() !== ''
        ? l10n.t('Nothing here matches “{0}”.', filter.trim())
        : kept.table === 'lines'
          ? l10n.t('No function’s lines were profiled in this run.')
          : l10n.t('No function was seen in this run.'),
  });
}

window.addEventListener('message', ({ data }: MessageEvent<ToPanel>) => {
  switch (data.kind) {
    case 'status':
      status = data.status;
      return draw();
    case 'profile': {
      const before = profile;
      profile = data.profile;
      grids = profile === null ? null : gridsOf(profile);
      draw();
      if (before?.lines?.name !== profile?.lines?.name) table.select(null);
      return;
    }
    case 'cursor':
      cursor = data.line;
      // Where the table sent it itself: its user may be rows further by now.
      if (sent?.line !== cursor || performance.now() - sent.at > ECHO_MILLIS) {
        if (kept.table === 'lines' && cursor !== null) table.select(cursor);
      }
      sent = null;
  }
});

function gridsOf({ run, lines, places, functions, comparison, memory }: PanelProfile) {
  const now = places === null ? undefined : (index: number) => places[index]?.line ?? null;
  return {
    lines:
      lines === null
        ? null
        : comparison !== null
          ? comparisonGrid(comparison.fn, now)
          : memory !== null
            ? memoryGrid(lines, now)
            : lineGrid(run, lines, now),
    functions: memory === null ? functionGrid(run, functions) : memoryFunctionGrid(functions),
  };
}

// As in VS Code's own lists.
window.addEventListener('keydown', (event) => {
  if (event.key.toLowerCase() !== 'f' || !(event.ctrlKey || event.metaKey)) return;
  event.preventDefault();
  root.querySelector<HTMLElement>('.filter')?.focus();
});

post({ kind: 'ready', version: PANEL_PROTOCOL_VERSION, follow: kept.follow });
