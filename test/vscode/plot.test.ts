import assert from 'node:assert/strict';
import { shownTime } from '../../src/webview/plot.ts';

describe('the time that a plot of memory shows', () => {
  it('is that of the calls and a fifth of it on both sides, as far as there are samples', () => {
    const calls = [
      { fromMillis: 1000, toMillis: 1100 },
      { fromMillis: 1500, toMillis: 2000 },
    ];
    assert.deepEqual(shownTime([0, 3000], calls), { from: 800, to: 2200 });
    assert.deepEqual(shownTime([900, 2100], calls), { from: 900, to: 2100 });
  });

  it('is all there is when the function was never called', () => {
    assert.deepEqual(shownTime([40, 50, 60], []), { from: 40, to: 60 });
    assert.deepEqual(shownTime([], []), { from: 0, to: 1 });
  });
});
