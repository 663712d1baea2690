/** A unit for times in tables. */
export type TimeUnit = 'ns' | 'us' | 'ms' | 's';

export const TIME_UNITS: readonly TimeUnit[] = ['ns', 'us', 'ms', 's'];

const MICROS: Readonly<Record<TimeUnit, number>> = { ns: 0.001, us: 1, ms: 1e3, s: 1e6 };

/** The unit as it is written for people: `µs`, not `us`. */
export function unitSymbol(unit: TimeUnit): string {
  return unit === 'us' ? 'µs' : unit;
}

/** Microseconds in the given unit. */
export function inUnit(micros: number, unit: TimeUnit): number {
  return micros / MICROS[unit];
}

/**
 * The unit in which the largest time of a table keeps to about six digits: µs below a second, ms below a
 * thousand, s above. Nanoseconds are only ever asked for: no sample is that fine.
 */
export function chooseUnit(largestMicros: number): TimeUnit {
  if (largestMicros < 1e6) return 'us';
  return largestMicros < 1e9 ? 'ms' : 's';
}

/** How many decimals a time in `unit` can have before they are finer than one sample. */
export function timeDecimals(unit: TimeUnit, intervalMicros: number): number {
  const step = inUnit(intervalMicros, unit);
  return step > 0 ? Math.min(9, Math.max(0, Math.ceil(-Math.log10(step)))) : 0;
}
