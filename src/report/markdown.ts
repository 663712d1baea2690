import { markdownTable } from 'markdown-table';
import type { Cell, Grid, GridColumn } from './grid.ts';
import { cleanText, displayWidth } from './text.ts';

/** A grid as a Markdown table (GFM), numbers aligned right; names and code stand in code spans. */
export function gridMarkdown({ columns, rows }: Grid): string {
  const kept = columns
    .map((column, index) => ({ column, index }))
    .filter(({ column }) => column.kind !== 'where');
  const table = [
    kept.map(({ column }) => titleOf(column)),
    ...rows.map(({ cells }) => kept.map(({ column, index }) => cellText(column, cells[index]!))),
  ];
  const align = kept.map(({ column }) => (isText(column) ? 'l' : 'r'));
  return `${markdownTable(table, { align, stringLength: displayWidth })}\n`;
}

function titleOf({ title, unit }: GridColumn): string {
  return unit === undefined ? title : `${title} (${unit})`;
}

function isText({ kind }: GridColumn): boolean {
  return kind === 'name' || kind === 'code';
}

function cellText(column: GridColumn, { text, aside }: Cell): string {
  if (isText(column)) return codeSpan(text);
  const number = text.trim();
  return aside === undefined ? number : `${number} ${aside}`;
}

/**
 * A code span that no text can end early; a bar is escaped, since it would end the cell even there. A bar after a
 * backslash cannot be: readers of Markdown do not agree on it, so such a text is written in entities.
 */
function codeSpan(text: string): string {
  const clean = cleanText(text).trimEnd();
  if (clean === '') return '';
  if (clean.includes('\\|')) {
    return `<code>${clean.replace(/[^\w ]/gu, (sign) => `&#${sign.codePointAt(0)};`)}</code>`;
  }
  const longest = Math.max(0, ...(clean.match(/`+/g) ?? []).map((ticks) => ticks.length));
  const fence = '`'.repeat(longest + 1);
  const pad = longest > 0 ? ' ' : '';
  return `${fence}${pad}${clean.replaceAll('|', '\\|')}${pad}${fence}`;
}
