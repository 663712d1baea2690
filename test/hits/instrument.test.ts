import assert from 'node:assert/strict';
import vm from 'node:vm';
import { instrument } from '../../src/hits/instrument.ts';
import { functionCalls } from '../../src/hits/lines.ts';
import { readHits } from '../../src/hits/read.ts';
import type { ScriptHits } from '../../src/protocol/collector.ts';
import { parseSource } from '../../src/source/parse.ts';
import { fileHits, recount, runBody, runCounted, withCounters } from './harness.ts';
import { SELVES } from './selves.ts';

describe('hits: instrumented programs', () => {
  for (const [name, text] of Object.entries(SELVES)) {
    it(`keep ${name}`, async () => {
      const plain = JSON.stringify(await runBody(text, 'a.js', new Uint32Array(0)));
      for (const mapped of [false, true]) {
        const { value } = await runCounted(text, { mapped });
        assert.equal(JSON.stringify(value), plain);
      }
    });
  }

  it('keep their lines, and their offsets through the insertions', () => {
    for (const text of Object.values(SELVES)) {
      for (const mapped of [false, true]) {
        const { text: edited, insertions } = withCounters(text, { mapped });
        assert.equal(edited.split('\n').length, text.split('\n').length);
        let back = edited;
        for (const [offset, length] of insertions) back = back.slice(0, offset) + back.slice(offset + length);
        assert.equal(back, text);
      }
    }
  });

  it('count TypeScript before its types are gone', async () => {
    const table = `
   1 | enum Kind { A, B = 5 }
     | interface I { x: number }
   1 | abstract class P<T> {
   2 |   private readonly z: number = 1;
     |   q?: string;
   2 |   constructor(readonly x: T, public w = 3) {}
     |   abstract m(): void;
     |   over(a: string): void;
     |   over(a: unknown): void {
   1 |     void (a as string)!.length;
     |   }
     | }
   1 | class D extends P<number> { m() {}
     |   constructor(x: number) {
   2 |     super(x);
   2 |     if (x! > 1)
   1 |       this.over('a' satisfies string);
     |   }
     | }
   3 | for (const x of [1 as number, 2]) new D(x);
   1 | const pick = <T,>(a: T): T | undefined =>
   1 |   a
   1 |     ? a as T
   0 |     : undefined;
   1 | return pick(1);`;
    const { got, want } = await recount(table, { fileName: 'program.ts' });
    assert.equal(got, want);
  });

  it('count namespaces', async () => {
    const text =
      'a();\nnamespace N {\n  export const y: number = 1;\n  export function f() {\n    return y;\n  }\n  type T = 1;\n}\n';
    assert.equal(
      withCounters(text, { fileName: 'a.ts' }).text,
      text
        .replace('a()', '__lineprof_h[3]++;a()')
        .replace('export const', '__lineprof_h[4]++;export const')
        .replace('return', '__lineprof_h[5]++;return'),
    );
  });

  it('count modules: exports and top-level statements', () => {
    const text =
      "import a from 'a';\nexport const b = a;\nexport default class {\n  static x = b;\n}\nexport function f() {\n  return 1;\n}\nexport { b as c };\nfor (const x of [b]) f();";
    const { text: edited } = withCounters(text);
    assert.equal(
      edited,
      "import a from 'a';\n__lineprof_h[3]++;export const b = a;\n__lineprof_h[4]++;export default class {\n  static x = (__lineprof_h[5]++,b);\n}\nexport function f() {\n  __lineprof_h[6]++;return 1;\n}\nexport { b as c };\nfor (const x of [b]) {__lineprof_h[8]++;f();}__lineprof_h[7]++;",
    );
  });

  it('do not count what shares a line with what was counted, or cannot differ from it', () => {
    const text = 'let a = 1;\nconst b = 2;\na++; if (a) { b; }\n';
    assert.equal(withCounters(text).text, '__lineprof_h[3]++;let a = 1;\nconst b = 2;\na++; if (a) { b; }\n');
  });
});

describe('hits: chosen functions', () => {
  const text =
    'function a() {\n  return b((x) => x);\n}\nconst b = async (f) =>\n  f(1);\nclass C { static m(y) { return y; } }\n';
  const file = parseSource(text, 'a.js');

  function count(
    level: 'calls' | 'lines',
    ranges: readonly (readonly [number, number])[],
    run: string,
  ): { script: ScriptHits; edited: string } | null {
    const chosen = { kind: 'ranges', ranges } as const;
    const result = instrument(text, 'a.js', { level, chosen, mapped: false, allot: () => 0 });
    if (result === null) return null;
    const counters = new Uint32Array(99);
    vm.runInContext(result.text + run, vm.createContext({ __lineprof_h: counters }));
    const script = { path: '/a.js', textHash: '', text, functions: readHits(result.functions, counters) };
    return { script, edited: result.text };
  }

  it("are found by V8's ranges", () => {
    const at = (from: string, to: string): [number, number] => [
      text.indexOf(from),
      text.indexOf(to) + to.length,
    ];
    const cases: [string, [number, number], string][] = [
      ['a', at('() {\n', '(x) => x);\n}'), 'function a() {\n  __lineprof_h[0]++;'],
      ['<anonymous>', at('(x) => x', '(x) => x'), '(x) => (__lineprof_h[0]++,x)'],
      ['b', at('async (f)', 'f(1)'), '(__lineprof_h[0]++,f(1))'],
      ['C.m', at('(y)', 'return y; }'), '{ __lineprof_h[0]++;return y; }'],
      ['<module>', [0, text.length], '__lineprof_h[0]++;const b'],
    ];
    for (const [name, range, expected] of cases) {
      const { script, edited } = count('lines', [range], 'a();b((x) => x);C.m();')!;
      assert.ok(edited.includes(expected) || name === '<module>', `${name}: ${edited}`);
      assert.equal(script.functions.length, 1);
      assert.deepEqual([script.functions[0]!.start, script.functions[0]!.end], range);
      const one = file.functions.find((candidate) => candidate.name.endsWith(name))!;
      assert.equal(
        functionCalls(file, one, [{ scripts: [script] }]),
        { a: 1, b: 2, '<anonymous>': 1, 'C.m': 1, '<module>': 1 }[name],
      );
    }
    assert.equal(count('lines', [[3, 9]], ''), null);
  });

  it('are found by the ranges of SourceFunctions, too', () => {
    for (const { name, start, end } of file.functions) {
      const { script } = count('lines', [[start, end]], 'a();b((x) => x);C.m();')!;
      const one = file.functions.find((candidate) => candidate.name === name)!;
      assert.notEqual(functionCalls(file, one, [{ scripts: [script] }]), null, name);
      assert.equal(script.functions.length, 1);
    }
  });

  it('are counted with those inside them, and no others', () => {
    const start = text.indexOf('() {');
    const { script } = count('lines', [[start, text.indexOf('}') + 1]], 'a();a();b((x) => x);')!;
    assert.deepEqual(fileHits(file, [script]), [null, 2, null, null, null, null, null]);
  });

  it('of which one holds another are both told their calls', () => {
    const start = text.indexOf('() {');
    const inner = text.indexOf('(x) => x');
    const { script } = count(
      'lines',
      [
        [start, text.indexOf('}') + 1],
        [inner, inner + 8],
      ],
      'a();b((x) => x);',
    )!;
    assert.deepEqual(
      script.functions.map(({ calls, ranges }) => [calls, ranges.length > 0]),
      [
        [1, true],
        [1, false],
      ],
    );
  });

  it('are counted by entries alone, unless they are too small to bear it', () => {
    const all = file.functions.slice(1).map(({ end }, index): [number, number] => {
      return [text.indexOf(['() {', '(x)', 'async (f)', '(y)'][index]!), end];
    });
    const { script, edited } = count('calls', all, 'a();a();')!;
    assert.equal(edited.match(/__lineprof_h/g)!.length, 2);
    const calls = file.functions.map((one) => functionCalls(file, one, [{ scripts: [script] }]));
    assert.deepEqual(calls, [null, 2, null, 2, null]);
    assert.deepEqual(fileHits(file, [script]), [null, null, null, null, null, null, null]);
  });
});

describe('hits: several scripts', () => {
  const file = parseSource('a;\nfunction f() {\n  b;\n\n}', 'a.js');
  const script = (calls: number, ...ranges: [number, number, number][]): ScriptHits => ({
    path: '/a.js',
    textHash: '',
    text: '',
    functions: [{ start: 13, end: 25, calls, ranges }],
  });

  it('of one file add up', () => {
    const scripts = [script(1, [0, 2, 4]), script(2, [0, 2, 3], [19, 21, 5])];
    assert.deepEqual(fileHits(file, scripts), [7, null, 5, null, null]);
    assert.equal(functionCalls(file, file.functions[1]!, [{ scripts }]), 3);
    assert.equal(functionCalls(file, file.functions[1]!, []), null);
  });

  it('that were made from a file are asked through its map', () => {
    const places = new Map([
      [0, 100],
      [20, 15],
    ]);
    const place = (offset: number): number | null => places.get(offset) ?? null;
    const scripts = [script(6, [0, 200, 1], [14, 16, 8])];
    assert.deepEqual(fileHits(file, scripts, place), [1, null, 8, null, null]);
    assert.equal(functionCalls(file, file.functions[1]!, [{ scripts, place }]), 6);
  });
});
