import assert from 'node:assert/strict';
import { shareDifference, speedRatio, timeDifference } from '../../src/compare/statistics.ts';

const near = (actual: number, expected: number, within = 5e-5) =>
  assert.ok(Math.abs(actual - expected) <= within, `${actual}, not ${expected}`);

describe('compare: the difference of two shares', () => {
  // Newcombe's table II, method 10: 56/70 against 48/80, 9/10 against 3/10, 10/10 against 0/20, 0/10 against 0/20.
  for (const [a, m, b, n, low, high] of [
    [56, 70, 48, 80, 0.0524, 0.3339],
    [9, 10, 3, 10, 0.1705, 0.809],
    [6, 7, 2, 7, 0.0582, 0.8062],
    [5, 56, 0, 29, -0.0381, 0.1926],
    [0, 10, 0, 20, -0.1611, 0.2775],
    [10, 10, 0, 20, 0.6791, 1],
  ] as const) {
    it(`has the published interval of ${a}/${m} and ${b}/${n}`, () => {
      const { low: from, high: to, noise } = shareDifference(b, n, a, m)!;
      near(from / 100, low);
      near(to / 100, high);
      assert.equal(noise, low <= 0 && high >= 0);
    });
  }

  it('is unknown without trials', () => assert.equal(shareDifference(0, 0, 1, 2), null));
});

describe('compare: the difference and the ratio of two times', () => {
  it('lets chance be chance: 1000 and 1050 samples', () => {
    const [a, b] = [
      { samples: 1000, each: 1 },
      { samples: 1050, each: 1 },
    ];
    assert.equal(timeDifference(a, b).noise, true);
    assert.equal(speedRatio(a, b)!.noise, true);
  });

  it('sees what is not: 1000 and 1200 samples, or half the time a sample', () => {
    const [a, b] = [
      { samples: 1000, each: 1 },
      { samples: 1200, each: 1 },
    ];
    const { value, low, high, noise } = timeDifference(a, b);
    // The normal approximation is good here: 200 ± 1.96 √2200.
    assert.equal(value, 200);
    near(low, 200 - 91.93, 2.5);
    near(high, 200 + 91.93, 2.5);
    assert.equal(noise, false);
    const slower = speedRatio(a, b)!;
    near(slower.value, 1000 / 1200);
    assert.ok(slower.high < 1);
    const half = speedRatio({ samples: 1000, each: 1 }, { samples: 1000, each: 0.5 })!;
    assert.equal(half.value, 2);
    assert.ok(half.low > 1.8 && half.high < 2.2 && !half.noise);
  });

  it('of few samples is noise, of none unknown', () => {
    assert.equal(timeDifference({ samples: 0, each: 1 }, { samples: 3, each: 1 }).noise, true);
    assert.equal(timeDifference({ samples: 0, each: 1 }, { samples: 10, each: 1 }).noise, false);
    assert.equal(speedRatio({ samples: 0, each: 1 }, { samples: 3, each: 1 }), null);
  });

  it('keeps its promise: of a thousand comparisons of equal things about one in twenty is taken for a difference', () => {
    // A fixed sequence, so that the test says the same each time (mulberry32).
    let seed = 7;
    const random = () => {
      seed = (seed + 0x6d2b79f5) | 0;
      let t = Math.imul(seed ^ (seed >>> 15), 1 | seed);
      t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
      return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
    };
    const drawn = (share: number) => {
      let count = 0;
      for (let k = 0; k < 500; k++) if (random() < share) count++;
      return count;
    };
    let wrong = 0;
    for (let k = 0; k < 1000; k++) if (!shareDifference(drawn(0.1), 500, drawn(0.1), 500)!.noise) wrong++;
    assert.ok(wrong > 20 && wrong < 80, `${wrong}`);
  });
});
