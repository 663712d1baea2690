import assert from 'node:assert/strict';
import { getHeapSpaceStatistics } from 'node:v8';
import { openOldChunk } from '../../src/collect/memory-chunk.ts';

/** Sizes of objects in bytes, from one that fits into any chunk to nearly the largest on a page. */
const SIZES = [64, 104, 1000, 5000, 20_000, 60_000, 114_704];
/** Rounds; in the first V8 itself still puts code of what is called here into the old generation. */
const ROUNDS = 10;

describe('the chunk that V8 has set aside in the old generation', () => {
  it('is told from objects of known size, where V8 counts it as used', () => {
    const text = Buffer.alloc(200_000, 'q');
    const target = {};
    const keep: unknown[] = [];
    let names = 0;
    // Names of properties are born in the old generation: a header of 16 bytes, and a byte for each letter.
    const put = (bytes: number): void => {
      text.writeDoubleLE(++names, 8);
      keep.push(Reflect.get(target, text.toString('latin1', 0, bytes - 16)));
    };
    const used = (): number =>
      getHeapSpaceStatistics().find(({ space_name }) => space_name === 'old_space')!.space_used_size;
    const chunk = openOldChunk();
    const read: number[][] = [];
    for (let round = 0; round < ROUNDS; round++) {
      read.push(
        SIZES.map((size) => {
          chunk?.finish();
          const before = used();
          put(size);
          const grown = used() - before;
          return grown - (chunk?.finish() ?? 0);
        }),
      );
    }
    // Now and then V8 puts something of its own beside it, or collects.
    const middle = SIZES.map((_, at) => median(read.slice(1).map((round) => round[at]!)));
    assert.deepEqual(middle, SIZES);
  });
});

/** The middle of an odd number of values. */
function median(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[values.length >> 1]!;
}
