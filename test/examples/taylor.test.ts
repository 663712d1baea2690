import assert from 'node:assert/strict';
import { describe, it } from 'mocha';
import { benchmarkTaylor, factorial, taylorExp, taylorSin } from '../../examples/taylor.ts';

const near = (actual: number, expected: number) =>
  assert.ok(Math.abs(actual - expected) < 1e-9, `${actual}, not ${expected}`);

describe('examples/taylor', () => {
  it('factorial', () => {
    assert.deepEqual([0, 1, 2, 5, 10].map(factorial), [1, 1, 2, 120, 3628800]);
  });

  it('taylorExp nears e to the x', () => {
    for (const x of [-2, 0, 0.5, 1, 3]) near(taylorExp(x, 60), Math.exp(x));
    assert.equal(taylorExp(1, 2), 2);
  });

  it('taylorSin nears sin x', () => {
    for (const x of [-3, -0.5, 0, 1, 2]) near(taylorSin(x, 60), Math.sin(x));
    assert.equal(taylorSin(0.5, 2), 0.5);
  });

  it('benchmarkTaylor adds both up', () => {
    near(benchmarkTaylor(2), 2 * (Math.E + Math.sin(1)));
  });
});
