import assert from 'node:assert/strict';
import type { Annotated } from '../../src/vscode/annotate.ts';
import { windowOf } from '../../src/vscode/window.ts';

describe('windowOf', () => {
  const annotated = (lines: number) => ({ annotations: { length: lines } }) as unknown as Annotated;

  it('is everything of a usual file, drawn once', () => {
    assert.deepEqual(windowOf([1, 40], annotated(600), null), [1, Number.POSITIVE_INFINITY]);
    assert.equal(windowOf([500, 540], annotated(600), [1, Number.POSITIVE_INFINITY]), null);
  });

  it('is the view and what is near it of a long one, drawn anew before its edge is seen', () => {
    const long = annotated(10_000);
    assert.deepEqual(windowOf([1, 40], long, null), [1, 190]);
    assert.equal(windowOf([100, 140], long, [1, 190]), null);
    assert.deepEqual(windowOf([101, 141], long, [1, 190]), [1, 291]);
    assert.deepEqual(windowOf([5000, 5040], long, [1, 190]), [4850, 5190]);
    assert.deepEqual(windowOf([4890, 4930], long, [4850, 5190]), [4740, 5080]);
  });
});
