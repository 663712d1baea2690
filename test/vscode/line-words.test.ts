import assert from 'node:assert/strict';
import { annotate } from '../../src/vscode/annotate.ts';
import { lineWords } from '../../src/vscode/line-words.ts';
import { functionProfile, profileOf } from './support/profile.ts';

describe('lineWords', () => {
  const source = ['function f() {', '  a();', '  // said', '  never();', '}'].join('\n');
  const fn = functionProfile({ name: 'f', file: 'a.js', line: 1, endLine: 5 }, source, 200, 4, {
    2: { hits: 1200, samples: 150 },
    4: { hits: 0 },
  });
  const { run } = profileOf('/x', [fn]);
  const said = (line: number, text = source) => {
    const annotated = annotate(run, [fn], ['hits', 'time', 'percent'], text.split('\n'));
    const annotation = annotated.annotations.find((one) => one.line === line)!;
    return lineWords(annotated, annotation, run, fn);
  };

  it('names each number by its column', () => {
    assert.equal(said(2), 'Line 2 of f: Hits 1,200, Time ms 30.0, % Time 75.0.');
  });

  it('says that a line has no numbers, or never ran', () => {
    assert.equal(said(3), 'Line 3 of f: no numbers.');
    assert.equal(said(4), 'Line 4 of f: never ran.');
  });

  it('says the totals of the function on its first line, and that a line was changed', () => {
    assert.match(said(1), /^Line 1 of f: 40\.0 ms in 4 calls, 200 samples\.$/);
    assert.match(said(2, source.replace('a();', 'a(1);')), /It was changed since it was measured\.$/);
  });
});
