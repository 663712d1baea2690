import assert from 'node:assert/strict';
import type { CallTree } from '../../src/model/profile.ts';
import { commandText, runFacts } from '../../src/report/facts.ts';
import { functionGrid } from '../../src/report/function-grid.ts';
import { summaries } from '../../src/report/functions.ts';
import { filterRows, type Grid, nextSorting, type Sorting, sortRows } from '../../src/report/grid.ts';
import { lineGrid } from '../../src/report/line-grid.ts';
import { EVOLVE, sampleFunction, sampleProfile, sampleRun } from './sample.ts';

const column = ({ columns }: Grid, id: string) => columns.findIndex((one) => one.id === id);
/** Each row's text in a column, padding left out. */
const texts = (grid: Grid, id: string, rows = grid.rows) =>
  rows.map(({ cells }) => cells[column(grid, id)]!.text.trim());

describe('the grid of a function’s lines', () => {
  const fn = sampleFunction(EVOLVE);
  const grid = lineGrid(sampleRun(), fn);

  it('has the columns of line_profiler, Self, where, and the source', () => {
    assert.deepEqual(
      grid.columns.map(({ title, unit }) => (unit === undefined ? title : `${title} ${unit}`)),
      ['Line', 'Hits', 'Time ms', 'Per Hit ns', '% Time', 'Self ms', 'Where', 'Line Contents'],
    );
    for (const { hint } of grid.columns) assert.match(hint, /\.$/);
  });

  it('has a row for each line with its numbers, and its margin beside the percentage', () => {
    const at = grid.rows[6]!;
    assert.deepEqual(
      at.cells.map(({ text }) => text.trim()),
      ['37', '10,000,000', '34.9', '3.48', '48.4', '34.9', '', fn.lines[6]!.text.trim()],
    );
    assert.match(at.cells[column(grid, 'percent')]!.aside!, /^±5\.\d$/);
    assert.deepEqual([at.key, at.heat, at.state, at.where], [6, 4, 'numbers', { turbofan: 170 }]);
  });

  it('of a profile of self time has its columns alone', () => {
    const { columns } = lineGrid(sampleRun({ times: 'self' }), fn);
    assert.deepEqual(
      columns.map(({ title }) => title),
      ['Line', 'Self', '% Self', 'Where', 'Line Contents'],
    );
  });

  it('leaves blank what was not measured, and sorts it as unknown, not as 0', () => {
    assert.equal(grid.rows[2]!.state, 'other');
    for (const id of ['hits', 'time', 'perHit', 'percent', 'self']) {
      const cell = grid.rows[2]!.cells[column(grid, id)]!;
      assert.deepEqual([cell.text.trim(), cell.value, cell.aside], ['', null, undefined], id);
    }
    assert.equal(grid.rows[9]!.state, 'never');
    assert.equal(texts(grid, 'hits')[9], 'never');
    assert.equal(grid.rows[9]!.cells[column(grid, 'hits')]!.value, 0);
  });

  it('numbers the lines as they are now where that is known', () => {
    const moved = lineGrid(sampleRun(), fn, (index) => (index === 2 ? null : index + 100));
    assert.deepEqual(texts(moved, 'line').slice(0, 4), ['100', '101', '', '103']);
  });

  it('sorts by each column, unknown values last in both directions', () => {
    for (const { id } of grid.columns) {
      for (const descending of [true, false]) {
        const values = sortRows(grid, { column: id, descending }).map(
          (row) => row.cells[column(grid, id)]!.value,
        );
        const known = values.filter((value) => value !== null);
        assert.deepEqual(values.slice(known.length), new Array(values.length - known.length).fill(null), id);
        if (!known.every((value) => typeof value === 'number')) continue;
        const sorted = [...known].sort((a, b) => (descending ? b - a : a - b));
        assert.deepEqual(known, sorted, id);
      }
    }
    const hottest = sortRows(grid, { column: 'time', descending: true });
    assert.deepEqual(texts(grid, 'line', hottest).slice(0, 4), ['37', '35', '38', '39']);
  });

  it('keeps the order of equal rows, and all of it for a column that is not there', () => {
    assert.deepEqual(sortRows(grid, { column: 'memory', descending: true }), grid.rows);
    assert.deepEqual(sortRows(grid, null), grid.rows);
    const hits = sortRows(grid, { column: 'hits', descending: true });
    assert.deepEqual(texts(grid, 'line', hits).slice(0, 5), ['35', '37', '38', '39', '41']);
  });

  it('goes from the telling direction to the other one to none', () => {
    const clicks = (id: string) => {
      const clicked = grid.columns[column(grid, id)]!;
      const seen: Sorting[] = [];
      for (let now: Sorting = null, k = 0; k < 3; k++) {
        now = nextSorting(clicked, now);
        seen.push(now);
      }
      return seen.map((sorting) => sorting?.descending ?? null);
    };
    assert.deepEqual(clicks('time'), [true, false, null]);
    assert.deepEqual(clicks('code'), [false, true, null]);
    const other = nextSorting(grid.columns[1]!, { column: 'time', descending: false });
    assert.deepEqual(other, { column: 'hits', descending: true });
  });

  it('filters by source, number or line, whatever the case', () => {
    assert.deepEqual(texts(grid, 'line', filterRows(grid.rows, ' NORM ')), ['37', '38', '39', '40']);
    assert.deepEqual(texts(grid, 'line', filterRows(grid.rows, '10,001')), ['34']);
    assert.deepEqual(filterRows(grid.rows, '  '), grid.rows);
    assert.deepEqual(filterRows(grid.rows, '(.*'), []);
  });

  it('of a function that was never called has no numbers', () => {
    const never = lineGrid(
      sampleRun(),
      sampleFunction([[0, 0, 'f() {']], { calls: 0, callsInTimedRun: 0, samples: 0 }),
    );
    assert.deepEqual(
      never.rows[0]!.cells.slice(2, 6).map(({ text, value }) => [text.trim(), value]),
      new Array(4).fill(['', null]),
    );
  });
});

describe('the grid of a run’s functions', () => {
  it('has the profiled functions, then those of the call tree that are not among them', () => {
    const profile = sampleProfile();
    const all = summaries(profile);
    assert.deepEqual(
      all.map(({ kind, name, calls, samples }) => [kind, name, calls, samples]),
      [
        ['profiled', 'ParticleSimulator.evolve', 1, 351],
        ['builtin', 'MathSqrt', null, 11],
      ],
    );
    const grid = functionGrid(profile.run, all);
    assert.deepEqual(texts(grid, 'percent'), ['87.8', '2.8']);
    assert.deepEqual(texts(grid, 'place'), ['examples/particles/simulator.ts:31', '']);
    assert.deepEqual(texts(grid, 'calls'), ['1', '']);
    assert.equal(grid.rows[1]!.state, 'other');
  });

  it('counts a recursive function once on each path', () => {
    const frame = (name: string, line: number) =>
      ({ name, kind: 'own', file: 'a.ts', line, column: 0 }) as const;
    const tree: CallTree = {
      frames: [
        { name: '(root)', kind: 'root', file: null, line: null, column: null },
        frame('fib', 1),
        frame('main', 9),
      ],
      nodes: [
        { frame: 0, parent: -1, selfSamples: 0, samples: 100 },
        { frame: 2, parent: 0, selfSamples: 5, samples: 70 },
        { frame: 1, parent: 1, selfSamples: 25, samples: 65 },
        { frame: 1, parent: 2, selfSamples: 40, samples: 40 },
        { frame: 1, parent: 0, selfSamples: 30, samples: 30 },
      ],
    };
    assert.deepEqual(
      summaries({ ...sampleProfile([]), tree }).map(({ name, samples, selfSamples }) => [
        name,
        samples,
        selfSamples,
      ]),
      [
        ['fib', 95, 95],
        ['main', 70, 5],
      ],
    );
  });

  it('is empty without functions', () => {
    assert.deepEqual(functionGrid(sampleRun(), []).rows, []);
  });
});

describe('the facts of a run', () => {
  const value = (facts: ReturnType<typeof runFacts>, label: string) =>
    facts.find((fact) => fact.label === label)?.value;

  it('tell what was run and how well it was measured', () => {
    const facts = runFacts(sampleRun({ unplacedSamples: 4, overheadSamples: 3 }));
    assert.equal(value(facts, 'Command'), 'run examples/main.ts');
    assert.equal(value(facts, 'Time'), 'real 120 ms, user 110 ms, sys 5.00 ms');
    assert.equal(value(facts, 'Samples'), '400, one every 205 µs (asked for: 100 µs)');
    assert.equal(value(facts, 'Unplaced'), '4 (1.0 %)');
    assert.match(value(facts, 'Overhead')!, /^615 µs/);
  });

  it('write paths inside the folder as one would there', () => {
    const cwd = '/home/ada/particles';
    const command = ['run', `${cwd}/main.ts`, `${cwd}2/main.ts`, cwd, `new Simulator("${cwd}/x")`];
    assert.equal(
      commandText(sampleRun({ command, cwd })),
      `run main.ts ${cwd}2/main.ts ${cwd} new Simulator("${cwd}/x")`,
    );
  });

  it('leave out what is not known', () => {
    const facts = runFacts(
      sampleRun({ userMicros: null, maxRssBytes: null, exitCode: null, signal: 'SIGKILL' }),
    );
    assert.equal(value(facts, 'Time'), 'real 120 ms');
    assert.equal(value(facts, 'Peak RSS'), undefined);
    assert.equal(value(facts, 'Ended with'), 'SIGKILL');
  });
});
