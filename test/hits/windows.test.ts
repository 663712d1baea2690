import assert from 'node:assert/strict';
import { createContext, runInContext } from 'node:vm';
import { insertWindows } from '../../src/hits/windows.ts';
import type { Activation, WindowCalls } from '../../src/protocol/register.ts';
import { makeWindows } from '../../src/register/windows.ts';
import { parseFile } from '../../src/source/parse.ts';

const edit = (text: string) => insertWindows(parseFile(text, 'a.js'), text, () => 0)!;

/** Runs a text's function `main` with and without windows; `tell` in it notes whether a window is open. */
async function both(
  text: string,
): Promise<{ plain: unknown; changed: unknown; open: boolean[]; calls: number[] }> {
  const windows = makeWindows({ now: () => performance.now() * 1000, onOpen: () => {}, onBusy: () => {} });
  const run = async (source: string): Promise<{ result: unknown; open: boolean[] }> => {
    const open: boolean[] = [];
    const context = createContext({ __lineprof_r: windows.calls, tell: () => open.push(windows.isOpen()) });
    const result: unknown = await runInContext(`${source}\n;main()`, context);
    return { result: JSON.parse(JSON.stringify(result ?? null)), open };
  };
  const plain = await run(text);
  const changed = await run(edit(text).text);
  assert.equal(windows.isOpen(), false, 'a window stayed open');
  const calls = edit(text).functions.map(({ id }) => windows.countOf(id));
  return { plain: plain.result, changed: changed.result, open: changed.open, calls };
}

describe('windows put into texts', () => {
  const cases: Record<string, { text: string; open?: boolean[]; calls: number[] }> = {
    'a function that returns, throws and calls itself': {
      text: `/** @profile */ function f(n) { tell(); if (n === 0) throw new Error('end'); return f(n - 1); }
        function main() { try { f(3); } catch (error) { tell(); return error.message; } }`,
      open: [true, true, true, true, false],
      calls: [4],
    },
    'directives, nested functions and var': {
      text: `/** @profile */ function f(a) { 'use strict'
        var x = g(a); function g(b) { return [b, this === undefined]; } return x }
        function main() { return [f(1), f.name, f.length]; }`,
      calls: [1],
    },
    'arrows with an expression, an object or another arrow': {
      text: `/** @profile */ const a = (x) => ({ x });
        /** @profile */ const b = (x) => (/** @profile */ (y) => x + y);
        /** @profile */ const c = async x => (1, x);
        /** @profile */ const d = () => {};
        async function main() { return [a(1), b(1)(2), await c(4), d()]; }`,
      calls: [1, 1, 1, 1, 1],
    },
    'members of a class, its constructor and super': {
      text: `class A { constructor() { this.n = 1; } }
        /** @profile */ class B extends A { constructor() { super(); this.m = this.n + 1; }
          get sum() { return this.n + this.#p(); } static s() { return this.name; } #p() { return this.m; } }
        function main() { const b = new B(); return [b.sum, B.s(), Object.keys(b)]; }`,
      calls: [1, 1, 1, 1],
    },
    'an async function, over its awaits': {
      text: `/** @profile */ async function f() { tell(); await null; tell(); return 3; }
        async function main() { const p = f(); tell(); const n = await p; tell(); return n; }`,
      open: [true, true, true, false],
      calls: [1],
    },
    'a generator, but not while it waits': {
      text: `/** @profile */ function* g(a) { try { const x = yield a, y = (yield); tell();
          yield (x, y); yield* h(); yield * [8]; } finally { tell(); } return 9; }
        function* h() { tell(); yield 7; tell(); }
        function main() { const it = g(1), got = []; let r = it.next();
          while (!r.done) { got.push(r.value); tell(); r = it.next(got.length); }
          return [got, r.value, [...g(2)], g(3).next().value]; }`,
      // Of the last one nothing but its first step is run.
      open: [false, false, true, false, true, false, true, false, true, true, true, true, true],
      calls: [3],
    },
    'a generator that is told to end or to throw': {
      text: `/** @profile */ function* g() { try { yield 1; } catch (e) { yield e; } yield 2; }
        function main() { const a = g(), b = g(); a.next(); b.next();
          return [a.return(5), b.throw(6), b.next(), b.next()]; }`,
      calls: [2],
    },
    'an async generator': {
      text: `/** @profile */ async function* g() { yield Promise.resolve(1); tell(); yield* h(); yield* [3]; }
        async function* h() { await null; tell(); yield 2; }
        async function main() { const got = []; for await (const x of g()) { tell(); got.push(x); } return got; }`,
      open: [false, true, true, false, false],
      calls: [1],
    },
    'yield of an arrow and of another yield': {
      text: `/** @profile */ function* g() { yield /** @profile */ x => x + 1; yield yield 5; yield
          ; return [yield, yield]; }
        function main() { return [...g()].map((v) => typeof v === 'function' ? v(1) : v ?? null); }`,
      calls: [1, 1],
    },
  };
  for (const [name, { text, open, calls }] of Object.entries(cases)) {
    it(name, async () => {
      const result = await both(text);
      assert.deepEqual(result.changed, result.plain);
      assert.deepEqual(result.calls, calls);
      if (open !== undefined) assert.deepEqual(result.open, open);
    });
  }

  it('moves no line, and tells where functions stand before and after', () => {
    const text = `#!/usr/bin/env node\n'use strict';\n/** @profile */ const f = () => 1; /** @profile */ function g() {\n  return 2;\n}\n`;
    const { text: edited, functions } = edit(text);
    assert.equal(edited.split('\n').length, text.split('\n').length);
    const before = text.split('\n');
    const after = edited.split('\n');
    for (const { line, column, compiledColumn } of functions) {
      assert.match(before[line]!.slice(column), /^\(\) (?:=>|\{)/);
      assert.match(after[line]!.slice(compiledColumn), /^\(\) (?:=>|\{)/);
    }
  });

  it('gives each function the length of its text behind its first call', () => {
    const { text, functions } = edit(
      '/** @profile */ function f() { return /** @profile */ () => 1; } const a = 1;',
    );
    const made = new Function('__lineprof_r', `${text}; return [f, f()];`) as (
      calls: object,
    ) => [object, object];
    const noActivation: Activation = { isOpen: false };
    const calls: Partial<WindowCalls> = { start() {}, in() {}, out() {}, open: () => noActivation };
    const texts = made(calls).map(String);
    for (const { id, tail } of functions) {
      const own = texts[id]!;
      assert.equal(own.length - own.indexOf(`.in(${id})`) + '__lineprof_r'.length, tail);
    }
  });

  it('leaves a text without marks alone', () => {
    const text = '// no @profile here\nfunction f() {}';
    assert.equal(
      insertWindows(parseFile(text, 'a.js'), text, () => 0),
      null,
    );
  });
});
