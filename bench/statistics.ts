import { byTurns, type Side } from './turns.ts';

/**
 * Programs are run in interleaved rounds, there and back (a, b, c, c, b, a, …), and compared round by round, so that
 * what slows the machine for a while slows all sides of a ratio, and none is always the first. The median over the
 * rounds leaves out the rounds where it slowed one of them. Benchmark libraries time functions inside one process; these are whole processes.
 */
export async function rounds<Name extends string>(
  count: number,
  sides: Readonly<Record<Name, () => Promise<number>>>,
): Promise<Readonly<Record<Name, readonly number[]>>> {
  const names = Object.keys(sides) as Name[];
  const seen = Object.fromEntries(names.map((name) => [name, [] as number[]])) as Record<Name, number[]>;
  for (let round = 0; round < count; round++) {
    for (const name of round % 2 === 0 ? names : names.toReversed()) seen[name].push(await sides[name]());
  }
  return seen;
}

/** Rounds of `byTurns`, each beginning with another side: for programs that run for seconds. */
export async function roundsByTurns<Name extends string>(
  count: number,
  sides: Readonly<Record<Name, Side>>,
): Promise<Readonly<Record<Name, readonly number[]>>> {
  const names = Object.keys(sides) as Name[];
  const seen = Object.fromEntries(names.map((name) => [name, [] as number[]])) as Record<Name, number[]>;
  for (let round = 0; round < count; round++) {
    const order = names.map((_, at) => names[(at + round) % names.length]!);
    const times = await byTurns(
      Object.fromEntries(order.map((name) => [name, sides[name]])) as Record<Name, Side>,
    );
    for (const name of names) seen[name].push(times[name]);
  }
  return seen;
}

/** The middle value, or the mean of the middle two. */
export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted.length >> 1;
  return sorted.length % 2 === 1 ? sorted[middle]! : (sorted[middle - 1]! + sorted[middle]!) / 2;
}

/** The median of `values[i] / base[i]`. */
export function ratio(values: readonly number[], base: readonly number[]): number {
  return median(values.map((value, i) => value / base[i]!));
}

/** The median of `values[i] - base[i]`. */
export function difference(values: readonly number[], base: readonly number[]): number {
  return median(values.map((value, i) => value - base[i]!));
}

/** A median and the interval that holds the true one in 95 of 100 such measurements. */
export interface Interval {
  readonly median: number;
  readonly low: number;
  readonly high: number;
}

/**
 * The median of `values[i] / base[i]` with its interval from the order of the ratios, which supposes nothing of how
 * they scatter; of fewer than six there is none, and it is without ends.
 */
export function ratioInterval(values: readonly number[], base: readonly number[]): Interval {
  const ratios = values.map((value, i) => value / base[i]!).sort((a, b) => a - b);
  // So many ratios may be left out at each end: the chance that a fair coin falls so one-sidedly is under 2.5 %.
  let left = 0;
  let chance = 0.5 ** ratios.length;
  for (let sum = chance; sum <= 0.025; sum += chance) {
    left++;
    chance *= (ratios.length - left + 1) / left;
  }
  return {
    median: median(ratios),
    low: ratios[left - 1] ?? 0,
    high: ratios[ratios.length - left] ?? Number.POSITIVE_INFINITY,
  };
}
