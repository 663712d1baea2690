/** The 97.5 % point of the standard normal distribution: 95 % two-sided. */
const Z = 1.959963984540054;

/** Shares, 0 to 1. */
export interface Interval {
  readonly low: number;
  readonly high: number;
  /** Half of the interval's width. */
  readonly margin: number;
}

/**
 * Wilson's score interval, 95 %, for `count` of `total` independent trials (E. B. Wilson, "Probable Inference,
 * the Law of Succession, and Statistical Inference", JASA 22, 1927). Holds for small counts too, where the
 * normal approximation does not. [0, 1] without trials.
 */
export function wilson(count: number, total: number): Interval {
  if (total <= 0) return { low: 0, high: 1, margin: 0.5 };
  const share = count / total;
  const z2 = (Z * Z) / total;
  const middle = (share + z2 / 2) / (1 + z2);
  const half = (Z / (1 + z2)) * Math.sqrt((share * (1 - share)) / total + z2 / (4 * total));
  // The exact bounds at the ends are 0 and 1; rounding must not move them.
  const low = count === 0 ? 0 : Math.max(0, middle - half);
  const high = count === total ? 1 : Math.min(1, middle + half);
  return { low, high, margin: (high - low) / 2 };
}
