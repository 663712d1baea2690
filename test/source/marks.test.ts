import assert from 'node:assert/strict';
import { parseSource } from '../../src/source/parse.ts';

/** The marked functions of a text as `name kind expression?`. */
function marked(text: string, fileName = 'a.ts'): string[] {
  return parseSource(text, fileName)
    .functions.filter(({ mark }) => mark !== null)
    .map(({ name, mark }) =>
      [name, mark!.kind, ...(mark!.expression === null ? [] : [mark!.expression])].join(' '),
    );
}

const IMPORT = "import { profile } from 'lineprof';\n";

const MARKS: readonly [string, string, string[]][] = [
  ['a declaration', '/** @profile */ function f() {}\nfunction g() {}', ['f comment']],
  ['an exported async generator', '/** @profile */\nexport async function* f() {}', ['f comment']],
  ['the default export', '/** @profile */\nexport default () => 1', ['default comment']],
  ['an arrow', '/** @profile */\nexport const f = () => 1;', ['f comment']],
  ['a function expression', '/** @profile */\nconst f = function () {};', ['f comment']],
  ['a wrapped arrow', '/** @profile */\nconst f = memo(() => () => 1);', ['<anonymous> comment']],
  ['an assignment', '/** @profile */\nexports.f = function () {};', ['f comment']],
  ['a callback', 'run(/** @profile */ () => 1, () => 2)', ['<anonymous> comment']],
  ['a method', 'class A {\n/** @profile */\nstatic async m() {}\nn() {} }', ['A.m comment']],
  ['a getter', 'class A { /** @profile */ get v() { return 1 } }', ['A.v comment']],
  ['a constructor', 'class A { /** @profile */ constructor() {} }', ['A.constructor comment']],
  ['an arrow in a field', 'class A { /** @profile */ private readonly f = () => 1; }', ['A.f comment']],
  [
    'object methods',
    'const o = { /** @profile */ a() {}, /** @profile */ b: () => 1, c() {} }',
    ['o.a comment', 'o.b comment'],
  ],
  [
    'a class: all its methods',
    '/** @profile */\nexport class A { constructor() {} m() { return () => 1 } get v() { return 1 } f = () => 1; static {} }',
    ['A.constructor comment', 'A.m comment', 'A.v comment', 'A.f comment'],
  ],
  [
    'with an expression',
    '/** @profile new A(randomParticles(1000)).m(0.1) */ function f() {}',
    ['f comment new A(randomParticles(1000)).m(0.1)'],
  ],
  [
    'in a longer comment',
    '/**\n * Text about f.\n * @profile f(1)\n * @returns x\n */\nfunction f() {}',
    ['f comment f(1)'],
  ],
  ['before another comment', '/** @profile */\n// eslint-disable-next-line\nfunction f() {}', ['f comment']],
  ['not a plain comment', '/* @profile */ function f() {}\n// @profile\nfunction g() {}', []],
  ['not another tag', '/** @profiler */ function f() {}\n/** see @profile */ function g() {}', []],
  ['not a function further on', '/** @profile */\nconst x = 1;\nfunction f() {}', []],
  ['a decorator', `${IMPORT}class A { @profile m() {} n() {} }`, ['A.m decorator']],
  [
    'a decorator before modifiers',
    `${IMPORT}class A { @other @profile()\nstatic async m() {} }`,
    ['A.m decorator'],
  ],
  ['a decorated class', `${IMPORT}@profile\nexport class A { m() {} }`, ['A.m decorator']],
  ['a decorator after export', `${IMPORT}export @profile class A { m() {} }`, ['A.m decorator']],
  ['no decorator of another package', "import { profile } from 'other';\nclass A { @profile m() {} }", []],
  ['a wrapper', `${IMPORT}export const f = profile(() => 1);`, ['f wrapper']],
  [
    'a wrapper under another name',
    "import { profile as p } from 'lineprof';\nconst f = p(function g() {});",
    ['f wrapper'],
  ],
  [
    'a wrapper of a namespace',
    "import * as lp from 'lineprof';\nconst f = lp.profile(async () => 1);",
    ['f wrapper'],
  ],
  [
    'a required wrapper',
    "const { profile } = require('lineprof');\nconst f = profile(() => 1);",
    ['f wrapper'],
  ],
  [
    'a required and renamed wrapper',
    "const p = require('lineprof').profile;\nconst f = p(() => 1);",
    ['f wrapper'],
  ],
  ['a wrapper around a name', `${IMPORT}function f() {}\nexport const g = profile(f);`, ['f wrapper']],
  [
    'a wrapper around the name in scope',
    `${IMPORT}function f() {}\nfunction a() { function f() {} return profile(f); }`,
    ['a.f wrapper'],
  ],
  [
    'a wrapper around a method',
    `${IMPORT}class A { m() {} }\nA.prototype.m = profile(A.prototype.m);`,
    ['A.m wrapper'],
  ],
  ['no wrapper without an import', 'const f = profile(() => 1);', []],
];

describe('source: marks', () => {
  for (const [what, text, expected] of MARKS) {
    it(what, () => assert.deepEqual(marked(text), expected));
  }
});
