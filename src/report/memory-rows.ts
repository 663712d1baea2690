import type { LineMemory } from '../model/memory.ts';
import type { FunctionProfile, LineStats } from '../model/profile.ts';
import { type HeatStep, heatStep } from './heat.ts';
import { alignPoints } from './numbers.ts';

/** Bytes in a MiB. */
export const MIB = 1_048_576;

/** What a memory table shows. */
export interface MemoryRowOptions {
  /** Decimals of a MiB. */
  readonly precision: number;
  /** Leave out lines that did not run. */
  readonly skipZero: boolean;
}

/** One line as text, a blank for every number that was not measured; `~` follows one that was dealt out. */
export interface MemoryRow {
  readonly line: number;
  readonly usage: string;
  readonly increment: string;
  readonly allocated: string;
  readonly occurrences: string;
  /** By the line's share of what the function allocated. */
  readonly heat: HeatStep;
  readonly ran: boolean;
  readonly text: string;
}

/** Bytes in MiB with so many decimals; never `-0.000`. */
export function mib(bytes: number, precision: number): string {
  const text = (bytes / MIB).toFixed(precision);
  return /^-0\.?0*$/.test(text) ? text.slice(1) : text;
}

/** The same for cells beside words, with the minus that the comparisons have; a terminal's table keeps `-`. */
export function mibCell(bytes: number, precision: number): string {
  return mib(bytes, precision).replace('-', '−');
}

/** A function's lines as rows; numbers in a column have their decimal points below each other. */
export function memoryRows(fn: FunctionProfile, options: MemoryRowOptions): MemoryRow[] {
  const lines = fn.lines.filter(({ memory }) => !options.skipZero || (memory?.occurrences ?? 0) > 0);
  const most = Math.max(0, ...lines.map(({ memory }) => memory?.allocatedBytes ?? 0));
  const column = (text: (memory: LineMemory) => string): string[] =>
    alignPoints(lines.map(({ memory }) => (memory === null || memory.occurrences === 0 ? '' : text(memory))));
  const bytes = (value: number | null, isDealt: boolean): string =>
    value === null ? '' : `${mib(value, options.precision)}${isDealt ? '~' : ''}`;
  const usage = column((memory) => bytes(memory.usageBytes, false));
  const increment = column((memory) => bytes(memory.incrementBytes, memory.isEstimated));
  const allocated = column((memory) => bytes(memory.allocatedBytes, memory.isSampled));
  const occurrences = column((memory) => String(memory.occurrences));
  return lines.map((line, index) => ({
    line: line.line,
    usage: usage[index]!,
    increment: increment[index]!,
    allocated: allocated[index]!,
    occurrences: occurrences[index]!,
    heat: heatOf(line, most),
    ran: line.memory !== null && line.memory.occurrences > 0,
    text: line.text,
  }));
}

function heatOf({ memory }: LineStats, most: number): HeatStep {
  const bytes = memory?.allocatedBytes ?? 0;
  return most > 0 && bytes > 0 ? heatStep((bytes / most) * 100) : 0;
}
