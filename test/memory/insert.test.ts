import assert from 'node:assert/strict';
import vm from 'node:vm';
import { MEMORY_GLOBAL } from '../../src/protocol/memory.ts';
import { loadPackage, PROGRAMS } from '../hits/packages.ts';
import { randomProgram, rounds } from '../hits/random.ts';
import { SELVES } from '../hits/selves.ts';
import { TABLES } from '../hits/tables.ts';
import { fakeProbe, runBody, withReadings, wrapped } from './harness.ts';

/** Programs that only an own level of statements allows, or that end in unusual ways. */
const ODD: Readonly<Record<string, string>> = {
  'functions of one name': `
    function f() { return g(); function g() { return 1 } function g() { return 2 } }
    function h(a) { var k; function k() {} k = a; return k + (() => { return k })() }
    return [f(), h(2)];`,
  'directives and hoisting': `
    function f() { 'use strict'
      return [typeof this, g()]; function g() { return typeof this } }
    function h() { return a(); function a() { return typeof b } var b = 1 }
    return [f.call(undefined), h()];`,
  'else if, bodies without braces, empty ones': `
    const f = (n) => { if (n < 1) return 'a'; else if (n < 2) return 'b'; else if (n < 3) { } else for (;;) return 'c'; return 'd' };
    let s = ''; for (const n of [0, 1, 2, 3]) if (n) s += f(n); else s += f(n) + '!'; while (s.length < 9) s += '.';
    do s += ','; while (s.length < 12) return s;`,
  'continue in every kind of loop': `
    const log = []; outer: for (const a of [1, 2, 3]) { for (const b in { x: 1, y: 2 }) { if (b === 'x') continue; if (a === 2) continue outer; log.push(a + b) } }
    for (let i = 0; i < 3; i++) { if (i === 1) continue; log.push(i) }
    let j = 0; while (j < 3) { j++; if (j === 2) continue; log.push(j) } do { j--; if (j === 1) continue; log.push(j) } while (j > 0)
    for await (const c of [1, Promise.resolve(2)]) { if (c === 1) continue; log.push(c) }
    return log;`,
  'yield without a value, in every place': `
    function* g() { const a = yield; const b = [yield, yield 1]; return [a, ...b, yield
      ] } const it = g(); return [it.next(), it.next(1), it.next(2), it.next(3), it.next(4)];`,
  'rejections and finally': `
    async function f() { try { await Promise.reject(1) } catch (e) { return e + await 1 } finally { await 0 } }
    const g = async () => { throw await 2 }; return [await f(), await g().catch((e) => e), await (async () => (await 3, await 4))()];`,
  'arrows with parentheses and comments': `
    const f = () => (((1))), g = () => /* a ) */ ({ a: 1 }) /* } */, h = async (x) => ((x) => /* => */ x)(await x), k = x => y => (x, y) // )
    return [f(), g(), await h(2), k(1)(3)];`,
};

/** The code of a table of `hits | code`. */
function codeOf(table: string): string {
  return table
    .replace(/^\n/, '')
    .split('\n')
    .map((row) => row.slice(row.indexOf('|') + 2))
    .join('\n');
}

const TABLE_PROGRAMS = Object.fromEntries(
  Object.entries(TABLES).map(([name, table]) => [`hits: ${name}`, codeOf(table)]),
);

describe('memory: programs with readings in them', () => {
  for (const [name, text] of Object.entries({ ...ODD, ...SELVES, ...TABLE_PROGRAMS })) {
    it(`do the same: ${name}`, async () => {
      const plain = await runBody(wrapped(text), fakeProbe(), 'tsx').catch((error: unknown) => String(error));
      const probe = fakeProbe();
      const read = withReadings(wrapped(text), undefined, 'program.tsx')!;
      const value = await runBody(read.text, probe, 'tsx').catch((error: unknown) => String(error));
      assert.deepEqual(
        JSON.parse(JSON.stringify(value ?? null)) as unknown,
        JSON.parse(JSON.stringify(plain ?? null)),
      );
      assert.deepEqual(probe.wrong, []);
      assert.equal(read.text.split('\n').length, wrapped(text).split('\n').length);
    });
  }

  it('do the same: random programs', () => {
    const run = (text: string, globals: object): unknown =>
      vm.runInContext(`(function () {${text}\n})()`, vm.createContext(globals));
    for (let seed = 1; seed <= 150; seed++) {
      const { plain } = randomProgram(seed);
      const text = `return (function program() {${plain}\n})();`;
      const probe = fakeProbe();
      const value = run(withReadings(text)!.text, { rounds, [MEMORY_GLOBAL]: probe.calls });
      assert.equal(value, run(text, { rounds }), `seed ${seed}`);
      assert.deepEqual(probe.wrong, [], `seed ${seed}`);
    }
  });

  for (const { name, entry, run } of PROGRAMS) {
    it(`do the same: ${name}`, function () {
      this.timeout(60_000);
      const plain = JSON.stringify(run(loadPackage(entry, (text) => text) as never));
      const probe = fakeProbe();
      Object.defineProperty(globalThis, MEMORY_GLOBAL, { value: probe.calls, configurable: true });
      try {
        const change = (text: string, path: string) => withReadings(text, undefined, path)?.text ?? text;
        assert.equal(JSON.stringify(run(loadPackage(entry, change) as never)), plain);
      } finally {
        Reflect.deleteProperty(globalThis, MEMORY_GLOBAL);
      }
      assert.ok(probe.counts.size > 20, 'little was read');
      assert.deepEqual(probe.wrong, []);
    });
  }
});
