import assert from 'node:assert/strict';
import { code, escapeMarkdown, functionHover, hoverText } from '../../src/vscode/hover-text.ts';
import { functionProfile, profileOf } from './support/profile.ts';

describe('hoverText', () => {
  const evil = '](command:evil) <img src=x onerror=y> **`|` $(zap) &lt;';
  const source = ['function f() {', '  a(); b();', '  never();', '}'].join('\n');
  const fn = functionProfile({ name: evil, file: 'a.ts', line: 1, endLine: 4 }, source, 200, 4, {
    2: {
      hits: 8,
      samples: 150,
      self: 30,
      where: { turbofan: 100, gc: 50 },
      calls: [
        { name: evil, file: 'a.ts', line: 9, column: 0, samples: 90, percent: 60 },
        ...Array.from({ length: 9 }, (_, k) => ({
          name: `callee${k}`,
          file: 'b.ts',
          line: k + 1,
          column: 0,
          samples: 3,
          percent: 2,
        })),
      ],
    },
    3: { hits: 0 },
  });
  const { run } = profileOf('/x', [fn]);
  const text = (line: number, stale = false) =>
    hoverText(run, fn, fn.lines[line - 1]!, stale, {
      goTo: ({ file }) => (file === 'a.ts' ? 'command:ours' : null),
      more: [['Show in the table', 'command:table']],
    });

  it('tells hits, time, per hit, both shares with the margin, self and calls', () => {
    assert.match(
      text(2),
      /^\| 8&nbsp; \| 30\.0 ms&nbsp; \| 3\.75 ms&nbsp; \| 75\.0 ± 1\.5&nbsp; \| 68\.2&nbsp; \|$/m,
    );
    assert.match(text(2), /^Self 6\.00 ms \(20\.0 %\), in calls 24\.0 ms \(80\.0 %\)$/m);
    assert.match(text(2), /^150 samples of 200 µs$/m);
  });

  it('leads to the table, from a line and from the function', () => {
    assert.match(text(2), /^\*\*Line 2\*\* of .* \[Show in the table\]\(command:table\)$/m);
    assert.match(functionHover(run, fn, [['a](b', 'command:table']]), /\[a\\\]\\\(b\]\(command:table\)$/m);
  });

  it('draws where the time was as a bar of fixed length', () => {
    assert.match(text(2), /^`█{16}▓{8}` `█` optimised \(turbofan\) 66\.7 %, `▓` GC 33\.3 %$/m);
  });

  it('has words alone where it is read out', () => {
    const spoken = hoverText(run, fn, fn.lines[1]!, false, { goTo: () => null, more: [], isSpoken: true });
    assert.match(spoken, /^optimised \(turbofan\) 66\.7 %, GC 33\.3 %$/m);
    assert.doesNotMatch(spoken, /[█▓]/);
  });

  it('names the callees with their share, the most of them first, and sums up the rest', () => {
    const callees = text(2)
      .split('\n')
      .filter((line) => line.startsWith('- '));
    assert.equal(callees.length, 9);
    assert.match(callees[0]!, /\]\(command:ours\) 60\.0 %$/);
    assert.equal(callees[1], '- `callee0` 2.0 %');
    assert.equal(callees[8], '- and 2 more functions');
  });

  it('says so where a line never ran or was changed', () => {
    assert.match(text(3), /^Never ran\.$/m);
    assert.match(text(2, true), /^\*Changed since it was measured; it read\* `a\(\); b\(\);`$/m);
  });

  it('lets nothing of the program be Markdown, HTML, an icon or a link', () => {
    for (const hover of [text(2), functionHover(run, fn)]) {
      const bare = hover.replace(/(`+)(?:(?!\1)[\s\S])+?\1(?!`)/g, '').replace(/\\[^\w\s]/g, '');
      assert.ok(!bare.includes('<'), bare);
      assert.deepEqual(
        [...bare.matchAll(/\]\(([^)]*)\)/g)]
          .map(([, target]) => target)
          .filter((target) => target !== 'command:ours' && target !== 'command:table'),
        [],
      );
    }
    assert.equal(escapeMarkdown('a|b\n# c'), 'a\\|b \\# c');
    assert.equal(code('a``b'), '``` a``b ```');
    assert.equal(code('a\nb | c'), '`a b ¦ c`');
  });

  it('tells a function in the hover of its header', () => {
    assert.match(
      functionHover(run, fn),
      /\| Calls \| 4 \|\n\| Time \| 40\.0 ms \|\n\| Per call \| 10\.0 ms \|/,
    );
    assert.match(functionHover(run, fn), /200 samples of 200 µs, Node v24\\\.21\\\.0/);
  });
});
