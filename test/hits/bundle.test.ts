import assert from 'node:assert/strict';
import vm from 'node:vm';
import { instrument, readCounts } from '../../src/collect/instrument.ts';
import type { CountersPlan, ScriptTarget } from '../../src/protocol/collector.ts';

const TEXT =
  '/** @profile */\nfunction f(n) {\n  while (n-- > 0) g();\n}\nfunction g() {\n  return 1;\n}\nf(3);\n';

function plan(...selectors: string[]): CountersPlan {
  return { level: 'lines', target: { kind: 'selectors', selectors, cwd: '/app' } };
}

/** Which functions of the text a plan counts, and how often they were called. */
function counted(
  text: string,
  its: CountersPlan,
  target: ScriptTarget | null,
): (readonly [string, number])[] | null {
  const result = instrument(text, '/app/src/a.js', its, target, false, () => 0);
  if (result === null) return null;
  const counts = new Float64Array(100);
  vm.runInContext(result.text, vm.createContext({ __lineprof_h: counts }));
  return readCounts(JSON.parse(JSON.stringify(result.functions)) as unknown[], counts).map(
    ({ start, calls }) => [text.slice(0, start).match(/\w+$/)![0], calls] as const,
  );
}

describe('hits: the bundle that the loaders call', () => {
  it('chooses by selector', () => {
    assert.deepEqual(counted(TEXT, plan('a.js:g'), null), [['g', 3]]);
    assert.deepEqual(counted(TEXT, plan('src/*.js'), null), [
      ['f', 1],
      ['g', 3],
    ]);
    assert.equal(counted(TEXT, plan('b.js:g'), null), null);
    assert.equal(counted(TEXT, plan('h'), null), null);
  });

  it('chooses by mark when there is no selector', () => {
    assert.deepEqual(counted(TEXT, plan(), null), [['f', 1]]);
    assert.equal(counted(TEXT.replace('@profile', 'no mark'), plan(), null), null);
  });

  it('does not read texts that cannot have a mark', () => {
    assert.equal(
      instrument('this is no program', '/app/a.js', plan(), null, false, () => 0),
      null,
    );
    assert.throws(
      () => instrument('this is no program', '/app/a.js', plan('f'), null, false, () => 0),
      /a\.js:1:5: Missing semicolon/,
    );
  });

  it("chooses by V8's ranges", () => {
    const start = TEXT.indexOf('() {\n  return');
    const end = TEXT.indexOf('}', start) + 1;
    const target = { path: '/app/src/a.js', textHash: '', ranges: [[start, end]] as const, mapped: true };
    const its: CountersPlan = { level: 'calls', target: { kind: 'ranges', scripts: [target] } };
    assert.deepEqual(counted(TEXT, { ...its, level: 'lines' }, target), [['g', 3]]);
    assert.equal(counted(TEXT, its, target), null);
  });

  it('asks once for as many counters as it uses', () => {
    const asked: number[] = [];
    const result = instrument(TEXT, '/app/a.js', plan('f', 'g'), null, false, (count) => {
      asked.push(count);
      return 70;
    })!;
    assert.equal(asked.length, 1);
    const used = new Set(
      [...result.text.matchAll(/__lineprof_h\[(\d+)\]/g)].map(([, index]) => Number(index)),
    );
    assert.deepEqual(
      [...used].sort(),
      Array.from({ length: asked[0]! }, (_, index) => 70 + index),
    );
  });
});
