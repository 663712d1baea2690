import assert from 'node:assert/strict';
import { madeAt } from '../../src/memory/object-lines.ts';
import { resumed, WAITING } from '../../src/protocol/memory.ts';

type Row = readonly [count: number, bytes: number, ...ran: (readonly [what: number, times: number])[]];

/** What is told of stretches, each with what was made and what ran in it. */
function told(...rows: readonly Row[]): (readonly [point: number, count: number, bytes: number])[] {
  const made = rows.map(([count, bytes]) => ({ count, bytes }));
  const stretches = rows.map(([, , ...ran], index) => ({ to: index + 1, ran }));
  return madeAt({ count: 0, bytes: 0, made }, { stretches }).map(({ point, count, bytes }) => [
    point,
    count,
    bytes,
  ]);
}

describe('memory: which statements made the objects', () => {
  it('what was made while one ran alone is its', () => {
    assert.deepEqual(told([3, 96, [1, 1]], [0, 0, [2, 1]], [5, 160, [3, 7]]), [
      [1, 3, 96],
      [3, 5, 160],
    ]);
  });

  it('where several ran, what each makes must add up', () => {
    const alone: Row[] = [
      [1, 32, [1, 1]],
      [2, 64, [2, 1]],
    ];
    assert.deepEqual(told(...alone, [50, 1600, [1, 10], [2, 20]]), [
      [1, 11, 352],
      [2, 42, 1344],
    ]);
    assert.deepEqual(told(...alone, [51, 1632, [1, 10], [2, 20]]), [
      [1, 1, 32],
      [2, 2, 64],
    ]);
    assert.deepEqual(told(...alone, [50, 1700, [1, 10], [2, 20]]), [
      [1, 1, 32],
      [2, 2, 64],
    ]);
  });

  it('a statement that makes now more, now less tells nothing of the others', () => {
    assert.deepEqual(told([1, 32, [1, 1]], [0, 0, [1, 1]], [0, 0, [2, 1]], [5, 160, [1, 10], [2, 10]]), [
      [1, 1, 32],
    ]);
    assert.deepEqual(told([1, 32, [1, 1]], [9, 288, [1, 9], [3, 1]]), [[1, 1, 32]]);
  });

  it('what others made while a call waited is not told of its lines, what followed is', () => {
    assert.deepEqual(told([1, 32, [1, 1]], [7, 224, [WAITING, 1]], [2, 64, [resumed(1), 1]]), [[1, 3, 96]]);
  });
});
