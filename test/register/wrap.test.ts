import assert from 'node:assert/strict';
import { makeWindows } from '../../src/register/windows.ts';
import { type AnyFunction, makeMark } from '../../src/register/wrap.ts';

function host() {
  const windows = makeWindows({ now: () => performance.now() * 1000, onOpen: () => {}, onBusy: () => {} });
  const marked: AnyFunction[] = [];
  const refused: string[] = [];
  const mark = makeMark({
    calls: windows.calls,
    add: (fn) => marked.push(fn) - 1,
    isWindowed: () => false,
    refuse: (what) => refused.push(what),
  });
  return {
    windows,
    marked,
    refused,
    mark: (target: unknown) => mark(target, undefined, undefined),
    decorate: mark,
  };
}

describe('marks met at run time', () => {
  it('a function stays what it is, and tells when it runs', () => {
    const { windows, mark } = host();
    function f(this: unknown, a: number, b: number): unknown[] {
      return [this, a + b, new.target !== undefined, windows.isOpen()];
    }
    f.own = 1;
    const marked = mark(f) as typeof f;
    assert.deepEqual(marked.call('self', 1, 2), ['self', 3, false, true]);
    assert.deepEqual([marked.name, marked.length, marked.own], ['f', 2, 1]);
    assert.ok(Array.isArray(new (marked as unknown as new (a: number, b: number) => object)(1, 2)));
    assert.equal(windows.isOpen(), false);
    assert.equal(windows.countOf(0), 2);
    assert.equal(mark(marked), marked);
  });

  it('a function that throws closes its window', () => {
    const { windows, mark } = host();
    const marked = mark(() => {
      throw new Error('no');
    }) as () => void;
    assert.throws(marked, /^Error: no$/);
    assert.equal(windows.isOpen(), false);
  });

  it('an async function is open until it settles, and a rejection nobody handles stays one', async () => {
    const { windows, mark } = host();
    const marked = mark(async (fails: boolean) => {
      await null;
      if (fails) throw new Error('late');
      return windows.isOpen();
    }) as (fails: boolean) => Promise<boolean>;
    const two = [marked(false), marked(false)];
    assert.equal(windows.isOpen(), true);
    assert.deepEqual(await Promise.all(two), [true, true]);
    await assert.rejects(marked(true), /late/);
    assert.equal(windows.isOpen(), false);
  });

  it('generators are open while they run', async () => {
    const { windows, mark } = host();
    const open: boolean[] = [];
    const tell = () => open.push(windows.isOpen());
    const sync = mark(function* sync() {
      tell();
      yield 1;
      tell();
    }) as () => Generator<number>;
    for (const _ of sync()) tell();
    const later = mark(async function* later() {
      await null;
      tell();
      yield 1;
    }) as () => AsyncGenerator<number>;
    for await (const _ of later()) tell();
    assert.deepEqual(open, [true, false, true, true, false]);
    assert.equal(windows.isOpen(), false);
    assert.ok(sync() instanceof (sync as unknown as new () => object));
  });

  it('decorators of both kinds, of methods, accessors, fields and classes', () => {
    const { windows, decorate, mark, refused } = host();
    class A {
      static #secret = 4;
      #n = 1;
      static make(): [A, number] {
        return [new A(), A.#secret];
      }
      get n(): number {
        return this.#n + (windows.isOpen() ? 10 : 0);
      }
      m(): boolean {
        return windows.isOpen();
      }
    }
    assert.equal(mark(A), A);
    const [a, secret] = A.make();
    assert.deepEqual([secret, a.n, a.m(), a instanceof A], [4, 11, true, true]);

    const legacy = decorate({}, 'm', {
      value: () => windows.isOpen(),
      configurable: true,
    }) as PropertyDescriptor;
    assert.equal((legacy.value as () => boolean)(), true);
    const standard = decorate(
      () => windows.isOpen(),
      { kind: 'method', name: 'm' },
      undefined,
    ) as () => boolean;
    assert.equal(standard(), true);
    const field = decorate(undefined, { kind: 'field', name: 'f' }, undefined) as (value: unknown) => unknown;
    assert.equal((field(() => windows.isOpen()) as () => boolean)(), true);
    assert.deepEqual(refused, []);
  });

  it('what is no function is refused in words, once for each field', () => {
    const { decorate, mark, refused } = host();
    assert.equal(mark(5), undefined);
    assert.equal(decorate({}, 'size', undefined), undefined);
    const field = decorate(undefined, { kind: 'field', name: 'n' }, undefined) as (value: unknown) => unknown;
    assert.deepEqual([field(1), field(2)], [1, 2]);
    assert.deepEqual(refused, ['a value of type number', 'the property size', 'the field n']);
  });
});

describe('windows', () => {
  it('calls one after the other are one window, those apart are two, and an open one is cut', () => {
    let time = 0;
    const windows = makeWindows({ now: () => time, onOpen: () => {}, onBusy: () => {} });
    const call = (begin: number, end: number): void => {
      time = begin;
      windows.calls.in(0);
      time = end;
      windows.calls.out();
    };
    call(1000, 1100);
    call(1110, 1200);
    call(2000, 2100);
    time = 3000;
    windows.calls.in(1);
    windows.calls.in(0);
    time = 3500;
    assert.deepEqual([...windows.take()], [1000, 1200, 2000, 2100, 3000, 3500]);
    time = 4000;
    windows.calls.out();
    windows.calls.out();
    assert.deepEqual([...windows.take()], [3500, 4000]);
    assert.deepEqual([windows.countOf(0), windows.countOf(1), windows.countOf(2)], [4, 1, 0]);
  });

  it('says when it has no room left, and goes on without', () => {
    let time = 0;
    let busy = 0;
    const windows = makeWindows({ now: () => time, onOpen: () => {}, onBusy: () => busy++ });
    for (let i = 0; i < 40_000; i++) {
      time += 500;
      windows.calls.in(0);
      time += 500;
      windows.calls.out();
    }
    assert.ok(busy > 0);
    const taken = windows.take();
    assert.equal(taken.at(-1), time);
    assert.equal(windows.countOf(0), 40_000);
  });
});
