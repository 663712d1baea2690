import type { TimeUnit } from './units.ts';
import { chooseUnit, inUnit, unitSymbol } from './units.ts';

/** Three significant digits, never an exponent, whole numbers from 100 on: `0.0721`, `3.05`, `12.3`, `1234`. */
export function threeDigits(value: number): string {
  if (value === 0) return '0';
  // Rounded first: 0.9996 is a number above 1 to three digits.
  const decimals = 2 - Math.floor(Math.log10(Math.abs(Number(value.toPrecision(3)))));
  return value.toFixed(Math.min(9, Math.max(0, decimals)));
}

/** A time on its own, in the unit that suits it: `205 µs`, `1.95 ms`, `3.05 s`. */
export function duration(micros: number): string {
  const unit: TimeUnit =
    micros < 1e3 ? (micros < 1 && micros > 0 ? 'ns' : 'us') : micros < 1e6 ? 'ms' : chooseUnit(1e9);
  return `${threeDigits(inUnit(micros, unit))} ${unitSymbol(unit)}`;
}

/** A percentage with one decimal, or two below a tenth so that little does not read as nothing. */
export function percentage(value: number): string {
  return value > 0 && value < 0.1 ? value.toFixed(2) : value.toFixed(1);
}

/** `1 sample`, `2 samples`; whole numbers with a comma between thousands. */
export function count(amount: number, noun: string): string {
  return `${amount.toLocaleString('en-US')} ${noun}${amount === 1 ? '' : 's'}`;
}

/** Pads numbers on both sides so that their decimal points stand in one column; blanks stay blank. */
export function alignPoints(numbers: readonly string[]): string[] {
  const fraction = (number: string) => (number.includes('.') ? number.length - number.indexOf('.') : 0);
  const longest = Math.max(0, ...numbers.map(fraction));
  return numbers.map((number) => (number === '' ? '' : number + ' '.repeat(longest - fraction(number))));
}

/** Before a number that may be chance. */
export const ABOUT = '≈';

/** A number with its sign, in words that are made of its size: `+4.0`, `−12.3`, `0.0`. */
export function signedNumber(value: number, text: (size: number) => string): string {
  const size = text(Math.abs(value));
  const sign = /[1-9]/.test(size) ? (value < 0 ? '−' : '+') : '';
  return sign + size;
}
