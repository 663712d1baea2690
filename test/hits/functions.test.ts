import assert from 'node:assert/strict';
import vm from 'node:vm';
import { transformSync } from 'esbuild';
import ts from 'typescript';
import { instrument } from '../../src/hits/instrument.ts';
import { type CountedText, functionCalls, lineHits } from '../../src/hits/lines.ts';
import { placeIn } from '../../src/hits/placing.ts';
import { readHits } from '../../src/hits/read.ts';
import { lineStartsOf } from '../../src/source/lines.ts';
import { parseSource } from '../../src/source/parse.ts';
import { createMapper } from '../../src/sourcemap/mapper.ts';

/** One program in which functions share lines with each other and with the code around them. */
const TEXT = `const cmp = (a, b) => a - b;
const half = function (a) { return a / 2; };
const o = { twice(x) { return x * 2; }, thrice: (x) => x * 3, pair: (x) => ({ x }) };
function next(x, step = 1) { return x + step; }
class A { get v() { return 1; } static s = (x) => x; m(x) { return x; } static { A.k = 5; } }
const adder = (a) => (b) => a + b;
const safe = (x) => { try { return x.y; } catch { return 0; } };
const many = (n) => { for (let i = 0; i < n; i++) o.twice(i); };
const idle = () => {};
const sum = (list, from =
  half(4)) => {
  let s = from;
  list.forEach((x) => {
    s += x;
  });
  return s;
};
const list = [3, 1, 2];
const big = list.map((x) => {
  return x * 2;
}).filter((x) => x > 2).map((x) => x
  + 1);
let t = list.reduce((a, b) => cmp(b, a), 0) + half(1) + half(2) + o.twice(1) + o.thrice(1) + o.pair(1).x;
t += next(1) + next(1, 2) + new A().v + A.s(1) + A.s(2) + A.s(3) + new A().m(1) + adder(1)(2) + adder(1)(3);
t += safe(null) + safe({ y: 1 }) + sum(list) + sum(list, 1) + big.length;
many(3);
idle();
globalThis.result = t;
`;

/** `name: line hits, …` of each function; blank lines left out. */
const WANTED = [
  'cmp: 1×3',
  'half: 2×3',
  'o.twice: 3×4',
  'o.thrice: 3×1',
  'o.pair: 3×1',
  'next: 4×2',
  'A.v: 5×1',
  'A.s: 5×3',
  'A.m: 5×1',
  'A.<static>: 5×1',
  'adder: 6×2',
  'adder.<anonymous>: 6×2',
  'safe: 7×2',
  // Its first code is the loop's header, which counts its tests.
  'many: 8×4',
  'idle: ',
  // Line 11 is a default value, used once; line 13 calls `forEach`.
  'sum: 11×1, 12×2, 13×2, 14×6, 16×2',
  'sum.<anonymous>: 14×6',
  '<anonymous>: 20×3',
  '<anonymous>: 21×3',
  '<anonymous>: 21×2, 22×2',
  '<anonymous>: 23×3',
];

/** The calls of the same functions. */
const CALLS = [3, 3, 4, 1, 1, 2, 1, 3, 1, 1, 2, 2, 2, 1, 1, 2, 6, 3, 3, 2, 3];

/** Which of them have a loop or a call of their own: `many`, `sum` and what `reduce` calls. */
const BUSY = [13, 15, 20];

describe("hits: each function's own lines", () => {
  const file = parseSource(TEXT, 'a.js');
  const functions = file.functions.filter(({ kind }) => kind !== 'module');

  /** Counts in a text that was made from `TEXT`; `chosen` by its index among the text's functions. */
  const count = (
    text: string,
    place: CountedText['place'],
    only: number | null,
    level: 'lines' | 'calls' = 'lines',
  ): CountedText => {
    const isChosen = (one: { kind: string }, index: number): boolean =>
      only === null ? one.kind !== 'module' : index === only;
    const result = instrument(text, 'a.js', {
      level,
      chosen: { kind: 'predicate', isChosen },
      mapped: place !== undefined,
      allot: () => 0,
    })!;
    const counters = new Float64Array(999);
    vm.runInContext(result.text, vm.createContext({ __lineprof_h: counters }));
    const script = { path: '/a.js', textHash: '', text, functions: readHits(result.functions, counters) };
    return { scripts: [script], ...(place && { place }) };
  };
  const shown = (which: typeof functions, counted: CountedText): string[] =>
    lineHits(file, which, [counted]).map((hits, index) => {
      const { name, line } = which[index]!;
      const rows = hits.flatMap((hit, i) => (hit === null ? [] : [`${line + i}×${hit}`]));
      return `${name}: ${rows.join(', ')}`;
    });

  it('where functions share lines', () => {
    assert.deepEqual(shown(functions, count(TEXT, undefined, null)), WANTED);
  });

  it('where one function alone is counted', () => {
    file.functions.forEach((one, index) => {
      if (one.kind === 'module') return;
      const counted = count(TEXT, undefined, index);
      assert.deepEqual(shown([one], counted), [WANTED[functions.indexOf(one)]]);
      assert.equal(functionCalls(file, one, [counted]), CALLS[functions.indexOf(one)], one.name);
    });
  });

  const esbuild = (minify: boolean): { code: string; map: string } =>
    transformSync(TEXT, {
      sourcefile: '/a.js',
      sourcemap: 'external',
      minifyWhitespace: minify,
      minifySyntax: minify,
      target: 'es2022',
    });
  const typescript = (): { code: string; map: string } => {
    const { outputText, sourceMapText = '' } = ts.transpileModule(TEXT, {
      fileName: '/a.js',
      compilerOptions: { allowJs: true, sourceMap: true, target: ts.ScriptTarget.ES2022 },
    });
    return { code: outputText.replace(/\/\/# sourceMappingURL.*/, ''), map: sourceMapText };
  };
  const MADE = {
    'esbuild’s, as written': () => esbuild(false),
    'esbuild’s, minified': () => esbuild(true),
    'TypeScript’s': typescript,
  };
  for (const [name, make] of Object.entries(MADE)) {
    it(`through a source map: ${name}`, () => {
      const { code, map } = make();
      const data = Buffer.from(map).toString('base64');
      const text = `${code}//# sourceMappingURL=data:application/json;base64,${data}\n`;
      const mapper = createMapper({ readFile: (path) => (path === '/a.js' ? TEXT : null), cwd: '/' });
      const place = placeIn(mapper.open({ url: '/out.js', text: () => text }), '/a.js', lineStartsOf(TEXT));
      const counted = count(text, place, null);
      assert.deepEqual(shown(functions, counted), WANTED);
      const calls = functions.map((one) => functionCalls(file, one, [counted]));
      // Of a function without code and parameters a map says nothing.
      const known = CALLS.map((wanted, index) => (functions[index]!.name === 'idle' ? null : wanted));
      assert.deepEqual(calls, known);
      // Of entries alone, those of functions that are too small to bear a counter are not known.
      const entries = count(text, place, null, 'calls');
      assert.deepEqual(
        functions.map((one) => functionCalls(file, one, [entries])),
        known.map((calls, index) => (BUSY.includes(index) ? calls : null)),
      );
    });
  }
});
