import assert from 'node:assert/strict';
import { compareFunctions } from '../../src/compare/compare.ts';
import { comparisonGrid } from '../../src/report/comparison-grid.ts';
import { copyComparison } from '../../src/report/copy.ts';
import { sortRows } from '../../src/report/grid.ts';
import { comparedObjectRows } from '../../src/report/memory-comparison-grid.ts';
import { ARRAYS, OBJECTS } from '../compare/memory-side.ts';
import { assertGolden } from './golden.ts';

const compared = compareFunctions(OBJECTS, ARRAYS);

describe('the grid of a comparison of memory', () => {
  const grid = comparisonGrid(compared);

  it('has what each line kept before and after, and the differences of all that was read', () => {
    assertGolden('memory-compared.txt', copyComparison(compared, 'text'));
  });

  it('says of each difference what it means, and in words what it is of', () => {
    const increment = grid.columns.findIndex(({ id }) => id === 'delta-increment');
    assert.deepEqual(
      grid.rows.map(({ cells }) => [cells[increment]!.verdict ?? null, cells[increment]!.title ?? null]),
      [
        [null, null],
        ['less', '9.00 MiB → 3.00 MiB'],
        [null, '0 B → 0 B'],
        [null, '1.00 MiB → 0 B'],
        [null, null],
        ['noise', '40 B → 0 B'],
        ['noise', '0 B → 0 B'],
        ['noise', '0 B → 0 B'],
        [null, null],
      ],
    );
  });

  it('sorts by any difference, and is the same after it came over a border', () => {
    const keys = sortRows(grid, { column: 'delta-allocated', descending: false }).map(({ key }) => key);
    assert.equal(keys[0], 1);
    assert.deepEqual(comparisonGrid(JSON.parse(JSON.stringify(compared))), grid);
  });

  it('is copied as CSV in bytes with bounds, blank where one side is dealt out', () => {
    assertGolden('memory-compared.csv', copyComparison(compared, 'csv').replaceAll('\r\n', '\n'));
  });

  it('lists constructors by what changed most', () => {
    assert.deepEqual(comparedObjectRows(compared.memory!).slice(0, 2), [
      {
        ...{ name: 'Particle', count: '−100,000', bytes: '−9.000', verdict: 'less' },
        title: 'Particle: 100,000 → 0 objects, 9.00 MiB → 0 B',
      },
      {
        ...{ name: 'system / JSArrayBufferData', count: '+3', bytes: '+3.000', verdict: 'more' },
        title: 'system / JSArrayBufferData: 0 → 3 objects, 0 B → 3.00 MiB',
      },
    ]);
  });
});
