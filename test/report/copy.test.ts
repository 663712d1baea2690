import assert from 'node:assert/strict';
import { marked } from 'marked';
import { copyText } from '../../src/report/copy.ts';
import { renderTable } from '../../src/report/table.ts';
import { EVOLVE, sampleFunction, sampleProfile } from './sample.ts';

/** Source and names that try to be something else. */
const HOSTILE = [
  '=HYPERLINK("http://example.com","click")',
  "  +cmd|' /C calc'!A0",
  '\t@SUM(1)',
  '-1 + `a|b` ``c``, "quoted"',
  'a <b> | c \\| d',
  '',
];
const hostile = sampleFunction(
  HOSTILE.map((text) => [1, 10, text] as const),
  { name: '=evil|`name`' },
);

describe('copying a table', () => {
  it('as text is what the command line prints', () => {
    const profile = sampleProfile();
    const printed = renderTable(profile.run, profile.functions[0]!, {
      unit: null,
      skipZero: false,
      color: false,
      width: null,
    });
    assert.equal(copyText(profile, 0, 'text'), printed);
    assert.ok(copyText(profile, null, 'text').startsWith(printed));
  });

  it('as CSV has plain numbers with their units, and blanks for what is not known', () => {
    const rows = parseCsv(copyText(sampleProfile(), 0, 'csv'));
    assert.deepEqual(rows[0]!.slice(0, 8), [
      ...['line', 'hits', 'time_us', 'per_hit_us', 'percent', 'percent_margin', 'self_us', 'samples'],
    ]);
    assert.equal(rows.length, EVOLVE.length + 1);
    assert.deepEqual(rows[7]!.slice(0, 5), ['37', '10000000', '34850', '0.0035', '48.433']);
    assert.equal(rows[7]!.at(-1), EVOLVE[6]![2]);
    assert.deepEqual(rows[3]!.slice(1), new Array(rows[0]!.length - 1).fill(''));
    assert.equal(rows[10]![1], '0');
  });

  it('as CSV brings every character through, and starts no formula', () => {
    const csv = copyText(sampleProfile([hostile]), 0, 'csv');
    const cells = parseCsv(csv)
      .slice(1)
      .map((row) => row.at(-1)!);
    assert.deepEqual(
      cells.map((cell) => cell.replace(/^'/, '')),
      HOSTILE,
    );
    for (const cell of cells) assert.doesNotMatch(cell, /^[\s]*[=+\-@]/);
    assert.match(csv, /\r\n$/);
    assert.match(copyText(sampleProfile([hostile]), null, 'csv'), /^'=evil\|`name`,profiled,/m);
  });

  it('as CSV of the functions has a row for each', () => {
    const rows = parseCsv(copyText(sampleProfile(), null, 'csv'));
    assert.deepEqual(
      rows.map(([name, kind]) => [name, kind]),
      [
        ['function', 'kind'],
        ['ParticleSimulator.evolve', 'profiled'],
        ['MathSqrt', 'builtin'],
      ],
    );
  });

  it('as Markdown is a table that a reader of Markdown sees as one', () => {
    const html = marked.parse(copyText(sampleProfile(), 0, 'markdown'), { async: false });
    const rows = html.match(/<tr>[\s\S]*?<\/tr>/g)!;
    assert.equal(rows.length, EVOLVE.length + 1);
    assert.match(rows[0]!, /Time \(ms\)/);
    assert.match(rows[7]!, /<td align="right">48\.4 ±5\.\d<\/td>/);
    assert.match(rows[7]!, /<code> *const norm = Math\.sqrt\(particle\.x \*\* 2/);
  });

  it('as Markdown keeps hostile source inside its cell and its code span', () => {
    const html = marked.parse(copyText(sampleProfile([hostile]), 0, 'markdown'), { async: false });
    const rows = html.match(/<tr>[\s\S]*?<\/tr>/g)!.slice(1);
    assert.equal(rows.length, HOSTILE.length);
    for (const row of rows) assert.equal(row.match(/<td/g)!.length, 7, row);
    assert.doesNotMatch(html, /<b>|<a /);
    assert.match(rows[4]!, /<code>a &#60;b&#62; &#124; c &#92;&#124; d<\/code>/);
    assert.match(rows[3]!, /<code>-1 \+ `a\|b` ``c``, &quot;quoted&quot;<\/code>/);
  });
});

/** The cells of an RFC 4180 text. */
function parseCsv(text: string): string[][] {
  const rows: string[][] = [[]];
  for (const [, quoted, plain, end] of text.matchAll(/(?:"((?:[^"]|"")*)"|([^",\r\n]*))(,|\r\n|$)/g)) {
    rows.at(-1)!.push(quoted === undefined ? plain! : quoted.replaceAll('""', '"'));
    if (end === '\r\n') rows.push([]);
    if (end === '') break;
  }
  rows.pop();
  return rows;
}
