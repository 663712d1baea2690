import assert from 'node:assert/strict';
import { compareFunctions, compareProfiles } from '../../src/compare/compare.ts';
import type { FunctionComparison, LineMemoryComparison } from '../../src/model/comparison.ts';
import { comparisonLabels, comparisonRow, headline, wholeVerdict } from '../../src/report/comparison.ts';
import { annotateComparison } from '../../src/vscode/compare/annotate-comparison.ts';
import { comparedFunctionHover, comparisonHover } from '../../src/vscode/compare/comparison-hover.ts';
import { functionProfile, profileOf } from '../vscode/support/profile.ts';
import { ARRAYS, lineMemory, MIB, memorySide, OBJECTS } from './memory-side.ts';

const NAMES = { before: '12:00', after: '12:05' };
const TEXT = 'function fill() {\n  make();\n}';

function at(compared: FunctionComparison, text: string) {
  return compared.lines.find((line) => (line.after ?? line.before)!.text.includes(text))!;
}

/** The memory of line 2 of two functions of one text. */
function line2(
  before: Parameters<typeof lineMemory>[0],
  after: Parameters<typeof lineMemory>[0],
  node = 'v24.21.0',
): LineMemoryComparison {
  const side = (given: typeof before) => memorySide(TEXT, { 2: lineMemory(given) }, { run: { node } });
  return compareFunctions(side(before), side(after)).lines[1]!.memory!;
}

describe('compare: the memory of a function before and after', () => {
  const compared = compareFunctions(OBJECTS, ARRAYS);

  it('is the difference of all that was read on a line, with the limits of both sides as bounds', () => {
    assert.equal(compared.basis, 'total');
    const { usage, increment, allocated, occurrences } = at(compared, 'makeArrays').memory!;
    assert.deepEqual(increment, {
      ...{ before: 9 * MIB, after: 3 * MIB },
      difference: { value: -6 * MIB, bounds: { low: -6.12 * MIB, high: -5.88 * MIB }, noise: false },
    });
    assert.equal(allocated.difference!.value, -8 * MIB);
    assert.equal(usage.difference!.value, -6 * MIB);
    assert.deepEqual(occurrences.difference, { value: 0, bounds: { low: 0, high: 0 }, noise: true });
  });

  it('is said in one sentence, and green when less is kept', () => {
    assert.equal(
      headline(compared),
      'keeps 7.00 MiB less (10.0 MiB → 3.00 MiB), allocates 16.0 MiB less (19.0 MiB → 3.00 MiB)',
    );
    assert.equal(wholeVerdict(compared), 'less');
    assert.match(headline(compareFunctions(ARRAYS, OBJECTS)), /^keeps 7\.00 MiB more/);
    assert.match(
      headline(compareFunctions(OBJECTS, OBJECTS)),
      /^keeps as much as before .* allocates as much/,
    );
  });

  it('is four columns beside the code, what nothing bounds marked ~ and without a verdict', () => {
    assert.deepEqual(comparisonLabels(compared), ['Δ Mem', 'Δ Incr', 'Δ Alloc', 'Δ Occurs']);
    assert.deepEqual(comparisonRow(compared, at(compared, 'makeArrays')), {
      ...{ cells: ['−6.000', '−6.000', '−8.000', '0'], verdict: 'less', heat: 0 },
    });
    const loop = comparisonRow(compared, at(compared, 'Math.sqrt'));
    assert.deepEqual(loop.cells, ['~0', '~−1.000', '−2.000', '−99,997']);
    assert.equal(loop.verdict, null, 'what hot code allocates depends on when it is optimised');
    const text = annotateComparison(
      { ...NAMES, functions: [compared] },
      [compared],
      ARRAYS.fn.lines.map((line) => line.text),
    );
    assert.deepEqual(
      text.annotations.map(({ line, kind }) => `${line} ${kind}`),
      ['1 header', '2 less', '3 noise', '4 numbers', '5 numbers', '6 numbers', '7 noise', '8 numbers'],
    );
    assert.equal(text.notes[0]!.color, 'fasterForeground');
    assert.match(text.notes[0]!.text, /^keeps 7\.00 MiB less/);
  });

  it('is told in hovers: both sides, bounds, what they mean, what the call left', () => {
    const hover = comparisonHover(
      { ...NAMES, functions: [compared] },
      compared,
      at(compared, 'makeArrays'),
      false,
    );
    assert.match(
      hover,
      /Increment&nbsp; \| 9\.00 MiB&nbsp; \| 3\.00 MiB&nbsp; \| −6\.00 MiB \(−6\.12 MiB to −5\.88 MiB\)/,
    );
    assert.match(hover, /Mem usage.*\n.*Increment.*\n.*Allocated.*\n.*Occurrences/);
    assert.match(hover, /Keeps less than before.* Allocates less than before/);
    const loop = comparisonHover(
      { ...NAMES, functions: [compared] },
      compared,
      at(compared, 'Math.sqrt'),
      false,
    );
    assert.match(loop, /~−1\.00 MiB&nbsp;/);
    assert.match(loop, /dealt out among lines/);
    assert.match(loop, /depends on when V8 optimises it/);
    assert.doesNotMatch(loop, /less than before/);
    const whole = comparedFunctionHover({ ...NAMES, functions: [compared] }, compared);
    assert.match(
      whole,
      /- −100,000 `Particle` −9\.000 MiB\n- \+3 `system \/ JSArrayBufferData` \+3\.000 MiB/,
    );
    assert.match(whole, /limits of measurement/);
    assert.doesNotMatch(whole, /Samples|Time/);
  });

  it('compares what stayed by constructor where both have snapshots', () => {
    const objects = compared.memory!.objects!;
    assert.deepEqual(
      objects.map(({ name, count, bytes }) => [name, count.difference!.value, bytes.difference!.noise]),
      [
        ['Particle', -100_000, false],
        ['system / JSArrayBufferData', 3, false],
        ['Array', -1, false],
        ['Float64Array', 3, true],
        ['(system)', 2, true],
      ],
    );
    const none = memorySide(TEXT, {}, { objects: null });
    assert.equal(compareFunctions(OBJECTS, none).memory!.objects, null);
    const cut = Array.from({ length: 100 }, (_, index) => ({ name: `C${index}`, count: 1, bytes: 8 }));
    const against = compareFunctions(memorySide(TEXT, {}, { objects: cut }), ARRAYS).memory!.objects!;
    const buffers = against.find(({ name }) => name.includes('JSArrayBufferData'))!;
    assert.deepEqual([buffers.bytes.before, buffers.bytes.difference], [null, null], 'the list was cut');
  });
});

describe('compare: the noise gate of memory', () => {
  const increments = (before: number, after: number) =>
    line2({ incrementBytes: before }, { incrementBytes: after }).increment.difference!;

  it('is 1 % of each side or 1 KB of each, whichever is more', () => {
    assert.equal(increments(0, 2048).noise, true);
    assert.equal(increments(0, 2049).noise, false);
    assert.equal(increments(100 * MIB, 102 * MIB).noise, true);
    assert.equal(increments(100 * MIB, 102.1 * MIB).noise, false);
    assert.equal(increments(5, 5).noise, true);
  });

  it('knows no bounds of what is dealt out, on either side: no verdict, and not noise either', () => {
    for (const [one, two] of [
      [true, false],
      [false, true],
    ] as const) {
      const { increment, allocated } = line2(
        { incrementBytes: 9 * MIB, isEstimated: one, allocatedBytes: MIB, isSampled: one },
        { incrementBytes: MIB, isEstimated: two, allocatedBytes: 9 * MIB, isSampled: two },
      );
      assert.deepEqual(increment.difference, { value: -8 * MIB, bounds: null, noise: false });
      assert.deepEqual(allocated.difference, { value: 8 * MIB, bounds: null, noise: false });
    }
  });

  it('takes a line that never ran for none, and one that was not read for unknown', () => {
    const never = line2({ occurrences: 0, incrementBytes: null, usageBytes: null }, { incrementBytes: MIB });
    assert.equal(never.increment.difference!.value, MIB);
    assert.equal(
      never.increment.difference!.bounds!.low,
      0.99 * MIB,
      'what never ran has no limit of its own',
    );
    assert.equal(never.usage.difference, null);
    const blank = line2({ incrementBytes: null, usageBytes: null }, {});
    assert.equal(blank.increment.difference, null);
    const compared = compareFunctions(OBJECTS, ARRAYS);
    assert.equal(at(compared, '}').memory, null);
  });

  it('takes lines that are new or gone for none on the other side', () => {
    const longer = memorySide('function fill() {\n  make();\n  extra(1, 2);\n}', {
      2: lineMemory(),
      3: lineMemory({ incrementBytes: MIB, allocatedBytes: MIB }),
    });
    const shorter = memorySide(TEXT, { 2: lineMemory() });
    const added = at(compareFunctions(shorter, longer), 'extra');
    assert.deepEqual([added.before, added.memory!.increment.difference!.value], [null, MIB]);
    const gone = at(compareFunctions(longer, shorter), 'extra');
    assert.deepEqual([gone.after, gone.memory!.allocated.difference!.value], [null, -MIB]);
    assert.equal(gone.memory!.usage.difference, null);
  });
});

describe('compare: what memory is divided by', () => {
  const lines = { 2: lineMemory({ occurrences: 4, allocatedBytes: 8 * MIB, incrementBytes: 4 * MIB }) };
  const side = (given: Parameters<typeof memorySide>[2]) => memorySide(TEXT, lines, given);

  it('is nothing where both were called as often, whatever they are called', () => {
    assert.equal(compareFunctions(side({}), side({ name: 'twin' })).basis, 'total');
    const once = { run: { repeats: 1 } };
    assert.equal(compareFunctions(side(once), side({ ...once, name: 'twin' })).basis, 'total');
  });

  it('is the calls of two functions that were not; the level of the heap is divided by nothing', () => {
    const compared = compareFunctions(side({ calls: 2 }), side({ name: 'twin', calls: 4 }));
    assert.equal(compared.basis, 'call');
    const { usage, increment, occurrences } = compared.lines[1]!.memory!;
    assert.deepEqual([increment.before, increment.after], [2 * MIB, MIB]);
    assert.deepEqual([occurrences.before, occurrences.after], [2, 1]);
    assert.deepEqual([usage.before, usage.after], [10 * MIB, 10 * MIB]);
    assert.match(headline(compared), / per call$/);
  });

  it('is unknown, with the reason, for a function that was never called, and for a time with a memory run', () => {
    const never = compareFunctions(side({}), side({ calls: 0 }));
    assert.deepEqual([never.basis, never.memory, never.lines[1]!.memory], [null, null, null]);
    assert.equal(headline(never), 'memory cannot be compared: One of the two was never called in its run.');
    const timed = functionProfile(
      { name: 'fill', file: 'src/fill.ts', line: 1, endLine: 3 },
      TEXT,
      100,
      1,
      {},
    );
    const mixed = compareFunctions({ run: profileOf('/app', [timed]).run, fn: timed }, side({}));
    assert.deepEqual([mixed.basis, mixed.memory, mixed.time], [null, null, null]);
    assert.match(headline(mixed), /One of the two is of times, the other of memory/);
  });

  it('is the same of whole profiles', () => {
    const profile = ({ run, fn, memory }: typeof OBJECTS) => ({
      ...profileOf('/app', [fn]),
      run,
      memory: memory!,
    });
    const { functions } = compareProfiles(profile(OBJECTS), profile(ARRAYS), NAMES)!;
    assert.equal(functions[0]!.memory!.increment.difference!.value, -7 * MIB);
    assert.equal(functions[0]!.after.memory!.readings, 4000);
  });
});
