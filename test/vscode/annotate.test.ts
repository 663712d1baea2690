import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Annotated, annotate, columnsText } from '../../src/vscode/annotate.ts';
import { functionProfile, profileOf, simulatorProfile } from './support/profile.ts';

describe('annotate', () => {
  const workspace = join(import.meta.dirname, 'cases', 'open-profile', 'workspace');
  const text = readFileSync(join(workspace, 'src', 'simulator.ts'), 'utf8');
  const lines = text.split('\n');
  const profile = simulatorProfile(workspace, text);
  const shown = (columns: Parameters<typeof annotate>[2], now = lines) =>
    withTexts(annotate(profile.run, profile.functions, columns, now));

  it('is a table: labels in the header, cells aligned right, one width for the whole text', () => {
    const { annotations, width } = shown(['hits', 'time', 'percent']);
    assert.equal(annotations.length, 44 - 26 + 1 + (62 - 47 + 1));
    assert.ok(annotations.every((one) => one.text.length === width - 2));
    const textOf = (line: number) => annotations.find((one) => one.line === line)!.text;
    assert.equal(textOf(26), '     Hits  Time ms  % Time');
    assert.equal(textOf(29), '   10,001      2.4     0.6');
    assert.equal(textOf(32), '1,000,000    220.0    55.0');
    assert.equal(textOf(31), ' '.repeat(width - 2), 'a comment keeps the width');
    assert.equal(textOf(27), '        1                 ', 'no time is blank, not 0');
    assert.equal(textOf(47), '     Hits  Time µs  % Time');
    assert.equal(textOf(54), '    never                 ');
  });

  it('knows the lines put between those of a function, and no others', () => {
    assert.deepEqual(shown(['hits']).between, []);
    const typed = lines.toSpliced(40, 0, '        // one', '        // two').toSpliced(5, 0, '// before');
    assert.deepEqual(shown(['hits'], typed).between, [42, 43]);
  });

  it('tells header, never-ran and other lines apart, and their heat', () => {
    const { annotations } = shown(['percent']);
    const at = (line: number) => annotations.find((one) => one.line === line)!;
    assert.deepEqual([at(26).kind, at(26).heat], ['header', 0]);
    assert.deepEqual([at(32).kind, at(32).heat, Math.round(at(32).share)], ['numbers', 5, 55]);
    assert.deepEqual([at(33).heat, at(30).heat, at(29).heat], [2, 1, 0]);
    assert.equal(at(51).kind, 'never');
    assert.equal(at(31).kind, 'numbers');
  });

  it('has the columns that were asked for, in that order', () => {
    const { annotations } = shown(['percent', 'perHit', 'self']);
    const textOf = (line: number) => annotations.find((one) => one.line === line)!.text;
    assert.equal(textOf(26), '% Time  Per Hit ns  Self ms');
    assert.equal(textOf(32), '  55.0       220      120.0');
  });

  it('gives a line of two shown functions to the inner one', () => {
    const source = [
      'function outer() {',
      '  const inner = () => {',
      '    work();',
      '  };',
      '  inner();',
      '}',
    ].join('\n');
    const place = { file: 'a.ts', line: 1, endLine: 6 };
    const outer = functionProfile({ ...place, name: 'outer' }, source, 100, 1, {
      3: { samples: 50 },
      5: { samples: 100 },
    });
    const inner = functionProfile({ ...place, name: 'inner', line: 2, endLine: 4 }, source, 50, 1, {
      3: { samples: 50 },
    });
    const { run } = profileOf('/x', [inner, outer]);
    const { annotations } = annotate(run, [inner, outer], ['percent'], source.split('\n'));
    assert.deepEqual(
      annotations.map(({ line, fn, share }) => [line, fn, share]),
      [
        [1, 1, 0],
        [2, 0, 0],
        [3, 0, 100],
        [4, 0, 0],
        [5, 1, 100],
        [6, 1, 0],
      ],
    );
  });

  it('leaves the numbers of a call to it where a callback begins and ends', () => {
    const source = [
      'function outer(list) {',
      '  list.map((x) => {',
      '    work(x);',
      '  }).forEach(use);',
      '}',
    ].join('\n');
    const place = { file: 'a.ts', line: 1, endLine: 5 };
    const outer = functionProfile({ ...place, name: 'outer' }, source, 100, 1, {
      2: { hits: 1, samples: 60 },
      3: { hits: 9, samples: 50 },
      4: { hits: 1, samples: 40 },
    });
    const inner = functionProfile({ ...place, name: 'inner', line: 2, endLine: 4 }, source, 50, 9, {
      3: { hits: 9, samples: 50 },
    });
    const { run } = profileOf('/x', [inner, outer]);
    const { annotations } = annotate(run, [inner, outer], ['hits', 'percent'], source.split('\n'));
    assert.deepEqual(
      annotations.map(({ line, fn, cells }) => [line, fn, ...cells]),
      [
        [1, 1, 'Hits', '% Time'],
        [2, 1, '1', '60.0'],
        [3, 0, '9', '100.0'],
        [4, 1, '1', '40.0'],
        [5, 1, '', ''],
      ],
    );
  });

  it('has its labels where a parameter has a default, and the numbers of one that takes time', () => {
    const source = ['function f(a = g()) {', '  return h(a);', '}'].join('\n');
    const place = { name: 'f', file: 'a.ts', line: 1, endLine: 3 };
    const first = (samples: number) => {
      const fn = functionProfile(place, source, 100, 5, {
        1: { hits: 5, samples },
        2: { hits: 5, samples: 100 - samples },
      });
      return annotate(profileOf('/x', [fn]).run, [fn], ['hits'], source.split('\n')).annotations[0]!;
    };
    assert.deepEqual([first(0).kind, first(0).cells], ['header', ['Hits']]);
    assert.deepEqual([first(40).kind, first(40).cells], ['numbers', ['5']]);
  });

  it('gives a function of one line its numbers', () => {
    const source = 'const square = (x) => x * x;';
    const fn = functionProfile({ name: 'square', file: 'a.ts', line: 1, endLine: 1 }, source, 10, 5, {
      1: { hits: 5, samples: 10 },
    });
    const { run } = profileOf('/x', [fn]);
    const { annotations } = withTexts(annotate(run, [fn], ['hits', 'percent'], [source]));
    assert.equal(annotations[0]!.kind, 'numbers');
    assert.match(annotations[0]!.text, /5 {3}100\.0$/);
  });
});

function withTexts({ annotations, ...annotated }: Annotated) {
  const texts = annotations.map((one) => ({ ...one, text: columnsText({ annotations, ...annotated }, one) }));
  return { ...annotated, annotations: texts };
}
