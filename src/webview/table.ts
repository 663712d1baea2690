import { html, nothing, render, type TemplateResult } from 'lit';
import { classMap } from 'lit/directives/class-map.js';
import { repeat } from 'lit/directives/repeat.js';
import type { Cell, Grid, GridColumn, GridRow, Sorting } from '../report/grid.ts';
import { whereBar } from './where.ts';

/** What a table shows. */
export interface TableContent {
  /** Name of the table, for screen readers. */
  readonly label: string;
  readonly grid: Grid;
  /** Those of the grid's rows that are to be seen, in order. */
  readonly rows: readonly GridRow[];
  readonly sorting: Sorting;
  /** Keys of rows whose source was changed since, with the words for it. */
  readonly stale: ReadonlyMap<number, string>;
  /** In place of rows, where there are none. */
  readonly empty: string;
}

/** What a table is told by its user. */
export interface TableEvents {
  sort(column: GridColumn): void;
  /** A row was chosen; `focus`: to go there for good, not only to look. */
  open(key: number, focus: boolean): void;
  /** The row under the mouse, else the selected one; null: there is none. */
  point(key: number | null): void;
}

/** A table whose rows are drawn while they are in sight. */
export interface Table {
  update(content: TableContent): void;
  /** Marks the row of that key and scrolls to it; null: none. */
  select(key: number | null): void;
  focus(): void;
}

/** Height of a row in pixels, as in panel.css. */
const ROW = 22;
/** Rows drawn beyond the view on either side. */
const MARGIN = 12;

/** Makes a table inside an element, which scrolls it. */
export function createTable(into: HTMLElement, events: TableEvents): Table {
  let content: TableContent | null = null;
  let selected: number | null = null;
  let hovered: number | null = null;
  let pointed: number | null = null;
  let widths: Widths = { columns: [], aside: 0 };

  const indexOf = (key: number | null) => content?.rows.findIndex((row) => row.key === key) ?? -1;
  const draw = () => {
    if (content === null) return;
    const { rows } = content;
    const from = Math.max(0, Math.floor(into.scrollTop / ROW) - MARGIN);
    const to = Math.min(rows.length, Math.ceil((into.scrollTop + into.clientHeight) / ROW) + MARGIN);
    render(tableOf(content, widths, selected, from, to, events, focusGrid), into);
    point();
  };
  const point = () => {
    const now = hovered ?? selected;
    const key = indexOf(now) === -1 ? null : now;
    if (key === pointed) return;
    pointed = key;
    events.point(key);
  };
  const scrollTo = (index: number) => {
    if (index === -1) return;
    const room = into.clientHeight - ROW - 2;
    const top = index * ROW;
    if (top < into.scrollTop) into.scrollTop = top;
    else if (top + ROW > into.scrollTop + room) into.scrollTop = top + ROW - room;
  };
  const move = (index: number) => {
    const row = content?.rows[Math.max(0, Math.min(content.rows.length - 1, index))];
    if (row === undefined) return;
    selected = row.key;
    // Who goes on by keys does not mean the row that the mouse was left on.
    hovered = null;
    scrollTo(indexOf(selected));
    draw();
  };
  const focusGrid = () => into.querySelector<HTMLElement>('table')?.focus();

  into.addEventListener('scroll', draw, { passive: true });
  new ResizeObserver(draw).observe(into);
  into.addEventListener('keydown', (event) => {
    if (!(event.target instanceof HTMLTableElement) || event.altKey || event.metaKey) return;
    const at = indexOf(selected);
    const page = Math.max(1, Math.floor(into.clientHeight / ROW) - 2);
    const steps: Readonly<Record<string, () => void>> = {
      ArrowDown: () => move(at + 1),
      ArrowUp: () => move(at === -1 ? 0 : at - 1),
      PageDown: () => move(at + page),
      PageUp: () => move(at - page),
      Home: () => move(0),
      End: () => move(Number.POSITIVE_INFINITY),
      Enter: () => selected !== null && events.open(selected, true),
      ' ': () => selected !== null && events.open(selected, false),
    };
    const step = event.ctrlKey ? undefined : steps[event.key];
    if (step === undefined) return;
    event.preventDefault();
    step();
  });
  const rowOf = (event: Event) => {
    const row = (event.target as Element).closest<HTMLElement>('tr[data-key]');
    return row === null ? null : Number(row.dataset['key']);
  };
  into.addEventListener('mouseover', (event) => {
    hovered = rowOf(event);
    point();
  });
  into.addEventListener('mouseleave', () => {
    hovered = null;
    point();
  });
  into.addEventListener('click', (event) => {
    const key = rowOf(event);
    if (key === null) return;
    selected = key;
    draw();
    focusGrid();
    events.open(key, false);
  });
  into.addEventListener('dblclick', (event) => {
    const key = rowOf(event);
    if (key !== null) events.open(key, true);
  });

  return {
    update: (next) => {
      if (next.grid !== content?.grid) widths = widthsOf(next.grid);
      content = next;
      draw();
    },
    select: (key) => {
      selected = key;
      scrollTo(indexOf(key));
      draw();
    },
    focus: focusGrid,
  };
}

/** In characters of the table's font. */
interface Widths {
  /** Of each column; 0: what is left. */
  readonly columns: readonly number[];
  /** Of what stands beside a share. */
  readonly aside: number;
}

/** Characters that the bar of a share takes. */
const BAR = 8;

/** Wide enough for every row, so that scrolling moves nothing. */
function widthsOf({ columns, rows }: Grid): Widths {
  const most = (text: (row: GridRow) => string) =>
    rows.reduce((longest, row) => Math.max(longest, text(row).length), 0);
  const aside = most(({ cells }) => cells.find((cell) => cell.aside !== undefined)?.aside ?? '');
  return {
    aside,
    columns: columns.map(({ title, unit, kind }, index) => {
      // Titles are smaller than the numbers below them.
      const head = Math.ceil((title.length + (unit === undefined ? 0 : unit.length + 1)) * 0.85);
      const longest = most(({ cells }) => cells[index]!.text);
      switch (kind) {
        case 'code':
          return 0;
        case 'where':
          return Math.max(head, BAR);
        case 'name':
          return Math.max(head, Math.min(longest, 44));
        case 'share':
          return Math.max(6, head, longest) + (aside === 0 ? 0 : aside + 0.5) + BAR;
        default:
          return Math.max(head, longest);
      }
    }),
  };
}

function tableOf(
  { label, grid, rows, sorting, stale, empty }: TableContent,
  widths: Widths,
  selected: number | null,
  from: number,
  to: number,
  events: TableEvents,
  focusGrid: () => void,
): TemplateResult {
  const { columns } = grid;
  const visible = rows.slice(from, to);
  const indentation = commonIndentation(grid);
  return html`<table
    role="grid"
    tabindex="0"
    aria-label=${label}
    .style=${`--aside: ${widths.aside}ch`}
    aria-rowcount=${rows.length + 1}
    aria-activedescendant=${visible.some(({ key }) => key === selected) ? `row-${selected}` : nothing}
  >
    <thead>
      <tr aria-rowindex="1">
        ${columns.map((column, index) => headerCell(column, widths.columns[index]!, sorting, events, focusGrid))}
      </tr>
    </thead>
    <tbody>
      ${from > 0 ? html`<tr class="room" .style=${`height: ${from * ROW}px`}></tr>` : nothing}
      ${repeat(
        visible,
        ({ key }) => key,
        (row, index) => html`<tr
          id="row-${row.key}"
          data-key=${row.key}
          aria-rowindex=${from + index + 2}
          aria-selected=${row.key === selected ? 'true' : 'false'}
          class=${classMap({ [row.state]: true, [`heat-${row.heat}`]: true, stale: stale.has(row.key) })}
          title=${stale.get(row.key) ?? nothing}
        >
          ${columns.map((column, at) => bodyCell(column, row.cells[at]!, row, indentation))}
        </tr>`,
      )}
      ${
        to < rows.length
          ? html`<tr class="room" .style=${`height: ${(rows.length - to) * ROW}px`}></tr>`
          : nothing
      }
    </tbody>
  </table>
  ${rows.length === 0 ? html`<p class="none">${empty}</p>` : nothing}`;
}

function headerCell(
  column: GridColumn,
  width: number,
  sorting: Sorting,
  events: TableEvents,
  focusGrid: () => void,
): TemplateResult {
  const { id, kind, title, unit, hint } = column;
  const sorted = sorting?.column === id ? (sorting.descending ? 'descending' : 'ascending') : 'none';
  return html`<th
    scope="col"
    class="c-${id} k-${kind}"
    aria-sort=${sorted}
    .style=${width === 0 ? '' : `--width: ${width}ch`}
  >
    <button
      type="button"
      title=${hint}
      @click=${() => events.sort(column)}
      @keydown=${(event: KeyboardEvent) => {
        if (event.key !== 'ArrowDown') return;
        event.preventDefault();
        focusGrid();
      }}
    >${title}${unit === undefined ? nothing : html` <span class="unit">${unit}</span>`}<span
      class="arrow"
      aria-hidden="true"
    >${sorted === 'none' ? '' : sorted === 'descending' ? '▾' : '▴'}</span></button>
  </th>`;
}

function bodyCell({ id, kind }: GridColumn, cell: Cell, row: GridRow, indentation: number): TemplateResult {
  const title = cell.title ?? (kind === 'name' || kind === 'code' ? cell.text.trim() : nothing);
  return html`<td class="c-${id} k-${kind} ${cell.verdict ?? ''}" title=${title}>${contentOf(kind, cell, row, indentation)}</td>`;
}

function contentOf(kind: GridColumn['kind'], { text, aside }: Cell, row: GridRow, indentation: number) {
  switch (kind) {
    case 'where':
      return whereBar(row.where);
    case 'share':
      return html`<span class="share"
        >${text}<span class="aside">${aside}</span><span
          class="bar"
          ><i .style=${`width: ${row.heat === 0 ? 0 : Math.max(3, row.share)}%`}></i></span
      ></span>`;
    case 'code':
      return text.slice(indentation);
    default:
      return text;
  }
}

/** Leading spaces or tabs that all lines of the code have. */
function commonIndentation({ columns, rows }: Grid): number {
  const at = columns.findIndex(({ kind }) => kind === 'code');
  if (at === -1) return 0;
  const depths = rows
    .map(({ cells }) => cells[at]!.text)
    .filter((text) => text.trim() !== '')
    .map((text) => text.length - text.trimStart().length);
  return depths.length === 0 ? 0 : Math.min(...depths);
}
