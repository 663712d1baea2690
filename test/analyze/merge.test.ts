import assert from 'node:assert/strict';
import { describe, it } from 'mocha';
import { merge } from '../../src/analyze/merge.ts';
import { wilson } from '../../src/analyze/wilson.ts';
import type { Profile } from '../../src/model/profile.ts';
import { EVOLVE, type ShortLine, sampleFunction, sampleProfile } from '../report/sample.ts';

const near = (actual: number | null, expected: number) =>
  assert.ok(actual !== null && Math.abs(actual - expected) < 1e-6, `${actual}, not ${expected}`);

describe('analyze: merge', () => {
  it('one profile is itself; none is an error', () => {
    const profile = sampleProfile();
    assert.equal(merge([profile]), profile);
    assert.throws(() => merge([]), RangeError);
  });

  it('adds up samples, times and hits, and computes shares and margins anew', () => {
    const call = (samples: number) => ({
      name: 'g',
      file: 'g.ts',
      line: 1,
      column: 0,
      samples,
      percent: 100,
    });
    const one: ShortLine[] = [
      [10, 30, 'a();', [call(20)]],
      [null, 0, ''],
      [5, 70, 'b();'],
    ];
    const two: ShortLine[] = [
      [1, 90, 'a();', [{ ...call(10), name: 'h' }, call(45)]],
      [null, 0, ''],
      [2, 210, 'b();'],
    ];
    const first = sampleFunction(one, { samples: 100, calls: 3, callsInTimedRun: 3, selfSamples: 80 });
    const second = sampleFunction(two, { samples: 300, calls: 4, callsInTimedRun: null, selfSamples: 20 });
    const { functions, run } = merge([
      sampleProfile([first], { samples: 100, intervalMicros: 200, unplacedSamples: 1, maxRssBytes: 5 }),
      sampleProfile([second], { samples: 300, intervalMicros: 400, unplacedSamples: 2, maxRssBytes: 9 }),
    ]);
    assert.equal(functions.length, 1);
    const [fn] = functions;
    assert.deepEqual([fn!.samples, fn!.selfSamples, fn!.calls, fn!.callsInTimedRun], [400, 100, 7, null]);
    assert.deepEqual(
      fn!.lines.map(({ hits, samples }) => [hits, samples]),
      [
        [11, 120],
        [null, 0],
        [7, 280],
      ],
    );
    near(fn!.totalMicros, 400 * 205);
    near(fn!.lines[0]!.percent, 30);
    near(fn!.lines[0]!.percentMargin, wilson(120, 400).margin * 100);
    assert.deepEqual(fn!.lines[0]!.where, { turbofan: 120 });
    assert.deepEqual(
      fn!.lines[0]!.calls.map(({ name, samples }) => [name, samples]),
      [
        ['g', 65],
        ['h', 10],
      ],
    );
    near(fn!.lines[0]!.calls[0]!.percent, (65 / 120) * 100);
    assert.deepEqual([run.samples, run.unplacedSamples, run.maxRssBytes], [400, 3, 9]);
    near(run.intervalMicros, 350);
    assert.deepEqual(run.notes, ['Merged from 2 results: times and hits are sums.']);
  });

  it('keeps functions apart whose text has changed, and says who came from one result only', () => {
    const edited = sampleFunction([[1, 351, 'edited();']]);
    const { functions } = merge([sampleProfile(), sampleProfile([edited, sampleFunction(EVOLVE)])]);
    assert.equal(functions.length, 2);
    assert.deepEqual(
      functions.map(({ samples }) => samples),
      [702, 351],
    );
    assert.deepEqual(
      functions.map(({ notes }) => notes.length),
      [0, 1],
    );
  });

  it('does not add what one result did not count', () => {
    const uncounted = sampleFunction(
      EVOLVE.map(([, samples, text]) => [null, samples, text]),
      { calls: null },
    );
    const { functions, run } = merge([
      sampleProfile(),
      sampleProfile([uncounted], { hits: 'none', exitCode: 3 }),
    ]);
    assert.ok(functions[0]!.lines.every(({ hits }) => hits === null));
    assert.equal(functions[0]!.calls, null);
    assert.match(functions[0]!.notes[0]!, /not every one/);
    assert.deepEqual([run.hits, run.exitCode], ['none', 3]);
  });

  it('merges call trees by path', () => {
    const other: Profile = {
      ...sampleProfile(),
      tree: {
        frames: [
          { name: 'MathSqrt', kind: 'builtin', file: null, line: null, column: null },
          { name: '(root)', kind: 'root', file: null, line: null, column: null },
        ],
        nodes: [
          { frame: 1, parent: -1, selfSamples: 0, samples: 5 },
          { frame: 0, parent: 0, selfSamples: 5, samples: 5 },
        ],
      },
    };
    const { frames, nodes } = merge([sampleProfile(), other]).tree;
    assert.deepEqual(
      nodes.map(({ frame, parent, selfSamples, samples }) => [
        frames[frame]!.name,
        parent,
        selfSamples,
        samples,
      ]),
      [
        ['(root)', -1, 49, 405],
        ['ParticleSimulator.evolve', 0, 340, 351],
        ['MathSqrt', 1, 11, 11],
        ['MathSqrt', 0, 5, 5],
      ],
    );
  });

  it('merges trees as deep as a recursive program makes them', () => {
    const depth = 20_000;
    const nodes = Array.from({ length: depth }, (_, index) => ({
      frame: 0,
      parent: index - 1,
      selfSamples: 0,
      samples: 1,
    }));
    const deep: Profile = { ...sampleProfile(), tree: { frames: sampleProfile().tree.frames, nodes } };
    assert.equal(merge([deep, deep]).tree.nodes.length, depth);
  });
});

describe('analyze: wilson', () => {
  it('is the published interval', () => {
    // Newcombe, "Two-sided confidence intervals for the single proportion" (1998), table I: 81/263 and 0/20.
    const { low, high } = wilson(81, 263);
    assert.deepEqual(
      [low, high].map((bound) => bound.toFixed(4)),
      ['0.2553', '0.3662'],
    );
    const none = wilson(0, 20);
    assert.equal(none.low, 0);
    assert.equal(none.high.toFixed(4), '0.1611');
    assert.equal(wilson(20, 20).high, 1);
  });
});
