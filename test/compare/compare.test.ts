import assert from 'node:assert/strict';
import { compareFunctions, compareProfiles, type Side } from '../../src/compare/compare.ts';
import type { FunctionProfile, RunFacts } from '../../src/model/profile.ts';
import { comparisonLabels, comparisonRow, headline } from '../../src/report/comparison.ts';
import { annotateComparison } from '../../src/vscode/compare/annotate-comparison.ts';
import { comparedFunctionHover, comparisonHover } from '../../src/vscode/compare/comparison-hover.ts';
import { functionProfile, type LineNumbers, profileOf } from '../vscode/support/profile.ts';

const BEFORE = 'function work(n) {\n  sort(n);\n  const x = root(n * 2);\n  log(x);\n}';
const AFTER = 'function work(n) {\n  const x = root(n);\n  log(x);\n  done();\n}';

function side(
  text: string,
  samples: number,
  numbers: Readonly<Record<number, LineNumbers>>,
  facts: Partial<RunFacts> = {},
  fn: Partial<FunctionProfile> = {},
): Side {
  const place = { name: 'work', file: 'a.js', line: 1, endLine: text.split('\n').length };
  const made = { ...functionProfile(place, text, samples, 10, numbers), ...fn };
  return { run: { ...profileOf('/app', [made]).run, ...facts }, fn: made };
}

describe('compare: a function before and after', () => {
  const before = side(BEFORE, 2000, { 2: { samples: 1000 }, 3: { samples: 800 }, 4: { samples: 200 } });
  const after = side(AFTER, 1000, { 2: { samples: 810 }, 3: { samples: 190 }, 4: { samples: 2 } });
  const compared = compareFunctions(before, after);
  const at = (text: string) =>
    compared.lines.find((line) => (line.after ?? line.before)!.text.includes(text))!;
  const names = { before: '12:00', after: '12:05' };

  it('is twice as fast, with its margin', () => {
    assert.equal(compared.basis, 'total');
    assert.equal(compared.speed!.value, 2);
    // 2000 of 3000: Wilson's interval of the share, as odds.
    assert.ok(compared.speed!.low > 1.8 && compared.speed!.low < 1.86, `${compared.speed!.low}`);
    assert.ok(compared.speed!.high > 2.15 && compared.speed!.high < 2.2, `${compared.speed!.high}`);
    assert.match(headline(compared), /^2\.00× faster \(1\.\d\d to 2\.\d\d\): 400 ms → 200 ms$/);
  });

  it('gates noise: a line that takes as long as before is none, a share that grew for it is a difference', () => {
    const root = at('const x');
    assert.equal(root.changed, true);
    assert.equal(root.time!.value, 10 * 200);
    assert.equal(root.time!.noise, true);
    assert.equal(root.share!.noise, false);
    assert.equal(Math.round(root.share!.value), 41);
    assert.equal(at('log').time!.noise, true);
    assert.equal(at('done').time!.noise, true, 'two samples more may be chance');
  });

  it('knows lines that are gone and new ones', () => {
    const gone = at('sort');
    assert.equal(gone.after, null);
    assert.deepEqual([gone.time!.value, gone.time!.noise], [-200_000, false]);
    assert.equal(at('done').before, null);
    assert.deepEqual(
      compared.lines.map(({ before: a, after: b }) => [a?.line ?? null, b?.line ?? null]),
      [
        [1, 1],
        [2, null],
        [3, 2],
        [4, 3],
        [null, 4],
        [5, 5],
      ],
    );
  });

  it('is three columns beside the code, what may be chance marked', () => {
    assert.deepEqual(comparisonLabels(compared), ['Time ms', 'Δ ms', 'Δ %']);
    assert.deepEqual(comparisonRow(compared, at('const x')), {
      cells: ['162.0', '≈+2.0', '+41.0'],
      verdict: 'noise',
      heat: 0,
    });
    assert.deepEqual(comparisonRow(compared, at('sort')), {
      cells: ['', '−200.0', '−50.0'],
      verdict: 'less',
      heat: 0,
    });
    const text = annotateComparison({ ...names, functions: [compared] }, [compared], AFTER.split('\n'));
    assert.deepEqual(
      text.annotations.map(({ line, kind }) => `${line} ${kind}`),
      ['1 header', '2 noise', '3 noise', '4 noise', '5 numbers'],
    );
    assert.match(text.notes[0]!.text, /^2\.00× faster .* 200 ms$/);
    assert.equal(text.notes[0]!.color, 'fasterForeground');
  });

  it('is told in hovers, both sides', () => {
    const hover = comparisonHover({ ...names, functions: [compared] }, compared, at('const x'), false);
    assert.match(hover, /\| 12:00 \| 12:05 \||12\\:00 \| 12\\:05/);
    assert.match(hover, /Within noise/);
    assert.match(hover, /It took the place of `const x = root\(n \* 2\);`/);
    assert.match(hover, /160 ms&nbsp; \| 162 ms&nbsp; \| \+2\.00 ms \(−\d/);
    const whole = comparedFunctionHover({ ...names, functions: [compared] }, compared);
    assert.match(whole, /1 line of before is gone, with 200 ms/);
  });

  it('that became slower says so', () => {
    const slower = compareFunctions(after, before);
    assert.match(headline(slower), /^2\.00× slower \(1\.\d\d to 2\.\d\d\)/);
  });

  it('of equal things is no difference', () => {
    const same = compareFunctions(before, side(BEFORE, 2040, { 2: { samples: 1010 } }));
    assert.match(headline(same), /^no difference beyond noise \(0\.9\d\d to 1\.0\d×\)/);
  });
});

describe('compare: what times are divided by', () => {
  const numbers = { 2: { samples: 500 } };
  const basis = (a: Side, b: Side) => compareFunctions(a, b).basis;

  it('is the evaluations of the same expression', () => {
    const a = side(BEFORE, 1000, numbers, { repeats: 10 });
    const b = side(BEFORE, 1000, numbers, { repeats: 20 });
    const { speed, ...rest } = compareFunctions(a, b);
    assert.equal(rest.basis, 'evaluation');
    assert.equal(speed!.value, 2);
    assert.match(headline({ speed, ...rest }), /20\.0 ms → 10\.0 ms per evaluation$/);
  });

  it('is the calls where the expressions or the functions differ', () => {
    const a = side(BEFORE, 1000, numbers, { repeats: 10 });
    const b = side(BEFORE, 1000, numbers, { repeats: 10, command: ['a.js', 'work(2)'] });
    assert.equal(basis(a, b), 'call');
    assert.equal(basis(a, side(BEFORE, 1000, numbers, { repeats: 10 }, { name: 'other' })), 'call');
  });

  it('is nothing where one was stopped and its calls are not known: shares are compared all the same', () => {
    const a = side(BEFORE, 1000, numbers);
    const b = side(
      BEFORE,
      400,
      { 2: { samples: 200 } },
      { stopped: 'cancelled' },
      { calls: null, callsInTimedRun: null },
    );
    const compared = compareFunctions(a, b);
    assert.deepEqual([compared.basis, compared.time, compared.speed], [null, null, null]);
    assert.match(headline(compared), /cannot be compared: One of the two was stopped/);
    assert.equal(compared.lines[1]!.share!.noise, true);
    assert.equal(compared.lines[1]!.time, null);
  });
});

describe('compare: two profiles', () => {
  const names = { before: 'a', after: 'b' };
  const profile = (...fns: string[]) =>
    profileOf(
      '/app',
      fns.map((name) =>
        functionProfile({ name, file: 'a.js', line: 1, endLine: 5 }, BEFORE, 100, 1, { 2: { samples: 90 } }),
      ),
    );

  it('are compared by the functions that they share', () => {
    const { functions } = compareProfiles(profile('f', 'g'), profile('g', 'h'), names)!;
    assert.deepEqual(
      functions.map(({ before, after }) => [before.fn.name, after.fn.name]),
      [['g', 'g']],
    );
  });

  it('of one function each are compared whatever those are called; of none in common they are not', () => {
    assert.equal(compareProfiles(profile('f'), profile('g'), names)!.functions.length, 1);
    assert.equal(compareProfiles(profile('f', 'g'), profile('h'), names), null);
  });
});
