import assert from 'node:assert/strict';
import { liveBytes } from '../../src/memory/live.ts';
import { columnsOf } from '../../src/memory/records.ts';
import { AT, AT_MOST, ENTER, EXIT, LIVE, RECORD_BYTES } from '../../src/protocol/memory.ts';

/** A log in the making: calls of functions with one statement each, whose number is the function's and one. */
function makeLog() {
  const records: (readonly [code: number, slot: number, bytes: number])[] = [];
  let allocated = 0;
  const live = (bytes: number | null) => {
    if (bytes !== null) records.push([LIVE, 0, bytes]);
  };
  return {
    /** A call that allocates so many bytes, with the live bytes of collections at its ends. */
    call(fn: number, bytes: number, before: number | null = null, after: number | null = null) {
      records.push([ENTER | (fn << 3), 0, 0], [AT | ((fn + 1) << 3), 0, allocated]);
      live(before);
      allocated += bytes;
      records.push([EXIT, 0, allocated]);
      live(after);
    },
    /** V8 has collected by itself before the last reading. */
    inUse(bytes: number) {
      records.push([AT_MOST, 0, bytes]);
    },
    /** Live bytes at each end of a call, in the order of the calls. */
    ends(): number[] {
      const view = new DataView(new ArrayBuffer(records.length * RECORD_BYTES));
      records.forEach(([code, slot, bytes], at) => {
        view.setInt32(at * RECORD_BYTES, code, true);
        view.setInt32(at * RECORD_BYTES + 4, slot, true);
        view.setFloat64(at * RECORD_BYTES + 8, bytes, true);
      });
      const columns = columnsOf(new Uint8Array(view.buffer));
      return [...liveBytes(columns)!].filter((_, index) => columns.kind[index] === EXIT);
    },
  };
}

const MIB = 2 ** 20;

describe('memory: live bytes between collections', () => {
  it('after the last collection that there was time for, those of V8 tell what lives at most', () => {
    const log = makeLog();
    log.call(0, MIB, 0, 0);
    for (let i = 0; i < 9; i++) log.call(0, 10 * MIB);
    log.inUse(5000);
    const ends = log.ends();
    assert.equal(ends[0], 0);
    assert.equal(ends.at(-1), 5000);
    assert.ok(ends.every((bytes) => bytes <= 5000));
  });

  it('after all collections a statement keeps the share that it kept until then', () => {
    const log = makeLog();
    log.call(0, MIB, 0, MIB);
    log.call(2, MIB, MIB, MIB);
    log.call(0, 10 * MIB);
    log.call(2, 10 * MIB);
    assert.deepEqual(log.ends(), [MIB, MIB, 11 * MIB, 11 * MIB]);
  });

  it('what V8 itself keeps in a small statement says nothing of it: another kept what more lives', () => {
    const log = makeLog();
    // 752 bytes of V8's own.
    log.call(0, 32, 0, 752);
    log.call(2, 8192, 752, 752);
    log.call(0, MIB);
    log.call(2, MIB);
    log.call(4, MIB);
    log.call(6, 0, MIB, MIB);
    const [, , afterFirst, afterSecond, afterThird] = log.ends() as [number, number, number, number, number];
    // Of the first and the third nothing is known, the second keeps nothing.
    assert.ok(Math.abs(afterFirst - MIB / 2) < 1000);
    assert.equal(afterSecond, afterFirst);
    assert.ok(Math.abs(afterThird - MIB) < 1000);
  });
});
