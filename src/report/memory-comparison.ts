import {
  type ComparedAmount,
  type FunctionComparison,
  type FunctionMemoryComparison,
  type LineComparison,
  type LineMemoryComparison,
  MEMORY_AMOUNTS,
  type MemoryAmount,
  type MemoryDifference,
} from '../model/comparison.ts';
import { heatStep } from './heat.ts';
import { MIB_DECIMALS } from './memory-columns.ts';
import { MIB } from './memory-rows.ts';
import { memoryAmount } from './memory-words.ts';
import { ABOUT, signedNumber, threeDigits } from './numbers.ts';

/** Before a difference of which one side is dealt out. */
const DEALT = '~';

const LABELS: Readonly<Record<MemoryAmount, string>> = {
  usage: 'Δ Mem',
  increment: 'Δ Incr',
  allocated: 'Δ Alloc',
  occurrences: 'Δ Occurs',
};

/** The labels of the columns beside the code: differences in MiB, of occurrences in number. */
export const MEMORY_LABELS: readonly string[] = MEMORY_AMOUNTS.map((amount) => LABELS[amount]);

/** What a difference says. */
type MemoryVerdict = 'less' | 'more' | 'noise';

/** From so many occurrences on, V8 may have optimised a line sooner in one run than in the other. */
const HOT = 1000;

/** The cells of a line, blank where nothing was read, and what it keeps since. */
export function memoryComparisonRow({ memory: whole }: FunctionComparison, { memory }: LineComparison) {
  if (memory === null) return { cells: MEMORY_AMOUNTS.map(() => ''), verdict: null, heat: 0 } as const;
  const { increment, allocated } = memory;
  const verdict = lineVerdict(memory);
  const tells = increment.difference?.bounds ? 'increment' : 'allocated';
  const most = Math.max(whole?.[tells].before ?? 0, whole?.[tells].after ?? 0);
  const more = (tells === 'increment' ? increment : allocated).difference?.value ?? 0;
  return {
    cells: MEMORY_AMOUNTS.map((amount) => differenceText(amount, memory[amount])),
    verdict,
    heat: verdict === 'more' && most > 0 ? heatStep((more / most) * 100) : 0,
  } as const;
}

/**
 * What a line's differences say of it as a whole: what it keeps; where that is not known, what it allocates. Null:
 * nothing can be said, or it keeps as much and allocates more or less.
 */
function lineVerdict(memory: LineMemoryComparison): MemoryVerdict | null {
  const allocated = amountVerdict('allocated', memory);
  const kept = amountVerdict('increment', memory);
  if (kept === null) return allocated;
  return kept === 'noise' && memory.allocated.difference?.noise !== true ? null : kept;
}

/**
 * What one of a line's differences says; null: nothing is known to bound it. What code allocates that runs often
 * depends on when V8 optimised it (numbers in boxes are left out then), so its differences say nothing of the code.
 */
export function amountVerdict(amount: MemoryAmount, memory: LineMemoryComparison): MemoryVerdict | null {
  if (amount === 'occurrences') return null;
  const verdict = memoryVerdict(memory[amount].difference);
  const { before, after } = memory.occurrences;
  const isHot = Math.max(before ?? 0, after ?? 0) >= HOT;
  return amount === 'allocated' && isHot && verdict !== 'noise' ? null : verdict;
}

/** What a difference says by its bounds; null: one side is dealt out or not known. */
export function memoryVerdict(difference: MemoryDifference | null): MemoryVerdict | null {
  if (difference === null || difference.bounds === null) return null;
  return difference.noise ? 'noise' : difference.value < 0 ? 'less' : 'more';
}

/** `−9.155`, `≈+0.001` within the limits, `~+1.000` where one side is dealt out; blank where one is not known. */
export function differenceText(amount: MemoryAmount, { difference }: ComparedAmount): string {
  if (difference === null) return '';
  const { value, bounds, noise } = difference;
  if (amount === 'occurrences') return signedNumber(value, times);
  const mark = bounds === null ? DEALT : noise && value !== 0 ? ABOUT : '';
  const text = signedNumber(value / MIB, (size) => size.toFixed(MIB_DECIMALS));
  return `${mark}${/[1-9]/.test(text) ? text : '0'}`;
}

/** A number of times: whole, or (divided by calls) with three digits. */
export function times(value: number): string {
  return Number.isInteger(value) ? value.toLocaleString('en-US') : threeDigits(value);
}

/** A side in words: `9.16 MiB`, or how often; blank where it is not known. */
export function sideWords(amount: MemoryAmount, value: number | null): string {
  if (value === null) return '';
  return amount === 'occurrences' ? times(value) : memoryAmount(value);
}

/** A difference in words with what bounds it: `−6.10 MiB (−6.29 to −5.92 MiB)`, `~−6.10 MiB`; blank without one. */
export function memoryDifferenceWords(amount: MemoryAmount, { difference }: ComparedAmount): string {
  if (difference === null) return '';
  const { value, bounds } = difference;
  if (amount === 'occurrences') return signedNumber(value, times);
  const words = (one: number) => signedNumber(one, memoryAmount);
  return bounds === null
    ? `${DEALT}${words(value)}`
    : `${words(value)} (${words(bounds.low)} to ${words(bounds.high)})`;
}

/** `keeps 6.11 MiB less (9.16 MiB → 3.05 MiB), allocates as much as before (15.1 MiB → 15.1 MiB)` */
export function memoryHeadline({ increment, allocated }: FunctionMemoryComparison, per: string): string {
  const parts = [...sentence('keeps', increment), ...sentence('allocates', allocated)];
  return `${parts.join(', ')}${per}`;
}

/** The shortest of it: `keeps 6.11 MiB less`; blank where nothing is known. */
export function memoryChangeWords({ increment, allocated }: FunctionMemoryComparison): string {
  return [...change('keeps', increment), ...change('allocates', allocated)][0] ?? '';
}

function sentence(verb: string, amount: ComparedAmount): string[] {
  const sides = [amount.before, amount.after].map((value) => sideWords('increment', value));
  return change(verb, amount).map((words) => `${words} (${sides.join(' → ')})`);
}

function change(verb: string, { difference }: ComparedAmount): string[] {
  if (difference === null) return [];
  const { value, bounds, noise } = difference;
  if (noise) return [`${verb} as much as before`];
  const mark = bounds === null ? DEALT : '';
  return [`${verb} ${mark}${memoryAmount(Math.abs(value))} ${value < 0 ? 'less' : 'more'}`];
}
