import type { Basis, Difference, FunctionComparison, LineComparison } from '../model/comparison.ts';
import { type HeatStep, heatStep } from './heat.ts';
import { MEMORY_LABELS, memoryComparisonRow, memoryHeadline, memoryVerdict } from './memory-comparison.ts';
import { ABOUT, duration, percentage, signedNumber, threeDigits } from './numbers.ts';
import { inUnit, type TimeUnit, unitSymbol } from './units.ts';

/** What a line takes since, of time or memory, where that is no chance. */
export type Verdict = 'less' | 'more' | 'noise';

/** One line's cells beside the code, in the order of `comparisonLabels`. */
export interface ComparisonRow {
  readonly cells: readonly string[];
  /** Null: there is nothing to say. */
  readonly verdict: Verdict | null;
  /** Of a line that takes more: how much of its function that is. */
  readonly heat: HeatStep;
}

/** Both were read for their memory, and not timed. */
export function isOfMemory({ before, after }: FunctionComparison): boolean {
  return before.memory !== null && after.memory !== null;
}

/** `per call`, `per evaluation`, or nothing for whole runs. */
export function basisWords(basis: Basis | null): string {
  return basis === 'call' ? ' per call' : basis === 'evaluation' ? ' per evaluation' : '';
}

/**
 * One sentence about a function: how much faster or slower it became, within which margin, from what to what; or
 * how much more or less it keeps.
 */
export function headline(compared: FunctionComparison): string {
  const { speed, before, after, basis, reason, memory } = compared;
  if (memory !== null) return memoryHeadline(memory, basisWords(basis));
  if (speed === null || before.micros === null || after.micros === null) {
    const what = isOfMemory(compared) ? 'memory' : 'times';
    return `${what} cannot be compared: ${reason ?? 'one of the two has none.'}`;
  }
  const times = `${duration(before.micros)} → ${duration(after.micros)}${basisWords(basis)}`;
  return `${speedWords(speed)}: ${times}`;
}

/** `2.31× faster (2.19 to 2.44)`, `1.20× slower (1.10 to 1.31)`, `no difference beyond noise (0.97 to 1.05×)`. */
export function speedWords({ value, low, high, noise }: Difference): string {
  if (noise) return `no difference beyond noise (${threeDigits(low)} to ${threeDigits(high)}×)`;
  return value >= 1
    ? `${threeDigits(value)}× faster (${threeDigits(low)} to ${threeDigits(high)})`
    : `${threeDigits(1 / value)}× slower (${threeDigits(1 / high)} to ${threeDigits(1 / low)})`;
}

/**
 * The labels of the columns beside the code: time after, its difference, the difference of the shares; of memory the
 * differences of all that is read.
 */
export function comparisonLabels(fn: FunctionComparison): readonly string[] {
  if (isOfMemory(fn)) return MEMORY_LABELS;
  const unit = unitSymbol(unitOf(fn));
  return [`Time ${unit}`, `Δ ${unit}`, 'Δ %'];
}

/** The cells of a line: blank where it was never seen. */
export function comparisonRow(fn: FunctionComparison, line: LineComparison): ComparisonRow {
  if (isOfMemory(fn)) return memoryComparisonRow(fn, line);
  const unit = unitOf(fn);
  const decimals = decimalsOf(fn, unit);
  const seen = line.after !== null && line.after.samples > 0;
  const time = seen && line.afterMicros !== null ? inUnit(line.afterMicros, unit).toFixed(decimals) : '';
  const scaled = line.time && scaledBy(line.time, (micros) => inUnit(micros, unit));
  const verdict = verdictOf(line.time ?? line.share);
  const whole = longest(fn);
  const slower = verdict === 'more' && line.time !== null && whole > 0;
  return {
    cells: [time, signed(scaled, decimals), signed(line.share, 1)],
    verdict,
    heat: slower ? heatStep((line.time.value / whole) * 100) : 0,
  };
}

/** The time before, in the unit of `comparisonLabels`; blank where the line was not there or never seen. */
export function timeBefore(fn: FunctionComparison, { before, beforeMicros }: LineComparison): string {
  if (before === null || before.samples === 0 || beforeMicros === null) return '';
  const unit = unitOf(fn);
  return inUnit(beforeMicros, unit).toFixed(decimalsOf(fn, unit));
}

/** What a difference says. */
export function verdictOf(difference: Difference | null): Verdict | null {
  if (difference === null) return null;
  return difference.noise ? 'noise' : difference.value < 0 ? 'less' : 'more';
}

/** What a function became as a whole: of its time, or of what it keeps. */
export function wholeVerdict({ speed, time, memory }: FunctionComparison): Verdict | null {
  if (memory !== null) return memoryVerdict(memory.increment.difference);
  return speed === null ? null : verdictOf(time);
}

/** `−12.3`, `+4.0`, `≈+0.2` for one that may be chance; blank without one. */
export function signed(difference: Difference | null, decimals: number): string {
  if (difference === null) return '';
  return `${difference.noise ? ABOUT : ''}${signedNumber(difference.value, (value) => value.toFixed(decimals))}`;
}

/** A difference of times in words: `−12.3 ms (−14.0 to −10.1 ms)`. */
export function timeDifferenceWords({ value, low, high }: Difference): string {
  const words = (micros: number) => signedNumber(micros, duration);
  return `${words(value)} (${words(low)} to ${words(high)})`;
}

/** A difference of shares in words: `−12.3 points (−14.0 to −10.1)`. */
export function shareDifferenceWords({ value, low, high }: Difference): string {
  const words = (points: number) => signedNumber(points, percentage);
  return `${words(value)} points (${words(low)} to ${words(high)})`;
}

function scaledBy({ value, low, high, noise }: Difference, by: (value: number) => number): Difference {
  return { value: by(value), low: by(low), high: by(high), noise };
}

function longest({ before, after }: FunctionComparison): number {
  return Math.max(before.micros ?? 0, after.micros ?? 0);
}

/** Times of single calls may be short: at most four digits before the point. */
function unitOf(fn: FunctionComparison): TimeUnit {
  const micros = longest(fn);
  if (micros > 0 && micros < 10) return 'ns';
  if (micros < 1e4) return 'us';
  return micros < 1e7 ? 'ms' : 's';
}

/** As many as give the function's time four digits: finer ones are noise. */
function decimalsOf(fn: FunctionComparison, unit: TimeUnit): number {
  const time = inUnit(longest(fn), unit);
  return time <= 0 ? 0 : Math.min(3, Math.max(0, 3 - Math.floor(Math.log10(time))));
}
