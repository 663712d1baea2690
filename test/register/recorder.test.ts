import assert from 'node:assert/strict';
import { makeAggregate } from '../../src/register/aggregate.ts';
import { makeRecorder } from '../../src/register/recorder.ts';
import type { RawProfile, Sampler } from '../../src/register/samplers/sampler.ts';
import { makeWindows } from '../../src/register/windows.ts';

/** A recorder with a clock that is set by hand, and a sampler that takes a sample a millisecond. */
function setup(restMillis: number | null, fails = false) {
  const clock = { micros: 1e6 };
  const log: string[] = [];
  let from = 0;
  const profile = (): RawProfile => {
    const samples = Array.from({ length: Math.floor((clock.micros - from) / 1000) }, () => 2);
    const frame = { scriptId: '1', url: '/a.js', lineNumber: 0, columnNumber: 0 };
    const taken: RawProfile = {
      nodes: [
        { id: 1, callFrame: { ...frame, functionName: '(root)', url: '' }, hitCount: 0, children: [2] },
        { id: 2, callFrame: { ...frame, functionName: 'f' }, hitCount: samples.length },
      ],
      samples,
      timeDeltas: samples.map(() => 1000),
      startTime: from,
      endTime: clock.micros,
    };
    from = clock.micros;
    return taken;
  };
  const sampler: Sampler = {
    name: 'node:inspector',
    restMillis,
    start() {
      if (fails) throw new Error('of the sampler');
      log.push('start');
      from = clock.micros;
    },
    drain() {
      log.push('drain');
      return profile();
    },
    stop() {
      log.push('stop');
      return profile();
    },
  };
  const aggregate = makeAggregate(
    () => false,
    () => false,
  );
  const windows = makeWindows({
    now: () => clock.micros,
    onOpen: () => recorder.wake(),
    onBusy: () => recorder.look(),
  });
  const recorder = makeRecorder({
    sampler,
    windows,
    aggregate,
    now: () => clock.micros,
    beforeStart: () => log.push('first'),
  });
  const call = (millis: number): void => {
    windows.calls.in(0);
    clock.micros += millis * 1000;
    windows.calls.out();
  };
  /** Time passes, with a look every five seconds. */
  const wait = (seconds: number): void => {
    for (let at = 0; at < seconds; at += 5) {
      clock.micros += 5e6;
      recorder.look();
    }
  };
  return { recorder, aggregate, windows, log, call, wait };
}

describe('the recorder', () => {
  it('begins with the first window, and keeps what lies in windows alone', () => {
    const { recorder, aggregate, log, call, wait } = setup(null);
    recorder.drain();
    assert.deepEqual(log, []);
    call(100);
    wait(10);
    call(200);
    recorder.drain();
    assert.deepEqual(log, ['first', 'start', 'drain', 'drain', 'drain']);
    assert.ok(Math.abs(aggregate.samples() - 300) <= 4, `${aggregate.samples()} samples`);
  });

  it('rests when no window was open for long enough, and wakes with the next', () => {
    const { aggregate, log, call, wait } = setup(12_000);
    call(100);
    wait(60);
    assert.deepEqual(log, ['first', 'start', 'drain', 'drain', 'stop']);
    call(100);
    assert.deepEqual(log.slice(5), ['start']);
    wait(60);
    assert.deepEqual(log.slice(6), ['drain', 'drain', 'stop']);
    assert.ok(Math.abs(aggregate.samples() - 200) <= 4, `${aggregate.samples()} samples`);
  });

  it('does not rest while a window is open, however long', () => {
    const { log, windows, wait } = setup(12_000);
    windows.calls.in(0);
    wait(60);
    assert.ok(!log.includes('stop'), log.join());
    windows.calls.out();
    wait(20);
    assert.equal(log.at(-1), 'stop');
  });

  it('a sampler that fails is left alone, and the program goes on', () => {
    const { log, call, wait, aggregate } = setup(null, true);
    call(100);
    call(100);
    wait(20);
    assert.deepEqual([log, aggregate.samples()], [['first'], 0]);
  });
});
