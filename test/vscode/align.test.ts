import assert from 'node:assert/strict';
import { alignLines } from '../../src/vscode/align.ts';

describe('alignLines', () => {
  const fn = [
    'function f() {',
    '  let sum = 0;',
    '  for (const x of xs) {',
    '    sum += x;',
    '  }',
    '  return sum;',
    '}',
  ];
  const before = ['// above', ''];
  const at = before.length + 1;
  const found = (now: readonly string[]) =>
    alignLines(fn, at, now).map(({ index, line, stale }) => `${index}→${line}${stale ? ' stale' : ''}`);

  it('finds an untouched function where it was', () => {
    assert.deepEqual(found([...before, ...fn]), ['0→3', '1→4', '2→5', '3→6', '4→7', '5→8', '6→9']);
  });

  it('follows the function when text is added or removed above', () => {
    assert.deepEqual(found(['// new', ...before, ...fn])[3], '3→7');
    assert.deepEqual(found(fn)[3], '3→4');
  });

  it('keeps numbers through a formatter that changes indentation', () => {
    assert.deepEqual(
      found([...before, ...fn.map((line) => line.replace(/^ */, (spaces) => spaces.replaceAll('  ', '\t')))]),
      ['0→3', '1→4', '2→5', '3→6', '4→7', '5→8', '6→9'],
    );
  });

  it('marks a changed line stale and leaves the others', () => {
    const now = [...before, ...fn];
    now[5] = '    sum += x * x;';
    assert.deepEqual(found(now), ['0→3', '1→4', '2→5', '3→6 stale', '4→7', '5→8', '6→9']);
  });

  it('gives a line that was typed in no numbers, and drops those of a line that is gone', () => {
    const added = [...before, ...fn.slice(0, 4), '    log(x);', ...fn.slice(4)];
    assert.deepEqual(found(added), ['0→3', '1→4', '2→5', '3→6', '4→8', '5→9', '6→10']);
    const removed = [...before, ...fn.slice(0, 3), ...fn.slice(4)];
    assert.deepEqual(found(removed), ['0→3', '1→4', '2→5', '4→6', '5→7', '6→8']);
  });

  it('takes the one of two like-headed functions that holds the lines', () => {
    const other = ['function f() {', '  return 1;', '}'];
    assert.deepEqual(found([...other, ...before, ...fn])[1], '1→7');
    assert.deepEqual(found([...before, ...fn, ...other])[1], '1→4');
  });

  it('finds the function by its body when its header was edited', () => {
    const now = [...before, 'function f(xs: number[]) {', ...fn.slice(1)];
    assert.deepEqual(found(now).slice(0, 2), ['0→3 stale', '1→4']);
  });

  it('shows nothing where the function is no more', () => {
    assert.deepEqual(found(['const other = 1;', 'const another = 2;']), []);
    assert.deepEqual(found([]), []);
    assert.deepEqual(alignLines([], 1, ['x']), []);
  });

  it('does not take lines of the next function for its own', () => {
    const next = ['function g() {', '  let sum = 0;', '  return sum;', '}'];
    const gutted = ['function f() {', '  return 0;', '}'];
    const anchors = alignLines(fn, at, [...before, ...gutted, ...next]);
    assert.ok(
      anchors.every(({ line }) => line <= 5),
      JSON.stringify(anchors),
    );
  });

  it('is quick on a function of 10,000 lines with scattered edits', () => {
    const long = ['function big() {', ...Array.from({ length: 10_000 }, (_, k) => `  step(${k});`), '}'];
    const now = long.map((line, k) => (k % 100 === 50 ? `  changed(${k});` : line));
    const anchors = alignLines(long, 1, now);
    assert.equal(anchors.length, long.length);
    assert.equal(anchors.filter(({ stale }) => stale).length, 100);
  });
});
