/** Programs that return what they see of themselves; what is put into them may not change it. */
export const SELVES: Readonly<Record<string, string>> = {
  'names of functions': `
    const a = () => {}, b = function () {}; let c; c = class {}; let d; d ||= () => {}; let e = null; e ??=
      function () {};
    let f; f ??= (
      class {});
    const { g =
      () => {} } = {};
    const [h = class { static x = 1 }] = [];
    const o = { i: () => {}, ['j']: function () {}, k: b ? () => {} : 0 };
    class L { m = () => {}; static n = function () {}; #p = () => {}; ['q'] = () => {}; static ['r'] = class {};
      'a b' = () => {}; 7 = () => {}; names() { return [this.m, this.#p, this.q, this['a b'], this[7]].map((x) => x.name) } }
    function s(t = () => {}, { u = function () {} } = {}) { return [t.name, u.name] }
    return [a, b, c, d, e, f, g, h, o.i, o.j, o.k, L.n, L.r].map((x) => x.name).concat(new L().names(), s());`,
  'this, arguments, super and new.target': `
    class A { constructor() { this.t = new.target.name } get v() { return this.t + 1 } static s() { return 's' } }
    class B extends A {
      constructor() { super(); this.w = super.v }
      get v() { return (() => super.v + arguments.length)() }
      static s() { return super.s() + '!' }
    }
    function f() { return [...arguments].map((x) => x + this.y) }
    return [new B().w, new B().v, B.s(), f.call({ y: 1 }, 1, 2)];`,
  'arrows that return objects, sequences and functions': `
    const f = () => ({ a: 1 }), g = (x) => (x, 2), h = (x) => (y) => x + y, i = async (x) => (await x), j = () => [1][0];
    const k = x => x ? { x } : [];
    return [f(), g(1), h(1)(2), await i(3), j(), k(1), k(0)];`,
  'optional chains and their receivers': `
    const o = { n: 1, f(x) { return this.n + (x ?? 0) }, g: null, h: { i() { return this === o.h } } };
    class P { #x = 5; static read(p) { return p
      ?.#x } static call(p) { return p
      ?.h.i() } }
    return [o
      ?.f(1), o.f
      ?.(), o.f
      ?.(...[4]), o.g
      ?.(5), o
      ?.['f'](2), o.g
      ?.x.y.z, o
      ?.h
      ?.i(), P.read(new P()), P.read(null), P.call(o), P.call(undefined), delete o
      ?.n, o.n];`,
  'generators, delegation and early return': `
    const log = [];
    function* g(n) { try { while (n--) { const got = yield n; if (got) log.push(got) } } finally { log.push('f') } return 'r' }
    function* d() { const r = yield* g(3); log.push(r) }
    for (const x of d()) { log.push(x); if (x === 1) continue; if (x === 0) break }
    const it = g(5); it.next(); it.next('hi'); it.return(1);
    const all = []; for await (const x of (async function* () { yield 1; yield 2 })()) all.push(x);
    return [log, all, [...g(2)]];`,
  'closures of loop variables': `
    const fs = []; for (let i = 0; i < 3; i++) fs.push(() => i);
    for (const x of [7, 8]) fs.push(() => x); for (const k in { a: 1 }) fs.push(() => k);
    for (var v = 0; v < 2; v++) fs.push(() => v);
    return fs.map((f) => f());`,
  'labels, breaks and switch': `
    const log = []; let i = 0;
    a: { b: for (const x of [1, 2, 3]) { c: for (const y of [1, 2]) { if (y === 2) continue b; if (x === 3) break a; log.push(x, y) } } log.push('no') }
    s: switch (2) { case 1: log.push(1); case 2: for (const z of [1]) { break s } default: log.push('no') }
    do { if (i === 2) continue; if (i > 3) break; log.push(i) } while (++i < 9)
    switch (3) { default: log.push('d'); case 4: log.push(4); break; case 5: log.push(5) }
    w: while (true) { switch (i) { case 4: i++; continue w; default: break w } }
    return log;`,
  'hoisting and directives': `
    function strict() { 'use strict'; return this === undefined } function sloppy() { return typeof this }
    const early = hoisted(); function hoisted() { return typeof inner; var inner = 1 }
    if (early) function inIf() { return 1 }
    return [strict(), sloppy(), early, typeof inIf, (() => { 'use strict' })()];`,
  'completion through finally': `
    function f() { try { return 1 } finally { return 2 } } function g() { for (;;) { try { return 1 } finally { break } } return 3 }
    function h() { try { throw 1 } catch ({ x = 5 }) { return x } finally { } }
    function i() { l: try { return 1 } finally { break l } return 4 }
    return [f(), g(), h(), i()];`,
};
