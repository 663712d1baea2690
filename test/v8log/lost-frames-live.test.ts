import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { WHERES } from '../../src/model/profile.ts';
import { readLog } from '../../src/v8log/read.ts';
import { v8Flags } from './flags.ts';

/** Functions whose time passes in builtins without a frame, called by one that does nothing else. */
const PROGRAM = `const objects = Array.from({ length: 64 }, (_, i) => {
  const one = {};
  for (let k = 0; k <= i % 12; k++) one['p' + i + '_' + k] = k;
  return Object.assign(one, { a: i, b: 2 * i, c: 3 * i });
});
function one(o) { return o.a; }
function three(o) { return o.a; }
function written(o) { o.b = 1; }
function numbered(i) { return '' + i; }
function caller(n) {
  let sum = 0;
  for (let i = 0; i < n; i++) {
    const o = objects[i & 63];
    written(o);
    sum += one(o);
    sum += three(o) + three(o) + three(o);
    sum += numbered(i & 255).length;
  }
  return sum;
}
let sum = 0;
const begun = process.cpuUsage();
do for (let i = 0; i < 20; i++) sum += caller(1000);
while (process.cpuUsage(begun).user < 1_500_000);
if (sum === 0) throw new Error();
`;
const CALLEES = ['one', 'three', 'written', 'numbered'];

/** Shares of the program's samples in optimised code and builtins. */
async function measure(flags: readonly string[]) {
  const folder = mkdtempSync(join(tmpdir(), 'lineprof-lost-'));
  try {
    const program = join(folder, 'program.cjs');
    const log = join(folder, 'v8.log');
    writeFileSync(program, PROGRAM);
    const moved = `--gc-fake-mmap=${join(folder, 'moved')}`;
    execFileSync(process.execPath, [...v8Flags(log, 100), '--ll-prof', moved, ...flags, program]);
    const innermost = new Map<string, number>();
    const onStack = new Map<string, number>();
    const add = (to: Map<string, number>, key: string) => to.set(key, (to.get(key) ?? 0) + 1);
    let samples = 0;
    const facts = await readLog(log, ({ frames, scripts }) => (tick) => {
      if (['gc', 'interpreted', 'native'].includes(WHERES[tick.where]!)) return;
      const js = [...tick.frames.subarray(0, tick.depth)]
        .map((id) => frames[id]!)
        .filter(({ kind }) => kind === 'js');
      if (!js.some(({ fn }) => fn !== null && scripts.get(fn.scriptId)!.url.endsWith('program.cjs'))) return;
      samples++;
      add(innermost, js.at(-1)!.fn?.name ?? '?');
      const seen = new Set<string>();
      for (const { fn, offset, otherOffsets = [] } of js) {
        if (fn === null) continue;
        seen.add(fn.name);
        const text = scripts.get(fn.scriptId)!.text();
        const lines = [offset, ...otherOffsets].map((at) => text.slice(0, at).split('\n').length);
        if (lines.every((line) => line === lines[0])) seen.add(`${fn.name}:${lines[0]}`);
      }
      for (const key of seen) add(onStack, key);
    });
    const told = `innermost ${JSON.stringify([...innermost])} of ${samples}, ${JSON.stringify(facts.lost)}`;
    return {
      samples,
      self: (name: string): number => (innermost.get(name) ?? 0) / samples,
      on: (key: string): number => (onStack.get(key) ?? 0) / samples,
      lost: facts.lost,
      told,
    };
  } finally {
    rmSync(folder, { recursive: true });
  }
}

describe('v8log: functions below builtins without a frame, in code that V8 makes', () => {
  it('keep their time and its proportions when they are called', async () => {
    const isOld = Number(process.versions.node.split('.')[0]) < 22;
    const { samples, self, on, lost, told } = await measure([
      '--max-inlined-bytecode-size=0',
      ...(isOld ? [] : ['--no-maglev-inlining']),
    ]);
    assert.ok(samples > 500, told);
    assert.ok(lost.found > samples / 5, `too few frames were lost for a test: ${told}`);
    assert.ok(lost.function + lost.unknown < samples / 5, told);
    // Without the frames that were put back, `caller` has more than half of the time.
    assert.ok(CALLEES.map(self).reduce((a, b) => a + b) > 0.5, told);
    assert.ok(self('caller') < 0.45, told);
    for (const [once, thrice] of [
      ['one:6', 'three:7'],
      ['caller:15', 'caller:16'],
    ] as const) {
      const ratio = on(thrice) / on(once);
      // Samples whose function stays unknown are not spread; on Node 20 they are oftener those of the leaf that is
      // called more, and 3:1 has been seen as 1.9:1. Without the repair `caller` has all of both.
      assert.ok(ratio > 1.5 && ratio < 4, `${ratio} for 3; ${told}`);
    }
  });

  it('keep the function that they are inlined in on the stack', async () => {
    const { samples, on, lost, told } = await measure([]);
    assert.ok(samples > 500, told);
    assert.ok(lost.found + lost.function > samples / 20, `too few frames were lost for a test: ${told}`);
    assert.ok(on('caller') > 0.8, `${on('caller')}; ${told}`);
  });
});
