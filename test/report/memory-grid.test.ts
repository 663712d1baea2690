import assert from 'node:assert/strict';
import type { LineMemory } from '../../src/model/memory.ts';
import type { FunctionProfile, Profile } from '../../src/model/profile.ts';
import { columnsFor, columnTexts } from '../../src/report/columns.ts';
import { copyText } from '../../src/report/copy.ts';
import { summaries } from '../../src/report/functions.ts';
import { filterRows, sortRows } from '../../src/report/grid.ts';
import { memoryBasis, memoryColumns, memoryShares } from '../../src/report/memory-columns.ts';
import { memoryFunctionGrid, memoryGrid, objectRows } from '../../src/report/memory-grid.ts';
import { memoryAmount, memoryChange, memoryRunNotes, memorySummary } from '../../src/report/memory-words.ts';
import { functionProfile, profileOf } from '../vscode/support/profile.ts';

const MIB = 1_048_576;
const TEXT = [
  'function fill() {',
  '  const all = make();',
  '  for (const one of all) {',
  '    use(one);',
  '  }',
  '  drop();',
  '  if (never) stop();',
  '}',
].join('\n');

function lineMemory(given: Partial<LineMemory>): LineMemory {
  return {
    ...{ occurrences: 1, allocatedBytes: 0, isSampled: false, incrementBytes: 0, isEstimated: false },
    ...{ usageBytes: 10 * MIB, othersBytes: 0 },
    ...given,
  };
}

/** Kept on line 2, dealt out on 3 and 4, freed on 6; 7 never ran, 1, 5 and 8 hold no statement. */
const LINES: Readonly<Record<number, LineMemory>> = {
  2: lineMemory({ allocatedBytes: 4 * MIB, incrementBytes: 3 * MIB }),
  3: lineMemory({ occurrences: 1001, allocatedBytes: 1000, incrementBytes: MIB, isEstimated: true }),
  4: lineMemory({
    occurrences: 1000,
    allocatedBytes: 2 * MIB,
    isSampled: true,
    isEstimated: true,
    othersBytes: 64,
  }),
  6: lineMemory({ incrementBytes: -2 * MIB }),
  7: lineMemory({ occurrences: 0, incrementBytes: null, usageBytes: null }),
};

function memoryFunction(lines = LINES): FunctionProfile {
  const fn = functionProfile({ name: 'fill', file: 'src/fill.ts', line: 1, endLine: 8 }, TEXT, 0, 1, {});
  return {
    ...fn,
    ...{ totalMicros: null, selfMicros: null },
    memory: { allocatedBytes: 6 * MIB, incrementBytes: 2 * MIB, isEstimated: true, objects: null },
    lines: fn.lines.map((line) => ({ ...line, memory: lines[line.line] ?? null })),
  };
}

function memoryProfile(functions = [memoryFunction()]): Profile {
  return {
    ...profileOf('/app', functions),
    memory: {
      ...{ readings: 4000, collections: 12, collectMicros: 34_000, collectionsLeftOut: true },
      ...{ ownCollections: 1, youngMib: 64, allRead: 500 },
    },
  };
}

describe('memory beside the code', () => {
  it('has Mem usage, Increment and Occurrences, blank where nothing was read', () => {
    const { labels, rows } = memoryColumns(memoryFunction(), 'increment');
    assert.deepEqual(labels, ['Mem MiB', 'Incr MiB', 'Occurs']);
    assert.deepEqual(
      rows.map(({ cells }) => cells.map((cell) => cell.trim())),
      [
        ['', '', ''],
        ['10.000', '3.000', '1'],
        ['10.000', '1.000~', '1,001'],
        ['10.000', '0.000~', '1,000'],
        ['', '', ''],
        ['10.000', '−2.000', '1'],
        ['', '', 'never'],
        ['', '', ''],
      ],
    );
    assert.deepEqual(
      rows.map(({ ran }) => ran),
      [true, true, true, true, true, true, false, true],
    );
  });

  it('has bars by what stayed: lines that freed have none', () => {
    assert.deepEqual(memoryShares(memoryFunction()), [0, 75, 25, 0, 0, 0, 0, 0]);
    const { rows } = memoryColumns(memoryFunction(), 'increment');
    assert.deepEqual(
      rows.map(({ heat }) => heat),
      [0, 5, 3, 0, 0, 0, 0, 0],
    );
  });

  it('shows what was allocated in place of increments that nobody knows', () => {
    const lines = Object.fromEntries(
      Object.entries(LINES).map(([line, one]) => [line, { ...one, incrementBytes: null, usageBytes: null }]),
    );
    const fn = memoryFunction(lines);
    assert.equal(memoryBasis([fn]), 'allocated');
    const { labels, rows } = memoryColumns(fn, 'allocated');
    assert.deepEqual(labels, ['Alloc MiB', 'Occurs']);
    assert.deepEqual(rows[1]!.cells, ['4.000 ', '1']);
    assert.equal(rows[1]!.heat, 5);
    assert.match(memoryRunNotes(memoryProfile([fn])).join(), /Nothing was collected/);
  });

  it('is a column beside times, of the lines that the memory run knows', () => {
    const timed = functionProfile({ name: 'fill', file: 'src/fill.ts', line: 1, endLine: 8 }, TEXT, 200, 1, {
      2: { hits: 1, samples: 150 },
    });
    const { run } = profileOf('/app', [timed]);
    const known = memoryFunction().lines.map(({ memory }) => memory);
    const { labels, rows } = columnTexts(run, timed, ['time', 'memory'], known);
    assert.deepEqual(labels, ['Time ms', 'Incr MiB']);
    assert.equal(rows[1]!.cells[1], '3.000 ');
    assert.equal(rows[4]!.cells[1], '');
    assert.equal(columnTexts(run, timed, ['memory']).rows[1]!.cells[0], '', 'no memory run');
    assert.deepEqual(columnsFor({ ...run, times: 'self' }, ['hits', 'memory']), [
      'self',
      'percent',
      'memory',
    ]);
  });
});

describe('memory in the panel', () => {
  it('is a table with bars, sorted by bytes and not by text', () => {
    const grid = memoryGrid(memoryFunction());
    assert.deepEqual(
      grid.columns.map(({ id, kind }) => `${id} ${kind}`),
      [
        ...['line number', 'usage number', 'increment share', 'allocated number'],
        ...['occurrences number', 'code code'],
      ],
    );
    const sorted = sortRows(grid, { column: 'increment', descending: true });
    assert.deepEqual(sorted.map(({ key }) => key).slice(0, 4), [1, 2, 3, 5]);
    assert.deepEqual(
      filterRows(grid.rows, 'make').map(({ key }) => key),
      [1],
    );
    assert.deepEqual(
      [grid.rows[0]!.state, grid.rows[1]!.state, grid.rows[6]!.state],
      ['other', 'numbers', 'never'],
    );
    assert.equal(memoryGrid(memoryFunction(), () => null).rows[1]!.cells[0]!.text, '', 'a line that is gone');
  });

  it('lists functions by what their calls kept', () => {
    const other = { ...memoryFunction(), name: 'unused', calls: 0, memory: null };
    const grid = memoryFunctionGrid(summaries(memoryProfile([memoryFunction(), other])).slice(0, 2));
    assert.deepEqual(
      grid.rows.map(({ cells, state }) => [...cells.map(({ text }) => text), state]),
      [
        ['fill', '1', '2.000~', '6.000', 'src/fill.ts:1', 'numbers'],
        ['unused', '0', '', '', 'src/fill.ts:1', 'never'],
      ],
    );
  });

  it('lists what stayed by constructor', () => {
    assert.deepEqual(
      objectRows([
        {
          ...{ name: 'Particle', count: 100_000, bytes: 9.5 * MIB },
          lines: [{ line: 2, count: 100_000, bytes: 9.5 * MIB }],
        },
        { name: '(string)', count: -2, bytes: -100 },
      ]),
      [
        { name: 'Particle', count: '+100,000', bytes: '9.500', share: 100, where: 'line 2', line: 2 },
        { name: '(string)', count: '-2', bytes: '0.000', share: 0, where: '', line: null },
      ],
    );
  });

  it('is copied as the command line prints it, as Markdown, and as bytes', () => {
    const profile = memoryProfile();
    assert.match(copyText(profile, 0, 'text'), /Mem usage +Increment +Allocated +Occurrences/);
    assert.match(copyText(profile, 0, 'markdown'), /\| Line \| Mem usage \(MiB\) \| Increment \(MiB\) \|/);
    const csv = copyText(profile, 0, 'csv').split('\r\n');
    assert.equal(csv[2], `2,${10 * MIB},${3 * MIB},no,${4 * MIB},no,0,1,  const all = make();`);
    assert.equal(csv[5], '5,,,,,,,,  }', 'what is not known is blank');
    assert.match(
      copyText(profile, null, 'csv'),
      /^function,file,line,calls,increment_bytes,allocated_bytes\r\nfill,/,
    );
    assert.match(copyText(profile, null, 'markdown'), /`fill`/);
  });
});

describe('memory in words', () => {
  it('is in MiB, and in bytes below a KiB', () => {
    assert.deepEqual([0, 120, 5 * 1024, 9.5 * MIB].map(memoryAmount), [
      '0 B',
      '120 B',
      '0.00488 MiB',
      '9.50 MiB',
    ]);
    assert.deepEqual(
      [memoryChange(MIB, false), memoryChange(-100, true), memoryChange(0, false)],
      ['+1.00 MiB', '~−100 B', '0 B'],
    );
  });

  it('sums a function up, and says nothing of one that never ran', () => {
    assert.equal(memorySummary(memoryFunction()), '~+2.00 MiB kept, 6.00 MiB allocated in 1 call');
    assert.equal(memorySummary({ ...memoryFunction(), calls: 0 }), '');
  });

  it('tells which numbers are dealt out, and what was left out', () => {
    assert.deepEqual(memoryRunNotes(memoryProfile()), [
      'Increments with ~ are dealt out between 12 collections (34.0 ms), as many as there was time for.',
      'Allocated with ~ is dealt out: of lines that ran more than 500 times, later ones are read together.',
      'What other code allocates while a line waits (await, yield) is left out of it.',
    ]);
  });
});
