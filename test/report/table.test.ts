import assert from 'node:assert/strict';
import { describe, it } from 'mocha';
import stringWidth from 'string-width';
import { renderProfile } from '../../src/report/profile.ts';
import { renderTable, type TableOptions } from '../../src/report/table.ts';
import { assertGolden } from './golden.ts';
import { EVOLVE, sampleFunction, sampleProfile, sampleRun } from './sample.ts';

const PLAIN: TableOptions = { unit: null, skipZero: false, color: false, width: null };
const ESCAPE = String.fromCharCode(27);
const rowsOf = (table: string) => table.split('\n').filter((line) => /^ *\d+ /.test(line));

describe('report: tables', () => {
  it('prints what line_profiler prints', () => {
    assertGolden('evolve.txt', renderTable(sampleRun(), sampleFunction(EVOLVE), PLAIN));
  });

  it('colours by heat, and only when asked', () => {
    const colored = renderTable(sampleRun(), sampleFunction(EVOLVE), { ...PLAIN, color: true });
    assertGolden('evolve-color.txt', colored.replaceAll(ESCAPE, 'ESC'));
    const stripped = colored
      .split(ESCAPE)
      .map((part, index) => (index > 0 ? part.replace(/^\[\d+m/, '') : part));
    const plain = renderTable(sampleRun(), sampleFunction(EVOLVE), PLAIN);
    assert.ok(!plain.includes(ESCAPE));
    assert.deepEqual(
      stripped
        .join('')
        .split('\n')
        .map((line) => line.trimEnd()),
      plain.split('\n').map((line) => line.trimEnd()),
    );
  });

  it('leaves out lines without hits', () => {
    const table = renderTable(sampleRun(), sampleFunction(EVOLVE), { ...PLAIN, skipZero: true });
    assert.deepEqual(
      rowsOf(table).map((row) => Number(row.slice(0, 6))),
      [32, 34, 35, 37, 38, 39, 41],
    );
  });

  it('keeps lines that were only timed when hits were not counted', () => {
    const lines = EVOLVE.map(([, samples, text]) => [null, samples, text] as const);
    const fn = sampleFunction(lines, { calls: null, callsInTimedRun: null });
    const table = renderTable(sampleRun({ hits: 'none' }), fn, { ...PLAIN, skipZero: true });
    assert.equal(rowsOf(table).length, 6);
    assert.ok(!table.includes('Note'), table);
  });

  it('uses the unit asked for, no finer than a sample', () => {
    for (const [unit, symbol, time] of [
      ['ns', 'ns', '34850000'],
      ['us', 'µs', '34850'],
      ['ms', 'ms', '34.9'],
      ['s', 's', '0.0348'],
    ] as const) {
      const table = renderTable(sampleRun(), sampleFunction(EVOLVE), { ...PLAIN, unit });
      assert.match(table, new RegExp(`^Timer unit: 1 ${symbol}\n`));
      assert.equal(
        rowsOf(table)
          .find((row) => row.includes('Math.sqrt'))!
          .trim()
          .split(/ +/)[2],
        time,
      );
    }
  });

  it('cuts source lines to the width, wide characters counted as two', () => {
    const wide = sampleFunction([
      [1, 351, '  log("粒子は円の上を動きます、とても速く、いつまでも、いつまでも");'],
      [
        1,
        0,
        '  family("👩‍👩‍👧‍👦👩‍👩‍👧‍👦👩‍👩‍👧‍👦👩‍👩‍👧‍👦👩‍👩‍👧‍👦👩‍👩‍👧‍👦👩‍👩‍👧‍👦👩‍👩‍👧‍👦👩‍👩‍👧‍👦👩‍👩‍👧‍👦👩‍👩‍👧‍👦👩‍👩‍👧‍👦👩‍👩‍👧‍👦👩‍👩‍👧‍👦👩‍👩‍👧‍👦👩‍👩‍👧‍👦👩‍👩‍👧‍👦👩‍👩‍👧‍👦👩‍👩‍👧‍👦👩‍👩‍👧‍👦");',
      ],
      [1, 0, `  ascii("${'x'.repeat(100_000)}");`],
      [1, 0, '  short();'],
    ]);
    const rows = rowsOf(renderTable(sampleRun(), wide, { ...PLAIN, width: 90 }));
    const widths = rows.map((row) => stringWidth(row));
    assert.ok(
      widths.every((width) => width <= 90),
      String(widths),
    );
    assert.ok(
      widths.slice(0, 3).every((width) => width >= 88),
      `cut no more than needed: ${widths}`,
    );
    assert.deepEqual(
      rows.map((row) => row.endsWith('…')),
      [true, true, true, false],
    );
  });

  it('keeps some source in the narrowest terminal', () => {
    const rows = rowsOf(renderTable(sampleRun(), sampleFunction(EVOLVE), { ...PLAIN, width: 20 }));
    assert.deepEqual(
      rows.filter((row) => row.includes('for (')).map((row) => row.slice(-20)),
      ['    for (let step =…', '      for (const pa…'],
    );
  });

  it('widens columns to the longest number', () => {
    const huge = sampleFunction([
      [123456789012345, 351, 'spin();'],
      [1, 0, 'done();'],
    ]);
    const table = renderTable(sampleRun(), huge, { ...PLAIN, unit: 'ns' });
    assert.match(table, /31 123456789012345/);
    const [title, first, second] = table.split('\n').filter((line) => /^Line #|^ *3[12] /.test(line));
    const start = title!.indexOf('Line Contents');
    assert.equal(first!.indexOf('spin'), start);
    assert.equal(second!.indexOf('done'), start);
  });

  it('sets decimal points below each other', () => {
    const rows = rowsOf(renderTable(sampleRun(), sampleFunction(EVOLVE), PLAIN));
    const points = rows.filter((row) => /%|\d\.\d/.test(row)).map((row) => row.slice(0, 50).indexOf('.'));
    assert.equal(new Set(points.filter((point) => point >= 0)).size, 2, 'Per Hit and % Time');
  });

  it('shows control characters instead of obeying them', () => {
    const fn = sampleFunction([[1, 351, `\tconst red = "${ESCAPE}[31m";\r`]], {
      name: `a${ESCAPE}b`,
      file: 'a\nb.ts',
    });
    const table = renderTable(sampleRun(), fn, PLAIN);
    assert.ok(!table.includes(ESCAPE) && !table.includes('\r'));
    assert.ok(table.includes('    const red = "␛[31m";␍') && table.includes('File: a␊b.ts'), table);
  });

  it('says that a function was never called, and leaves its numbers blank', () => {
    const never = sampleFunction(
      EVOLVE.map(([hits, , text]) => [hits === null ? null : 0, 0, text] as const),
      { calls: 0, callsInTimedRun: null, samples: 0, selfSamples: 0, totalMicros: 0, selfMicros: 0 },
    );
    assertGolden('never-called.txt', renderTable(sampleRun(), never, PLAIN));
  });

  it('warns of too few samples, with what helps in that way of running', () => {
    const few = sampleFunction([[1, 99, 'x();']], { samples: 99 });
    const enough = sampleFunction([[1, 100, 'x();']], { samples: 100 });
    const none = sampleFunction([[5, 0, 'x();']], { samples: 0, totalMicros: 0 });
    assert.match(
      renderTable(sampleRun(), few, PLAIN),
      /Note: Too short to trust: 99 samples.*-i 50.*lineprof call/,
    );
    assert.match(renderTable(sampleRun({ repeats: 1 }), few, PLAIN), /Too short to trust.*--min-time/);
    assert.match(renderTable(sampleRun(), none, PLAIN), /Too quick to be seen/);
    assert.ok(!renderTable(sampleRun(), enough, PLAIN).includes('Note'));
  });

  it('leaves it to the profile to say why there are no samples, where it does', () => {
    const why = { samples: 0, totalMicros: null, notes: ['Its time was too short for a sample.'] };
    const notes = (calls: number) =>
      renderTable(
        sampleRun(),
        sampleFunction([[5, 0, 'x();']], { ...why, calls, callsInTimedRun: calls }),
        PLAIN,
      )
        .split('\n')
        .filter((line) => line.startsWith('Note'));
    assert.equal(notes(0).length, 1);
    assert.deepEqual(notes(5)[0], 'Note: Its time was too short for a sample.');
    assert.match(notes(5)[1]!, /^Note: Give the program more work/);
    assert.equal(notes(5).length, 2);
  });

  it('says when the two runs do not agree', () => {
    const table = renderTable(sampleRun(), sampleFunction(EVOLVE, { calls: 41, callsInTimedRun: 37 }), PLAIN);
    assert.match(table, /do not agree: called 37 times while timed and 41 times while hits were counted/);
    // Calls of functions that were chosen by their heat are not counted while timed.
    const unlike = sampleFunction(EVOLVE, { calls: 0, callsInTimedRun: null });
    assert.match(
      renderTable(sampleRun(), unlike, PLAIN),
      /do not agree: 351 samples fell into it while timed, and it was not called while hits were counted/,
    );
  });

  it('sets figures for one call beside the totals of a repeated call', () => {
    const fn = sampleFunction(EVOLVE, { calls: 36, callsInTimedRun: 36 });
    assertGolden('repeated-call.txt', renderTable(sampleRun({ repeats: 12 }), fn, PLAIN));
    const uncounted = sampleFunction(EVOLVE, { calls: null, callsInTimedRun: null });
    assert.match(
      renderTable(sampleRun({ repeats: 12 }), uncounted, PLAIN),
      /Calls: 12 evaluations, 6.00 ms each[\s\S]*Per Eval/,
    );
    assert.ok(!renderTable(sampleRun({ repeats: 1 }), fn, PLAIN).includes('Per Call'));
  });
});

describe('report: whole profiles', () => {
  const options = { ...PLAIN, byProcess: false, quiet: false };
  const hard = sampleProfile(
    [sampleFunction(EVOLVE), sampleFunction([[3, 351, 'step();']], { name: 'main', line: 3 })],
    {
      unplacedSamples: 4,
      cutSamples: 1,
      overheadSamples: 20,
      stopped: 'timeout',
      signal: 'SIGTERM',
      exitCode: null,
      notes: ['No function was named or marked: these are the five with most time of their own.'],
      processes: [
        { pid: 11, thread: 0, command: 'node a.js', samples: 300, functions: [sampleFunction(EVOLVE)] },
        { pid: 11, thread: 2, command: 'node a.js', samples: 100, functions: [] },
      ],
    },
  );

  it('prints every function, the processes and what went missing', () => {
    assertGolden('profile.txt', renderProfile(hard, options));
  });

  it('tells processes apart', () => {
    const text = renderProfile(hard, { ...options, byProcess: true });
    assert.match(text, /^Process 11: 300 samples \(75.0 %\) {3}node a.js\n\nTimer unit/);
    assert.match(
      text,
      /Process 11, worker 2: 100 samples \(25.0 %\) {3}node a.js\nNone of the functions ran here/,
    );
  });

  it('is tables only when quiet', () => {
    const text = renderProfile(hard, { ...options, quiet: true });
    assert.ok(!text.includes('Note') && !text.includes('Process'), text);
    assert.match(text, /Function: main/);
  });

  it('says how a program failed', () => {
    assert.match(renderProfile(sampleProfile([], { exitCode: 7 }), options), /exited with code 7/);
    assert.match(
      renderProfile(sampleProfile([], { exitCode: null, signal: 'SIGKILL' }), options),
      /ended by SIGKILL/,
    );
  });
});
