import { wilson } from '../analyze/wilson.ts';
import type { Difference } from '../model/comparison.ts';

/** The 97.5 % point of the standard normal distribution. */
const Z = 1.959963984540054;

/** A count of samples and what one of them is worth. */
export interface Rate {
  readonly samples: number;
  readonly each: number;
}

/**
 * The difference of two shares, second minus first, in points, with Newcombe's hybrid score interval: each
 * share's Wilson interval, combined (R. G. Newcombe, "Interval estimation for the difference between independent
 * proportions: comparison of eleven methods", Statistics in Medicine 17, 1998, method 10). It holds for small
 * counts too. Null without trials on either side.
 */
export function shareDifference(count1: number, of1: number, count2: number, of2: number): Difference | null {
  if (of1 <= 0 || of2 <= 0) return null;
  const [a, b] = [wilson(count1, of1), wilson(count2, of2)];
  return combined(
    { value: (count1 / of1) * 100, low: a.low * 100, high: a.high * 100 },
    { value: (count2 / of2) * 100, low: b.low * 100, high: b.high * 100 },
  );
}

/**
 * The difference of two times that were seen as counts of samples, second minus first. Counts are taken as
 * Poisson ones with their score intervals, combined as in `shareDifference` (G. Y. Zou and A. Donner,
 * "Construction of confidence limits about effect measures: a general approach", Statistics in Medicine 27, 2008).
 * What else differs between two runs, as a machine's clock rate, no count can tell.
 */
export function timeDifference(first: Rate, second: Rate): Difference {
  return combined(poisson(first), poisson(second));
}

/**
 * How many times faster the second of two times is: first divided by second. Given how many samples there are in
 * all, those of the first are a binomial count (J. Przyborowski and H. Wilenski, "Homogeneity of results in
 * testing samples from Poisson series", Biometrika 31, 1940); its Wilson interval is turned into one of the
 * ratio. `noise` when 1 lies inside. Null where either has no samples.
 */
export function speedRatio(first: Rate, second: Rate): Difference | null {
  if (first.samples === 0 || second.samples === 0) return null;
  const worth = first.each / second.each;
  const ratio = (share: number) => (share / (1 - share)) * worth;
  const { low, high } = wilson(first.samples, first.samples + second.samples);
  const bounds = { low: ratio(low), high: ratio(high) };
  const value = (first.samples / second.samples) * worth;
  return { value, ...bounds, noise: bounds.low <= 1 && bounds.high >= 1 };
}

interface Estimate {
  readonly value: number;
  readonly low: number;
  readonly high: number;
}

function poisson({ samples, each }: Rate): Estimate {
  const middle = samples + Z ** 2 / 2;
  const half = Z * Math.sqrt(samples + Z ** 2 / 4);
  return { value: samples * each, low: Math.max(0, middle - half) * each, high: (middle + half) * each };
}

/** Second minus first: the distances to the bounds that matter add up as squares. */
function combined(first: Estimate, second: Estimate): Difference {
  const value = second.value - first.value;
  const low = value - Math.hypot(second.value - second.low, first.high - first.value);
  const high = value + Math.hypot(second.high - second.value, first.value - first.low);
  return { value, low, high, noise: low <= 0 && high >= 0 };
}
