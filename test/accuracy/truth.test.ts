import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { withFolder } from './prepare.ts';
import { PROGRAMS } from './programs.ts';
import { type FunctionTruth, functionTruth, type Truth, truthOf } from './truth.ts';

/** The truth of a hand-written program's function, found by the text of its first line. */
async function truthOfFunction(file: string, firstLine: string): Promise<[FunctionTruth, Truth, string[]]> {
  const { entry } = PROGRAMS.find((program) => program.entry.endsWith(file))!;
  const lines = (await readFile(entry, 'utf8')).split('\n');
  const start = lines.findIndex((line) => line.includes(firstLine));
  const end = lines.findIndex((line, i) => i > start && line === '}');
  const truth = await withFolder((folder) => truthOf(entry, folder));
  return [functionTruth(truth, { file: entry, line: start + 1, endLine: end + 1 }), truth, lines];
}

/** What the truth itself is worth: shares that can be worked out on paper. */
describe('accuracy: the truth', () => {
  it('is that of the counts of a dial', async () => {
    const [{ lines }] = await truthOfFunction('dial.mjs', 'function dial(');
    const shares = [...lines.values()].sort((a, b) => a.self - b.self);
    assert.deepEqual(
      shares.map(({ self }) => self),
      [5, 10, 15, 30, 40],
    );
    assert.deepEqual(
      shares.map(({ inclusive }) => inclusive),
      [5, 10, 15, 30, 40],
    );
  });

  it('counts a recursive line once a stack', async () => {
    const [{ lines }, , texts] = await truthOfFunction('recursion.mjs', 'function chain(');
    const of = (text: string) => lines.get(texts.findIndex((line) => line.includes(text)) + 1)!;
    // 15 levels of 1,120 rounds, then 16,000; the line that calls is on the stack in all but the first 1,120.
    const total = 15 * 1120 + 16000;
    assert.equal(of('x < 1120').self.toFixed(6), ((100 * 15 * 1120) / total).toFixed(6));
    assert.equal(of('return chain').inclusive.toFixed(6), ((100 * (total - 1120)) / total).toFixed(6));
    assert.equal(of('return chain').self, 0);
    assert.equal(of('spin(16000)').inclusive.toFixed(6), ((100 * 16000) / total).toFixed(6));
  });

  it('gives work after an await to the function itself, not to those that wait for it', async () => {
    const [, truth, texts] = await truthOfFunction('async.mjs', 'function fetchLike(');
    const afterAwait = texts.findIndex((line) => line.includes('x < 6000')) + 1;
    const waiting = texts.findIndex((line) => line.includes('await fetchLike(way)')) + 1;
    const stacks = truth.filter(({ stack }) => stack[0]!.line === afterAwait);
    assert.ok(stacks.length > 0);
    assert.ok(stacks.every(({ stack }) => stack.every(({ line }) => line !== waiting)));
  });

  it('is counted at the places of the TypeScript source', async () => {
    const [{ lines }, , texts] = await truthOfFunction('typed/main.ts', 'function measure');
    const shares = new Map([...lines].map(([line, shares]) => [texts[line - 1]!.trim(), shares.inclusive]));
    // 175 small (1,200), 125 large (3,600), 87 local (2,000 and 800), 113 of both (4,800).
    const total = 175 * 1200 + 125 * 3600 + 87 * 2800 + 113 * 4800;
    const expected = (100 * (175 * 1200 + 125 * 3600)) / total;
    assert.equal(shares.get('total += shapes[way]!.spun();')!.toFixed(6), expected.toFixed(6));
    assert.equal(shares.get('local<number>(2000);')!.toFixed(6), ((100 * 87 * 2000) / total).toFixed(6));
  });
});
