import assert from 'node:assert/strict';
import { callWay, host, makeFolder, writePrograms } from '../launch/support.ts';

const folder = makeFolder('call');

describe('call', () => {
  before(() =>
    writePrograms(folder, {
      'lib.cjs': `let n = 0;
        function hidden() { n++; return n; }
        const later = async (ms) => { await new Promise((r) => setTimeout(r, ms)); n++; };
        const fails = () => { throw new TypeError('no luck'); };
        const rejects = async () => { throw new TypeError('no luck later'); };
        const thenable = { then(resolve) { n++; resolve(); } };
        process.on('exit', () => console.log(n));`,
      'spin.mjs': `const spin = (ms) => { const end = performance.now() + ms; while (performance.now() < end); };
        const wait = (ms) => new Promise((r) => setTimeout(r, ms));`,
      'last-line.cjs': 'const f = () => 5; // no line end, a comment',
      'returns.cjs': 'const f = () => 5; return;',
      'broken.cjs': 'const f = () => {;\n',
      'main.mjs': `import { pathToFileURL } from 'node:url'; const f = () => console.log('called');
        if (import.meta.url === pathToFileURL(process.argv[1]).href) console.log('main');`,
    }),
  );

  const call = (file: string, expression: string, times = 1) =>
    host(folder, callWay(file, expression, times));

  it('runs the expression so many times: values, promises, thenables', async () => {
    for (const expression of ['hidden()', 'later(0)', 'await later(0)', 'thenable', '(hidden(), 7)']) {
      const { stdout, result } = await call('lib.cjs', expression, 9);
      assert.deepEqual([stdout, result.exitCode, result.processes[0]!.repeats], ['9\n', 0, 9], expression);
    }
  });

  it('repeats until enough time has passed, busy or waiting', async () => {
    const enough = (file: string, expression: string, minMillis: number | null, intervalMicros: number) =>
      host(
        folder,
        { kind: 'call', file, expression, repeat: { kind: 'enough', minMillis } },
        { request: { intervalMicros } },
      );
    // By its own clock: 400 ms of rounds of 20 ms and more.
    const timed = await enough('spin.mjs', 'spin(20)', 400, 1000);
    const rounds = timed.result.processes[0]!.repeats!;
    assert.ok(rounds >= 2 && rounds <= 21, String(rounds));
    assert.ok(timed.result.realMicros >= 400_000);
    // 2000 samples at 100 µs take about half a second of CPU time, far from the three seconds of waiting.
    const busy = await enough('spin.mjs', 'spin(5)', null, 100);
    const waiting = await enough('spin.mjs', 'wait(50)', null, 100);
    assert.ok(busy.result.realMicros < waiting.result.realMicros, 'waiting counted as samples');
    assert.ok(waiting.result.realMicros >= 3_000_000);
  });

  it('a short expression is repeated often', async () => {
    const { result } = await host(folder, {
      kind: 'call',
      file: 'last-line.cjs',
      expression: 'f()',
      repeat: { kind: 'enough', minMillis: 300 },
    });
    assert.ok(result.processes[0]!.repeats! > 100_000, String(result.processes[0]!.repeats));
  });

  it('failures end as a program of its own would: printed, exit code 1', async () => {
    for (const [file, expression, pattern] of [
      ['lib.cjs', 'fails()', /TypeError: no luck\n +at fails/],
      ['lib.cjs', 'rejects()', /TypeError: no luck later\n +at rejects/],
      ['lib.cjs', 'unknown()', /ReferenceError: unknown is not defined/],
      ['returns.cjs', 'f()', /returned before its end/],
      ['broken.cjs', 'f()', /broken\.cjs:\d+[\s\S]*SyntaxError/],
    ] as const) {
      const { stderr, result } = await call(file, expression);
      assert.equal(result.exitCode, 1, expression);
      assert.match(stderr, pattern);
    }
  });

  it('the module is not the main program', async () => {
    assert.equal((await call('main.mjs', 'f()')).stdout, 'called\n');
  });
});
