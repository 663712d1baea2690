import assert from 'node:assert/strict';
import { type DoubtfulReadings, doubtfulNumbers } from '../../src/memory/doubtful.ts';
import type { MemoryScript, SampledHeap, SampledNode } from '../../src/protocol/memory.ts';

const PATH = '/app/a.js';
const INTERVAL = 64 * 1024;
/** Two functions, numbers 0 and 2, with one statement each, 1 and 3; 4 is on no line. */
const SCRIPT: MemoryScript = {
  path: PATH,
  textHash: '',
  text: '\nfunction f() {\n  g();\n}\nfunction g() {\n  make();\n}',
  functions: [
    [11, 25, 0],
    [36, 53, 2],
  ],
  points: [
    [18, 18, 0, 1],
    [43, 43, 2, 3],
  ],
};
const F_LINE = 1;
const G_LINE = 4;

/** Samples as V8 tells them: a size stands for as many objects as one sample is expected to. */
function sampled(
  stacks: readonly (readonly [lines: readonly number[], sizes: readonly number[]])[],
): SampledHeap {
  let next = 1;
  const samples: { size: number; nodeId: number }[] = [];
  const node = (url: string, lineNumber: number, children: SampledNode[]): SampledNode => ({
    id: next++,
    callFrame: { url, lineNumber },
    selfSize: 0,
    children,
  });
  const chains = stacks.map(([lines, sizes]) => {
    let chain: SampledNode | null = null;
    for (const line of [...lines].reverse()) {
      chain = node(`file://${PATH}`, line, chain === null ? [] : [chain]);
      if (chain.children.length > 0) continue;
      for (const size of sizes) {
        const many = Math.round(1 / (1 - Math.exp(-size / INTERVAL)));
        samples.push({ size: size * many, nodeId: chain.id });
      }
    }
    return chain!;
  });
  return { head: node('', -1, chains), samples };
}

function numbers(
  doubtful: readonly number[],
  samples: SampledHeap | null,
): readonly (readonly [number, number])[] {
  const reading: DoubtfulReadings = {
    scripts: [SCRIPT],
    counts: { doubtful: Float64Array.from(doubtful) },
    samples,
  };
  return doubtfulNumbers([reading], (url) => url.replace('file://', ''));
}

const many = (size: number, times = 40): number[] => new Array<number>(times).fill(size);

describe('statements whose bytes may hold ends of pages', () => {
  it('are those that made arrays in several pages', () => {
    const samples = sampled([[[F_LINE, G_LINE], many(88_000)]]);
    assert.deepEqual(numbers([0, 500_000, 0, 0, 0], samples), [[1, 500_000]]);
    assert.deepEqual(numbers([0, 500_000, 0, 300_000, 0], samples), [
      [1, 500_000],
      [3, 300_000],
    ]);
  });

  it('are none where objects are small, or so large that they have places of their own', () => {
    assert.deepEqual(numbers([0, 9e6, 0, 9e6, 0], sampled([[[F_LINE, G_LINE], many(48)]])), []);
    assert.deepEqual(numbers([0, 9e6, 0, 9e6, 0], sampled([[[F_LINE, G_LINE], many(400_000)]])), []);
  });

  it('are those that made objects of 1 % of a page and more, whatever their size exactly', () => {
    for (const size of [
      2720, 4_128, 8_016, 10_000, 16_400, 40_016, 66_000, 68_000, 71_000, 88_016, 130_000,
    ]) {
      assert.equal(numbers([0, 9e6, 0, 0, 0], sampled([[[F_LINE], many(size)]])).length, 1, String(size));
    }
    for (const size of [16, 24, 32, 40, 48, 56, 64, 96, 128, 200]) {
      assert.equal(numbers([0, 9e6, 0, 0, 0], sampled([[[F_LINE], many(size)]])).length, 0, String(size));
    }
  });

  it('are none where a large object now and then is next to nothing', () => {
    const samples = sampled([[[F_LINE], [...many(48, 300), 100_000]]]);
    assert.deepEqual(numbers([0, 9e6, 0, 0, 0], samples), []);
    // One of 30 samples stands for a thirtieth of the bytes, in objects that leave a fifth of a page empty.
    const some = sampled([[[F_LINE], [...many(48, 29), 100_000]]]);
    assert.deepEqual(numbers([0, 9e6, 0, 0, 0], some), [[1, 9e6]]);
  });

  it('are told by what is made below their function, others left out', () => {
    const samples = sampled([
      [[F_LINE], many(48)],
      [[G_LINE], many(88_000)],
    ]);
    assert.deepEqual(numbers([0, 9e6, 0, 8e6, 0], samples), [[3, 8e6]]);
  });

  it('count a function once, however often it is on the stack', () => {
    // 15 samples would be 30 if both calls of g counted: too few say nothing, so it is in doubt.
    const samples = sampled([[[G_LINE, G_LINE], many(48, 15)]]);
    assert.deepEqual(numbers([0, 0, 0, 9e6, 0], samples), [[3, 9e6]]);
  });

  it('are all that filled several pages where nothing is known of what they made', () => {
    assert.deepEqual(numbers([0, 9e6, 0, 0, 0], null), [[1, 9e6]]);
    assert.deepEqual(numbers([0, 9e6, 0, 0, 0], sampled([[[F_LINE], many(48, 3)]])), [[1, 9e6]]);
    assert.deepEqual(numbers([0, 0, 0, 0, 0], null), []);
  });

  it('may be what follows a call that was read, in whatever statement', () => {
    assert.deepEqual(numbers([7e6, 0, 0, 0, 0], sampled([[[F_LINE], many(88_000)]])), [[0, 7e6]]);
    const small = sampled([
      [[F_LINE], many(48)],
      [[G_LINE], many(48)],
    ]);
    assert.deepEqual(numbers([7e6, 0, 0, 0, 0], small), []);
  });
});
