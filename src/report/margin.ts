/** The normal quantile of a two-sided 95 % interval. */
const Z = 1.959964;

/**
 * How far a function's time may be off, in percent of it: the half-width of the Wilson 95 % interval of its
 * share of the run's samples, relative to that share. Null without samples.
 * Wilson, "Probable inference, the law of succession, and statistical inference", JASA 22 (1927).
 */
export function relativeMargin(samples: number, runSamples: number): number | null {
  if (samples <= 0 || runSamples < samples) return null;
  const share = samples / runSamples;
  const spread = Math.sqrt((share * (1 - share)) / runSamples + Z ** 2 / (4 * runSamples ** 2));
  return ((Z * spread) / (1 + Z ** 2 / runSamples) / share) * 100;
}
