import assert from 'node:assert/strict';
import { createFileTable } from '../../src/analyze/files.ts';
import { functionIndexOnLine } from '../../src/analyze/function-at.ts';
import { countTargets } from '../../src/analyze/targets.ts';
import { madeFrom } from '../../src/engine/made-from.ts';
import { parseSource } from '../../src/source/parse.ts';
import { createMapper } from '../../src/sourcemap/mapper.ts';

const ORIGINAL = `export enum Mode { Even }
const modeOf = (w: number): Mode => (w % 2 ? Mode.Even : 1);
export function score(items: readonly number[]): number {
  for (const w of items) if (modeOf(w)) return w;
  return 0;
}
class Box { get size() { return 1; } set size(n) {} }
`;
/** As TypeScript writes it, and webpack's \`cheap-module-source-map\`: [generated line, original line (from 0)]. */
const GENERATED: readonly (readonly [string, number])[] = [
  ['var Mode;', 0],
  ['(function (Mode) { Mode[Mode["Even"] = 0] = "Even"; })(Mode || (exports.Mode = Mode = {}));', 0],
  ['const modeOf = (w) => (w % 2 ? Mode.Even : 1);', 1],
  ['exports.score = score;', 2],
  ['function score(items) {', 2],
  ['    for (const w of items)', 3],
  ['        if (modeOf(w))', 3],
  ['            return w;', 3],
  ['    return 0;', 4],
  ['}', 5],
  ['class Box {', 6],
  ['    get size() { return 1; }', 6],
  ['    set size(n) { }', 6],
  ['}', 6],
];

/** Base 64 VLQ of the specification (ECMA-426), for steps below 16. */
const vlq = (step: number): string =>
  'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/'[
    step < 0 ? (-step << 1) | 1 : step << 1
  ]!;

describe('analyze: a source map that tells lines alone', () => {
  let last = 0;
  const mappings = GENERATED.map(([, line]) => {
    const step = line - last;
    last = line;
    return `AA${vlq(step)}A`;
  }).join(';');
  const code = GENERATED.map(([text]) => text).join('\n');
  const map = { version: 3, sources: ['a.ts'], sourcesContent: [ORIGINAL], names: [], mappings };
  const script = createMapper({ readFile: () => null, cwd: '/app' }).open({
    url: '/app/a.js',
    text: () =>
      `${code}\n//# sourceMappingURL=data:application/json;base64,${Buffer.from(JSON.stringify(map)).toString('base64')}`,
  });
  const file = createFileTable(parseSource).get('/app/a.ts', script)!;
  const source = file.source()!;
  const named = (name: string) => source.functions.find((one) => one.name === name)!;

  it('functions are counted where the compiler put them', () => {
    for (const [name, at] of [
      ['score', '(items) {'],
      ['modeOf', '(w) =>'],
    ] as const) {
      const [target] = countTargets(
        [{ path: '/app/a.ts', function: named(name), file }],
        [file],
        parseSource,
        madeFrom,
      );
      const made = target!.ranges.map(([start, end]) => script.text.slice(start, end));
      assert.equal(made.length, 1, made.join('\n---\n'));
      assert.ok(made[0]!.includes(at), made[0]);
    }
  });

  it('a function that begins on the line is known by its name, if it alone has it there', () => {
    const at = (line: number, name: string): string =>
      source.functions[functionIndexOnLine(source.functions, file.lineStarts[line - 1]!, line, name)]!.name;
    assert.equal(at(2, 'modeOf'), 'modeOf');
    assert.equal(at(1, ''), '<module>');
    assert.equal(at(3, ''), '<module>');
    assert.equal(at(3, 'score'), 'score');
    assert.equal(at(4, 'score'), 'score');
    assert.equal(at(4, 'modeOf'), 'score');
    // The getter and the setter have one name.
    assert.equal(at(7, 'get size'), '<module>');
  });
});
