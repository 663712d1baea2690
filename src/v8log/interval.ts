const LONGEST = 100_000;
const PAUSE = 5;

/** Gaps between consecutive ticks, in microseconds, as a histogram: memory does not grow with the ticks. */
export interface Gaps {
  add(micros: number): void;
  /**
   * The real sampling interval: the mean gap, without the gaps longer than 5 times the median (the thread was
   * idle or did not get the processor). 0 without gaps.
   */
  mean(): number;
}

/** No gaps yet. Gaps over 0.1 s are pauses whatever the median. */
export function createGaps(): Gaps {
  const counts = new Float64Array(LONGEST + 1);
  let total = 0;
  return {
    add(micros) {
      if (!(micros >= 0)) return;
      total++;
      const whole = Math.round(micros);
      counts[Math.min(whole, LONGEST)]!++;
    },
    mean() {
      let seen = 0;
      let median = 0;
      while (median < LONGEST && seen + counts[median]! <= total / 2) seen += counts[median++]!;
      const limit = Math.min(LONGEST - 1, median * PAUSE);
      let count = 0;
      let sum = 0;
      for (let gap = 0; gap <= limit; gap++) {
        count += counts[gap]!;
        sum += counts[gap]! * gap;
      }
      return count === 0 ? 0 : sum / count;
    },
  };
}
