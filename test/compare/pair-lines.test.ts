import assert from 'node:assert/strict';
import { pairLines } from '../../src/compare/pair-lines.ts';

const pairs = (before: string, after: string) =>
  pairLines(before.split('\n'), after.split('\n')).map(
    ({ before: a, after: b }) => `${a ?? '-'}:${b ?? '-'}`,
  );

describe('compare: lines that belong together', () => {
  it('are the equal ones, whatever their indentation', () => {
    assert.deepEqual(pairs('f() {\n  one();\n  two();\n}', 'f() {\n\tone();\n\ttwo();\n}'), [
      '0:0',
      '1:1',
      '2:2',
      '3:3',
    ]);
  });

  it('are changed ones that are alike, and no others', () => {
    assert.deepEqual(
      pairs(
        'f() {\n  const norm = Math.sqrt(x * x + y * y);\n  old();\n}',
        'f() {\n  fresh(1);\n  const norm = Math.hypot(x, y);\n}',
      ),
      ['0:0', '-:1', '1:2', '2:-', '3:3'],
    );
  });

  it('are the headers of two functions, whatever they are called', () => {
    assert.deepEqual(pairs('evolve(dt) {\n  a();\n}', 'run() {\n  a();\n  b();\n}'), [
      '0:0',
      '1:1',
      '-:2',
      '2:3',
    ]);
  });

  it('are none where there are no lines, and none of thousands of changed ones', () => {
    assert.deepEqual(pairLines([], ['a', 'b']), [
      { before: null, after: 0 },
      { before: null, after: 1 },
    ]);
    const many = (word: string) => Array.from({ length: 400 }, (_, k) => `${word}${k};`);
    const all = pairLines(['f', ...many('a')], ['f', ...many('b')]);
    assert.equal(all.length, 801);
  });
});
