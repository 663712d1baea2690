import type { LineMemory, ObjectsMemory } from '../model/memory.ts';
import type { FunctionProfile } from '../model/profile.ts';
import type { FunctionSummary } from '../model/summary.ts';
import { NEVER } from './columns.ts';
import type { Cell, Grid, GridColumn, GridRow } from './grid.ts';
import { heatStep } from './heat.ts';
import { MIB_DECIMALS, memoryBasis, memoryShares } from './memory-columns.ts';
import { mibCell } from './memory-rows.ts';
import { madeWhere } from './memory-table.ts';
import { alignPoints } from './numbers.ts';

const LINE: GridColumn = { id: 'line', title: 'Line', kind: 'number', hint: 'Number of the line.' };
const CODE: GridColumn = {
  id: 'code',
  title: 'Line Contents',
  kind: 'code',
  hint: 'The line as it was when it was profiled.',
};

/** memory_profiler's columns and Allocated; the bars are in the column that the lines are told apart by. */
interface Numbers extends GridColumn {
  readonly value: (memory: LineMemory) => number | null;
  /** The number is dealt out: `~` follows. */
  readonly isDealt: (memory: LineMemory) => boolean;
}

const NUMBERS: readonly Numbers[] = [
  {
    id: 'usage',
    title: 'Mem usage',
    unit: 'MiB',
    kind: 'number',
    hint: 'Live memory after the line, the most that was seen: heap, and buffers and strings outside of it.',
    value: ({ usageBytes }) => usageBytes,
    isDealt: () => false,
  },
  {
    id: 'increment',
    title: 'Increment',
    unit: 'MiB',
    kind: 'number',
    hint: 'Change of live memory across the line, over all of its occurrences; ~ is dealt out.',
    value: ({ incrementBytes }) => incrementBytes,
    isDealt: ({ isEstimated }) => isEstimated,
  },
  {
    id: 'allocated',
    title: 'Allocated',
    unit: 'MiB',
    kind: 'number',
    hint: 'Allocated while the line ran, what it called included, whether it stayed or not; ~ is dealt out.',
    value: ({ allocatedBytes }) => allocatedBytes,
    isDealt: ({ isSampled }) => isSampled,
  },
];

/**
 * The memory table of one function. A row's key is the line's index in the function.
 * @param lineNow what the line's number is in the text as it is; null: it is gone. Absent: as profiled.
 */
export function memoryGrid(
  fn: FunctionProfile,
  lineNow: (index: number) => number | null = (index) => fn.lines[index]!.line,
): Grid {
  const basis = memoryBasis([fn]);
  const shares = memoryShares(fn);
  const numbers = NUMBERS.map((column) => ({ column, cells: cellsOf(fn, column) }));
  return {
    columns: [
      LINE,
      ...NUMBERS.map(
        ({ id, title, unit, kind, hint }): GridColumn => ({
          ...{ id, title, hint },
          ...(unit === undefined ? {} : { unit }),
          kind: id === basis ? 'share' : kind,
        }),
      ),
      {
        id: 'occurrences',
        title: 'Occurrences',
        kind: 'number',
        hint: 'How often the line’s first statement began.',
      },
      CODE,
    ],
    rows: fn.lines.map((line, index): GridRow => {
      const now = lineNow(index);
      const occurrences = line.memory?.occurrences ?? null;
      const share = shares[index]!;
      const ran = occurrences !== 0;
      return {
        key: index,
        cells: [
          { text: now === null ? '' : String(now), value: line.line },
          ...numbers.map(({ cells }) => cells[index]!),
          {
            text: occurrences === null ? '' : ran ? occurrences.toLocaleString('en-US') : NEVER,
            value: occurrences,
          },
          { text: line.text, value: line.text.trim() },
        ],
        heat: heatStep(share),
        share,
        state: !ran ? 'never' : line.memory === null ? 'other' : 'numbers',
        where: {},
      };
    }),
  };
}

function cellsOf({ lines }: FunctionProfile, { value, isDealt }: Numbers): Cell[] {
  const values = lines.map(({ memory }) =>
    memory === null || memory.occurrences === 0 ? null : value(memory),
  );
  const texts = alignPoints(
    values.map((bytes, index) =>
      bytes === null ? '' : `${mibCell(bytes, MIB_DECIMALS)}${isDealt(lines[index]!.memory!) ? '~' : ''}`,
    ),
  );
  return values.map((bytes, index) => ({ text: texts[index]!, value: bytes }));
}

/** The functions of a memory run. A row's key is its index in `functions`. */
export function memoryFunctionGrid(functions: readonly FunctionSummary[]): Grid {
  const kept = functions.map(({ memory }) => memory?.incrementBytes ?? null);
  const allocated = functions.map(({ memory }) => memory?.allocatedBytes ?? null);
  const most = Math.max(0, ...kept.map((bytes) => bytes ?? 0));
  const texts = (values: readonly (number | null)[], mark: (index: number) => string): string[] =>
    alignPoints(
      values.map((bytes, index) => (bytes === null ? '' : `${mibCell(bytes, MIB_DECIMALS)}${mark(index)}`)),
    );
  const keptTexts = texts(kept, (index) => (functions[index]!.memory!.isEstimated ? '~' : ''));
  const allocatedTexts = texts(allocated, () => '');
  return {
    columns: [
      { id: 'name', title: 'Function', kind: 'name', hint: 'Name as in the source.' },
      { id: 'calls', title: 'Calls', kind: 'number', hint: 'How often the function was called.' },
      {
        ...{ id: 'increment', title: 'Increment', unit: 'MiB', kind: 'share' },
        hint: 'Live memory that its calls left behind.',
      },
      {
        ...{ id: 'allocated', title: 'Allocated', unit: 'MiB', kind: 'number' },
        hint: 'Allocated by its calls, what they called included.',
      },
      { id: 'place', title: 'Place', kind: 'name', hint: 'File and line.' },
    ],
    rows: functions.map((fn, key): GridRow => {
      const share = most > 0 ? (Math.max(0, kept[key] ?? 0) / most) * 100 : 0;
      const place = fn.file === null ? '' : `${fn.file}${fn.line === null ? '' : `:${fn.line}`}`;
      return {
        key,
        cells: [
          { text: fn.name, value: fn.name },
          { text: fn.calls === null ? '' : fn.calls.toLocaleString('en-US'), value: fn.calls },
          { text: keptTexts[key]!, value: kept[key]! },
          { text: allocatedTexts[key]!, value: allocated[key]! },
          { text: place, value: place === '' ? null : place },
        ],
        heat: heatStep(share),
        share,
        state: fn.memory == null || fn.calls === 0 ? 'never' : 'numbers',
        where: {},
      };
    }),
  };
}

/** An entry of the list of what stayed. */
export interface ObjectsRow {
  readonly name: string;
  /** `+100,000` */
  readonly count: string;
  /** `9.155`, in MiB. */
  readonly bytes: string;
  /** Length of the bar, 0 to 100; objects that became fewer have none. */
  readonly share: number;
  /** `line 17`, `lines 9 (60,000), 12 (40,000)`: those that made them; blank where it is not known. */
  readonly where: string;
  /** The one that made most of them; null: not known. */
  readonly line: number | null;
}

/** What a function left behind, by constructor, as text: most bytes first. */
export function objectRows(objects: readonly ObjectsMemory[]): ObjectsRow[] {
  const most = Math.max(0, ...objects.map(({ bytes }) => bytes));
  return objects.map((one): ObjectsRow => {
    const { name, count, bytes, lines } = one;
    const where = madeWhere(one).trim();
    return {
      name,
      count: `${count > 0 ? '+' : ''}${count.toLocaleString('en-US')}`,
      bytes: mibCell(bytes, MIB_DECIMALS),
      share: most > 0 ? (Math.max(0, bytes) / most) * 100 : 0,
      where,
      line: where === '' ? null : (lines?.[0]?.line ?? null),
    };
  });
}
