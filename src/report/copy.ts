import type { FunctionComparison } from '../model/comparison.ts';
import type { Profile } from '../model/profile.ts';
import { headline } from './comparison.ts';
import { comparisonGrid } from './comparison-grid.ts';
import { comparisonCsv, functionsCsv, linesCsv, memoryFunctionsCsv, memoryLinesCsv } from './csv.ts';
import { functionGrid } from './function-grid.ts';
import { summaries } from './functions.ts';
import type { Grid } from './grid.ts';
import { lineGrid } from './line-grid.ts';
import { gridMarkdown } from './markdown.ts';
import { MIB_DECIMALS } from './memory-columns.ts';
import { memoryFunctionGrid, memoryGrid } from './memory-grid.ts';
import { renderMemory } from './memory-table.ts';
import { renderProfile } from './profile.ts';
import { renderTable } from './table.ts';
import { cleanText, displayWidth, padLeft } from './text.ts';

/** A form in which a table can be taken elsewhere: `text` is what the command line prints. */
export type CopyFormat = 'text' | 'markdown' | 'csv';

const PLAIN = { unit: null, skipZero: false, color: false, width: null } as const;

/** The lines of one function of a profile, or (null) all of its functions. */
export function copyText(profile: Profile, fn: number | null, format: CopyFormat): string {
  const { run } = profile;
  if (profile.memory !== undefined) return copyMemory(profile, fn, format);
  const one = fn === null ? null : (profile.functions[fn] ?? null);
  if (one !== null) {
    if (format === 'text') return renderTable(run, one, PLAIN);
    if (format === 'csv') return linesCsv(one);
    return gridMarkdown(lineGrid(run, one));
  }
  if (format === 'text') return renderProfile(profile, { ...PLAIN, byProcess: false, quiet: false });
  if (format === 'csv') return functionsCsv(summaries(profile));
  return gridMarkdown(functionGrid(run, summaries(profile)));
}

function copyMemory(profile: Profile, fn: number | null, format: CopyFormat): string {
  const one = fn === null ? null : (profile.functions[fn] ?? null);
  const options = { precision: MIB_DECIMALS, skipZero: false, color: false, width: null };
  if (one !== null) {
    if (format === 'text') return renderMemory({ ...profile, functions: [one] }, { ...options, quiet: true });
    return format === 'csv' ? memoryLinesCsv(one) : gridMarkdown(memoryGrid(one));
  }
  if (format === 'text') return renderMemory(profile, { ...options, quiet: false });
  if (format === 'csv') return memoryFunctionsCsv(summaries(profile));
  return gridMarkdown(memoryFunctionGrid(summaries(profile)));
}

/** The lines of a function before and after, and how much faster or slower it became, or what it keeps since. */
export function copyComparison(fn: FunctionComparison, format: CopyFormat): string {
  if (format === 'csv') return comparisonCsv(fn);
  const grid = comparisonGrid(fn);
  const name = cleanText(fn.after.fn.name);
  if (format === 'markdown') return `**${escaped(name)}**: ${escaped(headline(fn))}\n\n${gridMarkdown(grid)}`;
  return `${name}: ${cleanText(headline(fn))}\n\n${gridText(grid)}`;
}

/** A grid in columns, for a fixed-width font. */
function gridText({ columns, rows }: Grid): string {
  const heads = columns.map(({ title, unit }) => (unit === undefined ? title : `${title} ${unit}`));
  const texts = rows.map(({ cells }) => cells.map(({ text }) => cleanText(text).trimEnd()));
  const last = columns.length - 1;
  const widths = heads.map((head, at) =>
    Math.max(displayWidth(head), ...texts.map((row) => displayWidth(row[at]!))),
  );
  const line = (row: readonly string[]) =>
    row
      .map((text, at) => (at === last ? text : padLeft(text, widths[at]!)))
      .join('  ')
      .trimEnd();
  return `${[heads, ...texts].map(line).join('\n')}\n`;
}

function escaped(text: string): string {
  return text.replace(/[\\`*_{}[\]()#+\-.!|<>~&$]/g, '\\$&');
}
