import assert from 'node:assert/strict';
import { compareFunctions } from '../../src/compare/compare.ts';
import { comparisonGrid } from '../../src/report/comparison-grid.ts';
import { copyComparison } from '../../src/report/copy.ts';
import { sortRows } from '../../src/report/grid.ts';
import { sampleFunction, sampleRun } from './sample.ts';

const before = sampleFunction(
  [
    [null, 0, 'work(n) {'],
    [10, 200, '  sort(n);'],
    [10, 150, '  const x = root(n);'],
    [null, 0, '}'],
  ],
  { samples: 350 },
);
const after = sampleFunction(
  [
    [null, 0, 'work(n) {'],
    [10, 151, '  const x = root(n);'],
    [10, 60, '  =check(x | 1);'],
    [null, 0, '}'],
  ],
  { samples: 211 },
);
const compared = compareFunctions({ run: sampleRun(), fn: before }, { run: sampleRun(), fn: after });

describe('the grid of a comparison', () => {
  const grid = comparisonGrid(compared);

  it('has a row for each line after, and for those that are gone where they were', () => {
    assert.deepEqual(
      grid.rows.map(({ key, state, cells }) => [key, state, cells[0]!.text, cells.at(-1)!.text.trim()]),
      [
        [0, 'other', '31', 'work(n) {'],
        [-2, 'gone', '', 'sort(n);'],
        [1, 'noise', '32', 'const x = root(n);'],
        [2, 'more', '33', '=check(x | 1);'],
        [3, 'other', '34', '}'],
      ],
    );
  });

  it('tells times before and after, their difference, and what may be chance', () => {
    assert.deepEqual(
      grid.columns.map(({ title, unit }) => (unit === undefined ? title : `${title} ${unit}`)),
      ['Line', 'Before ms', 'After ms', 'Δ ms', 'Δ %', 'Line Contents'],
    );
    const texts = grid.rows.map(({ cells }) => cells.slice(1, 4).map(({ text }) => text));
    assert.deepEqual(texts[1], ['41.00', '', '−41.00']);
    assert.deepEqual(texts[2], ['30.75', '30.95', '≈+0.20']);
    assert.deepEqual(texts[3], ['', '12.30', '+12.30']);
  });

  it('is the same for a comparison that came over a border', () => {
    assert.deepEqual(comparisonGrid(JSON.parse(JSON.stringify(compared))), grid);
  });

  it('sorts by the difference, lines without one last', () => {
    const keys = sortRows(grid, { column: 'delta', descending: true }).map(({ key }) => key);
    assert.deepEqual(keys.slice(0, 3), [2, 1, -2]);
  });

  it('numbers the lines as they are now', () => {
    const moved = comparisonGrid(compared, (index) => index + 7);
    assert.deepEqual(
      moved.rows.map(({ cells }) => cells[0]!.text),
      ['7', '', '8', '9', '10'],
    );
  });
});

describe('copying a comparison', () => {
  it('as text has its headline and aligned columns', () => {
    const lines = copyComparison(compared, 'text').split('\n');
    assert.match(lines[0]!, /^ParticleSimulator\.evolve: 1\.\d\d× faster .*→/);
    assert.match(lines[2]!, /^Line {2}Before ms {2}After ms/);
    assert.match(lines[5]!, / 32 {6}30\.75 {5}30\.95 {2}≈\+0\.20/);
  });

  it('as Markdown stays a table, whatever the source', () => {
    const text = copyComparison(compared, 'markdown');
    assert.match(text, /^\*\*ParticleSimulator\\\.evolve\*\*: 1\\\.\d\d× faster/);
    assert.match(text, /\| ` {2}=check\(x \\\| 1\);` *\|/);
  });

  it('as CSV has numbers with their intervals, and starts no formula', () => {
    const rows = copyComparison(compared, 'csv').trim().split('\r\n');
    assert.equal(rows.length, 6);
    assert.match(rows[2]!, /^32,,41000,0,-41000,-[\d.]+,-[\d.]+,-[\d.]+,no, {2}sort\(n\);$/);
    assert.match(rows[4]!, /,no,' {2}=check/);
  });
});
