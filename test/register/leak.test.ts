import assert from 'node:assert/strict';
import { project, run } from './support.ts';

interface Reading {
  readonly windows: number;
  readonly heap: number;
  readonly rss: number;
}

describe('lineprof/register in a day of fast-forward', () => {
  // Each call is a window of its own: there is more than their gap between two. A result is written every 2,500.
  const folder = project('register-leak', {
    'day.mjs': `import { flush, profile } from 'lineprof';
      /** @profile */ function work(n) { let y = n; for (let i = 0; i < 400; i++) y = (y * 1.0001 + i) % 1000003; return y; }
      /** @profile */ async function later(n) { await null; return work(n); }
      const made = profile((n) => work(n) + 1);
      const pause = () => { const end = performance.now() + 0.06; while (performance.now() < end); };
      const readings = [];
      for (let i = 1; i <= 100_000; i++) {
        if (i % 3 === 0) await later(i); else if (i % 3 === 1) made(i); else work(i);
        pause();
        if (i % 500 === 0) await new Promise(setImmediate);
        if (i % 2500 === 0) flush();
        if (i % 20_000 === 0) { gc(); gc(); const { heapUsed, rss } = process.memoryUsage(); readings.push({ windows: i, heap: heapUsed, rss }); }
      }
      console.log(JSON.stringify(readings));`,
  });

  it('100,000 windows leave no memory behind', async function () {
    this.timeout(180_000);
    const ran = await run(folder, ['--expose-gc', '--import', 'lineprof/register', 'day.mjs']);
    const readings = JSON.parse(ran.stdout) as Reading[];
    assert.equal(readings.length, 5, ran.stderr);
    const [, early] = readings;
    const last = readings.at(-1)!;
    const told = JSON.stringify(readings);
    assert.ok(last.heap - early!.heap < 500_000, `the heap grew: ${told}`);
    assert.ok(last.rss - early!.rss < 20_000_000, `memory grew: ${told}`);
    const calls = ran.profiles[0]!.functions.map((fn) => fn.calls!).sort((a, b) => b - a);
    assert.deepEqual(calls, [100_000, 33_334, 33_333]);
    assert.ok(JSON.stringify(ran.profiles[0]).length < 200_000);
    if (process.env['LINEPROF_TEST_VERBOSE'] === '1') console.log(told);
  });
});
