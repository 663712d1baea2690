import type { LineMemory } from '../model/memory.ts';
import type { FunctionProfile } from '../model/profile.ts';
import { type ColumnTexts, NEVER } from './columns.ts';
import { heatStep } from './heat.ts';
import { mibCell } from './memory-rows.ts';
import { alignPoints } from './numbers.ts';

/** Decimals of a MiB in editors: about a KiB. */
export const MIB_DECIMALS = 3;

/** What a function's lines are told apart by: what they left behind, else (nothing was collected) what they allocated. */
export type MemoryBasis = 'increment' | 'allocated';

/** The basis of functions that are shown together. */
export function memoryBasis(functions: readonly Pick<FunctionProfile, 'lines'>[]): MemoryBasis {
  const collected = functions.some(({ lines }) =>
    lines.some(({ memory }) => memory !== null && memory.incrementBytes !== null),
  );
  return collected ? 'increment' : 'allocated';
}

/** Each line's part of all that the function's lines kept (or allocated), 0 to 100; lines that freed have none. */
export function memoryShares(fn: Pick<FunctionProfile, 'lines'>): number[] {
  const basis = memoryBasis([fn]);
  const bytes = fn.lines.map(({ memory }) =>
    Math.max(0, (basis === 'increment' ? memory?.incrementBytes : memory?.allocatedBytes) ?? 0),
  );
  const all = bytes.reduce((sum, one) => sum + one, 0);
  return bytes.map((one) => (all > 0 ? (one / all) * 100 : 0));
}

/** How many columns `memoryColumns` has. */
export function memoryColumnCount(basis: MemoryBasis): number {
  return basis === 'increment' ? 3 : 2;
}

/** The memory columns beside the code, in MiB. Blank: not measured. */
export function memoryColumns(fn: FunctionProfile, basis: MemoryBasis): ColumnTexts {
  const shares = memoryShares(fn);
  const column = (text: (memory: LineMemory) => string): string[] =>
    alignPoints(
      fn.lines.map(({ memory }) => (memory === null || memory.occurrences === 0 ? '' : text(memory))),
    );
  const occurrences = fn.lines.map(({ memory }) =>
    memory === null ? '' : memory.occurrences === 0 ? NEVER : memory.occurrences.toLocaleString('en-US'),
  );
  const columns =
    basis === 'increment'
      ? [
          ['Mem MiB', column(({ usageBytes }) => bytes(usageBytes, false))] as const,
          ['Incr MiB', incrementCells(fn.lines.map(({ memory }) => memory))] as const,
          ['Occurs', occurrences] as const,
        ]
      : [
          ['Alloc MiB', column(({ allocatedBytes, isSampled }) => bytes(allocatedBytes, isSampled))] as const,
          ['Occurs', occurrences] as const,
        ];
  return {
    labels: columns.map(([label]) => label),
    rows: fn.lines.map(({ memory }, index) => ({
      cells: columns.map(([, cells]) => cells[index]!),
      heat: heatStep(shares[index]!),
      share: shares[index]!,
      // A line without a reading may hold no code at all: nothing says that it could have run.
      ran: memory === null || memory.occurrences > 0,
    })),
  };
}

/** Increments in MiB, one below the other; blank where there is none, `~` after those that are dealt out. */
export function incrementCells(lines: readonly (LineMemory | null)[]): string[] {
  return alignPoints(
    lines.map((memory) =>
      memory === null || memory.occurrences === 0 ? '' : bytes(memory.incrementBytes, memory.isEstimated),
    ),
  );
}

/** `9.155`, `~` after what was dealt out; blank for what was not measured. */
function bytes(value: number | null, isDealt: boolean): string {
  return value === null ? '' : `${mibCell(value, MIB_DECIMALS)}${isDealt ? '~' : ''}`;
}
