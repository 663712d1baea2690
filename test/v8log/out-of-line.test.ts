import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { WHERES } from '../../src/model/profile.ts';
import { openMachineCode } from '../../src/v8log/machine-code.ts';
import { findOutOfLine } from '../../src/v8log/out-of-line.ts';
import { readLog } from '../../src/v8log/read.ts';

/** 100 bytes of nop with `jcc rel32` from each offset to each target. */
function x64(jumps: readonly (readonly [number, number])[]): Buffer {
  const code = Buffer.alloc(100, 0x90);
  for (const [from, target] of jumps) {
    code.writeUInt16LE(0x850f, from);
    code.writeInt32LE(target - (from + 6), from + 2);
  }
  return code;
}

describe('v8log: out-of-line code', () => {
  it('leads back to the jump into each piece, on x64', () => {
    const found = findOutOfLine(
      x64([
        [10, 80],
        [30, 60],
        [64, 20],
      ]),
      'x64',
      50,
    );
    assert.equal(found?.origin(85), 10);
    assert.equal(found?.origin(80), 10);
    assert.equal(found?.origin(79), 30);
    assert.equal(found?.origin(60), 30);
    assert.equal(found?.origin(59), 59, 'nothing jumps there: the last position goes on');
  });

  it('leads back through pieces that are entered from pieces', () => {
    assert.equal(
      findOutOfLine(
        x64([
          [10, 60],
          [62, 80],
        ]),
        'x64',
        50,
      )?.origin(90),
      10,
    );
  });

  it('decodes the branches of arm64', () => {
    const code = Buffer.alloc(80);
    const words: [number, number][] = [
      // b.eq +48, cbz x0 +40, tbnz w1 #3 +32, as assemblers write them.
      [0, 0x54000180],
      [4, 0xb4000140],
      [8, 0x37180101],
    ];
    for (const [at, word] of words) code.writeUInt32LE(word >>> 0, at);
    const found = findOutOfLine(code, 'arm64', 30);
    assert.equal(found?.origin(48), 0);
    assert.equal(found?.origin(44), 4);
    assert.equal(found?.origin(40), 8);
  });

  it('does not know other machines', () => {
    assert.equal(findOutOfLine(Buffer.alloc(8), 's390x', 0), null);
  });

  it('gives write barriers to the line that stores, in code that V8 makes', async () => {
    if (process.arch !== 'x64' && process.arch !== 'arm64') assert.fail(`untested on ${process.arch}`);
    const folder = mkdtempSync(join(tmpdir(), 'lineprof-barriers-'));
    try {
      const program = join(folder, 'stores.cjs');
      // Old objects that are made to point at young ones: every store goes through the barrier's slow path.
      writeFileSync(
        program,
        `const list = Array.from({ length: 1000 }, () => ({ x: 0.5, y: 0.5, next: null }));
function store() {
  for (const one of list) {
    one.next = { value: one };
  }
}
const end = Date.now() + 1000;
while (Date.now() < end) for (let i = 0; i < 100; i++) store();
`,
      );
      execFileSync(process.execPath, [
        '--prof',
        `--logfile=${join(folder, 'v8.log')}`,
        '--no-logfile-per-isolate',
        '--log-source-position',
        '--detailed-line-info',
        '--prof-sampling-interval=100',
        '--no-sparkplug',
        '--ll-prof',
        `--gc-fake-mmap=${join(folder, 'moved')}`,
        program,
      ]);
      const log = join(folder, readdirSync(folder).find((name) => name.endsWith('.log'))!);
      const machineCode = openMachineCode(log);
      assert.ok(machineCode !== null, 'V8 wrote no machine code');
      machineCode.close();
      const known = await samplesByLine(log);
      rmSync(`${log}.ll`);
      const unknown = await samplesByLine(log);
      const [stores, header, wrong] = [known.get(4) ?? 0, known.get(3) ?? 0, unknown.get(3) ?? 0];
      assert.ok(stores > 200, `${stores} samples on the line that stores`);
      // The header has costs of its own, larger on busy machines. Without the machine code more than half as many
      // samples fell on it as on the store (Node 20 to 24).
      assert.ok(header < stores / 3, `${header} samples on the loop's header, ${stores} on the store`);
      assert.ok(header < wrong, `${header} samples on the loop's header, ${wrong} without machine code`);
    } finally {
      rmSync(folder, { recursive: true });
    }
  });
});

/** How many samples were in each line of `store` itself (1-based), collections left out. */
async function samplesByLine(log: string): Promise<ReadonlyMap<number, number>> {
  const lines = new Map<number, number>();
  await readLog(log, ({ frames, scripts }) => (tick) => {
    // A collection counts for whatever ran last before it: that is another matter.
    if (WHERES[tick.where] === 'gc') return;
    for (let i = tick.depth - 1; i >= 0; i--) {
      const frame = frames[tick.frames[i]!]!;
      if (frame.kind !== 'js') continue;
      if (frame.fn?.name !== 'store') return;
      const text = scripts.get(frame.fn.scriptId)!.text();
      const line = text.slice(0, frame.offset).split('\n').length;
      lines.set(line, (lines.get(line) ?? 0) + 1);
      return;
    }
  });
  return lines;
}
