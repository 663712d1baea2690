import assert from 'node:assert/strict';
import { ProfileError } from '../../src/model/error.ts';
import { parseSource } from '../../src/source/parse.ts';

function names(text: string, fileName = 'a.ts'): string[] {
  return parseSource(text, fileName)
    .functions.slice(1)
    .map(({ name, kind, line, endLine }) => `${name} ${kind} ${line}-${endLine}`);
}

const NAMES: readonly [string, string, string[]][] = [
  ['declarations', 'function f() {}\nexport async function g() {\n}', ['f function 1-1', 'g function 2-3']],
  ['the default export', 'export default function () {}', ['default function 1-1']],
  ['a named default export', 'export default function f() {}', ['f function 1-1']],
  ['a default arrow', 'export default () => 1', ['default arrow 1-1']],
  ['a default class', 'export default class { m() {} }', ['default.m method 1-1']],
  [
    'nested functions',
    'function a() { const b = () => { function c() {} }; }',
    ['a function 1-1', 'a.b arrow 1-1', 'a.b.c function 1-1'],
  ],
  ['callbacks', 'xs.map((x) => x)', ['<anonymous> arrow 1-1']],
  ['named callbacks', 'xs.map(function twice(x) { return x })', ['twice function 1-1']],
  ['the name of the variable, not its own', 'const f = function g() {}', ['f function 1-1']],
  [
    'exports',
    'exports.x = function () {}; module.exports.y = () => 1; module.exports = { z() {} }',
    ['x function 1-1', 'y arrow 1-1', 'z method 1-1'],
  ],
  [
    'prototypes',
    'A.prototype.b = function () {}; A.prototype = { c: function () {}, d() {} }',
    ['A.b function 1-1', 'A.c function 1-1', 'A.d method 1-1'],
  ],
  ['namespaced assignments', 'a.b.c = () => 1; a["d"] = () => 2', ['a.b.c arrow 1-1', 'a.d arrow 1-1']],
  [
    'class members',
    'class A {\n constructor() {}\n m() {}\n static s() {}\n get v() { return 1 }\n set v(x) {}\n #p() {}\n f = () => 1;\n static { }\n [Symbol.iterator]() {}\n "q r"() {}\n 5() {}\n async *#g() {} }',
    [
      'A.constructor constructor 2-2',
      'A.m method 3-3',
      'A.s method 4-4',
      'A.v getter 5-5',
      'A.v setter 6-6',
      'A.#p method 7-7',
      'A.f arrow 8-8',
      'A.<static> static-block 9-9',
      'A.[Symbol.iterator] method 10-10',
      'A.q r method 11-11',
      'A.5 method 12-12',
      'A.#g method 13-13',
    ],
  ],
  [
    'class expressions',
    'const B = class C { m() {} }; use(class { n() {} })',
    ['B.m method 1-1', '<anonymous>.n method 1-1'],
  ],
  [
    'object literals',
    'const o = { a() {}, b: () => 1, c: { d() {} }, get e() { return 1 } }',
    ['o.a method 1-1', 'o.b arrow 1-1', 'o.c.d method 1-1', 'o.e getter 1-1'],
  ],
  ['default values', 'function f(cb = () => 1) {}', ['f function 1-1', 'f.cb arrow 1-1']],
  ['namespaces', 'namespace N { export function f() {} }', ['N.f function 1-1']],
  [
    'overloads and abstract methods',
    'function f(a: string): void;\nfunction f(a: any) {}\nabstract class A { abstract m(): void; n() {} }',
    ['f function 2-2', 'A.n method 3-3'],
  ],
  [
    'type assertions',
    'const f = (() => 1) as Fn; const g = <Fn>(() => 2); const h = (() => 3) satisfies Fn',
    ['f arrow 1-1', 'g arrow 1-1', 'h arrow 1-1'],
  ],
];

describe('source: functions', () => {
  for (const [what, text, expected] of NAMES) {
    it(`names ${what}`, () => assert.deepEqual(names(text), expected));
  }

  it('gives the module first, and each function its parent, parameters and place', () => {
    const text =
      'const a = 1;\nexport const f = (x: number, { y }: P = {}, ...z: T[]) => {\n  return () => x;\n};';
    const { functions } = parseSource(text, 'a.ts');
    const [module, f, inner] = functions;
    assert.equal(functions.length, 3);
    assert.deepEqual(
      [module?.name, module?.kind, module?.start, module?.end],
      ['<module>', 'module', 0, text.length],
    );
    assert.deepEqual(
      [f?.line, f?.column, f?.endLine, f?.parent, f?.params],
      [2, 7, 4, 0, ['x', '{ y }', '...z']],
    );
    assert.equal(text.slice(f!.start, f!.start + 7), 'const f');
    assert.equal(text.slice(inner!.start, inner!.end), '() => x');
    assert.equal(inner?.parent, 1);
  });

  it('reads every dialect by its extension', () => {
    const dialects: [string, string][] = [
      ['a.jsx', 'const a = () => <div>{x}</div>'],
      ['a.js', '#!/usr/bin/env node\nconst a = () => <b/>'],
      ['a.tsx', 'const a = (x: number) => <div<T>>{x as T}</div>'],
      ['a.mts', 'import type { T } from "t"; await 1; const a = () => <T>x; enum E { A }'],
      ['a.cts', 'import fs = require("fs"); const a = () => 1; export = a'],
      ['a.cjs', 'return; const a = () => with_; var with_; with (with_) {}'],
      ['a.mjs', 'import x from "./x.json" with { type: "json" }; const a = () => 1; { using y = a(); }'],
      [
        'a.ts',
        '\uFEFFclass A { constructor(@Inject() private x: number) {} @dec() m() {} accessor q = 1 } const a = () => 1',
      ],
      ['a.ts', 'export @dec class A {} const a = () => 1'],
      ['C:\\x\\a.ts', 'const a = <T,>(x: T) => x satisfies T'],
    ];
    for (const [fileName, text] of dialects) {
      assert.ok(
        names(text, fileName).some((name) => name.startsWith('a arrow')),
        fileName,
      );
    }
  });

  it('tells where a syntax error is', () => {
    assert.throws(
      () => parseSource('const a = 1;\nlet b = ;', '/x/a.ts'),
      (error) => {
        assert.ok(error instanceof ProfileError);
        assert.equal(error.reason, 'syntax-error');
        assert.match(error.message, /^\/x\/a\.ts:2:9: Unexpected token/);
        return true;
      },
    );
  });

  it('reads a file ten times as long in about ten times the time', () => {
    const long = (count: number): string =>
      Array.from(
        { length: count },
        (_, i) => `/** f */\nfunction f${i}(a) {\n  const b = a ? ${i} : [a];\n  return b;\n}`,
      ).join('\n');
    const time = (text: string): number => {
      const start = process.cpuUsage();
      assert.ok(parseSource(text, 'a.js').functions.length > 100);
      return process.cpuUsage(start).user;
    };
    time(long(2000));
    const short = Math.min(time(long(2000)), time(long(2000)));
    // Quadratic work would take a hundred times as long.
    assert.ok(time(long(20_000)) < 50 * short);
  });
});
