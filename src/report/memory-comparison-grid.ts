import type {
  ComparedAmount,
  FunctionComparison,
  FunctionMemoryComparison,
  LineComparison,
  MemoryAmount,
} from '../model/comparison.ts';
import type { Cell, GridColumn } from './grid.ts';
import { MIB_DECIMALS } from './memory-columns.ts';
import { amountVerdict, differenceText, memoryVerdict, sideWords, times } from './memory-comparison.ts';
import { mibCell } from './memory-rows.ts';
import { alignPoints, signedNumber } from './numbers.ts';

const TITLES: Readonly<Record<MemoryAmount, string>> = {
  usage: 'Δ Mem usage',
  increment: 'Δ Increment',
  allocated: 'Δ Allocated',
  occurrences: 'Δ Occurrences',
};
const OF: Readonly<Record<MemoryAmount, string>> = {
  usage: 'Live memory after the line',
  increment: 'What the line kept',
  allocated: 'What was allocated while the line ran',
  occurrences: 'How often the line’s first statement began',
};

/** The columns of a comparison of memory: what each line kept before and after, and the differences of all. */
export function memoryComparisonColumns(per: string): GridColumn[] {
  const side = (id: string, title: string): GridColumn => ({
    ...{ id, title, unit: 'MiB', kind: 'number' },
    hint: `What the line kept${per} ${id}; ~ is dealt out.`,
  });
  return [
    side('before', 'Before'),
    side('after', 'After'),
    ...(['increment', 'allocated', 'usage', 'occurrences'] as const).map((amount): GridColumn => {
      const isBytes = amount !== 'occurrences';
      const hint = `${OF[amount]}${amount === 'usage' ? '' : per}, after minus before`;
      return {
        ...{ id: `delta-${amount}`, title: TITLES[amount], kind: 'number' },
        ...(isBytes ? { unit: 'MiB' } : {}),
        hint: isBytes
          ? `${hint}; ≈ where that is within the limits of measurement, ~ where one side is dealt out.`
          : `${hint}.`,
      };
    }),
  ];
}

/** The cells of those columns, line by line. */
export function memoryComparisonCells({ lines }: FunctionComparison): Cell[][] {
  const increments = lines.map(({ memory }) => memory?.increment ?? null);
  const columns = [
    sideCells(
      increments.map((one) => one?.before ?? null),
      (index) => lines[index]!.before?.memory?.isEstimated,
    ),
    sideCells(
      increments.map((one) => one?.after ?? null),
      (index) => lines[index]!.after?.memory?.isEstimated,
    ),
    ...(['increment', 'allocated', 'usage', 'occurrences'] as const).map((amount) =>
      differenceCells(amount, lines),
    ),
  ];
  return lines.map((_, index) => columns.map((cells) => cells[index]!));
}

function sideCells(
  values: readonly (number | null)[],
  isDealt: (index: number) => boolean | undefined,
): Cell[] {
  const texts = alignPoints(
    values.map((value, index) =>
      value === null ? '' : `${mibCell(value, MIB_DECIMALS)}${isDealt(index) ? '~' : ''}`,
    ),
  );
  return values.map((value, index) => ({ text: texts[index]!, value }));
}

function differenceCells(amount: MemoryAmount, lines: readonly LineComparison[]): Cell[] {
  const texts = lines.map(({ memory }) => (memory === null ? '' : differenceText(amount, memory[amount])));
  const aligned = amount === 'occurrences' ? texts : alignPoints(texts);
  return lines.map(({ memory }, index): Cell => {
    const text = aligned[index]!;
    if (memory === null || memory[amount].difference === null) return { text, value: null };
    const { before, after, difference } = memory[amount];
    const verdict = amountVerdict(amount, memory);
    return {
      text,
      value: difference.value,
      title: `${sideWords(amount, before)} → ${sideWords(amount, after)}`,
      ...(verdict === null ? {} : { verdict }),
    };
  });
}

/** An entry of the list of what stayed, compared. */
export interface ComparedObjectsRow {
  readonly name: string;
  /** `−50,000`; blank where it is not known. */
  readonly count: string;
  /** `−2.300`, in MiB, with `≈` within the limits. */
  readonly bytes: string;
  /** Both sides, in words. */
  readonly title: string;
  readonly verdict: 'less' | 'more' | 'noise' | null;
}

/** What a call left before and after, by constructor, as text: most different bytes first; what is equal is left out. */
export function comparedObjectRows({
  objects,
}: Pick<FunctionMemoryComparison, 'objects'>): ComparedObjectsRow[] {
  return (objects ?? [])
    .filter(({ count, bytes }) => count.difference?.value !== 0 || bytes.difference?.value !== 0)
    .map(({ name, count, bytes }) => ({
      name,
      count: count.difference === null ? '' : signedNumber(count.difference.value, times),
      bytes: differenceText('increment', bytes),
      title: `${name}: ${sides('occurrences', count)} objects, ${sides('increment', bytes)}`,
      verdict: memoryVerdict(bytes.difference),
    }));
}

function sides(amount: MemoryAmount, { before, after }: ComparedAmount): string {
  const side = (value: number | null) => (value === null ? '?' : sideWords(amount, value));
  return `${side(before)} → ${side(after)}`;
}
