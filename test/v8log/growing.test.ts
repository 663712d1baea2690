import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import {
  appendFileSync,
  existsSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { logFlags } from '../../src/target/flags.ts';
import { probeNode } from '../../src/target/node.ts';
import { hasBegun, openLog } from '../../src/v8log/read.ts';
import { type SeenTick, seen } from './log-file.ts';

const PROGRAM = `
function point(i) { return { x: i % 7, y: String(i), z: [i] }; }
function longest(points) {
  let most = '';
  for (const { y, x } of points) if (y.length + x > most.length) most = y + x;
  return most.length;
}
let sum = 0;
for (let round = 0; round < 40; round++) {
  const points = Array.from({ length: 20000 }, (_, i) => point(i * round));
  points.sort((a, b) => a.x - b.x || (a.y < b.y ? -1 : 1));
  sum += longest(points) + new Function('n', 'let s = 0; for (let i = 0; i < n; i++) s += i % ' + (round + 2) + '; return s')(30000);
}
if (sum === 0) throw new Error('nothing done');
`;

describe('v8log: a log that grows', () => {
  const folder = mkdtempSync(join(tmpdir(), 'lineprof-growing-'));
  let log = '';
  before(async () => {
    writeFileSync(join(folder, 'program.js'), PROGRAM);
    const node = await probeNode(process.execPath, process.env, folder);
    execFileSync(process.execPath, [...logFlags(folder, 200, node), join(folder, 'program.js')]);
    log = join(folder, readdirSync(folder).find((name) => name.endsWith('.log'))!);
  });
  after(() => rmSync(folder, { recursive: true }));

  async function read(use: (reader: ReturnType<typeof openLog>) => Promise<void>, path: string) {
    const ticks: SeenTick[] = [];
    const reader = openLog(path, (tables) => (tick) => void ticks.push(seen(tables, tick)));
    await use(reader);
    const { counts, badLines, cutOff, intervalMicros } = await reader.finish();
    return { ticks, counts: { ...counts }, badLines, cutOff, intervalMicros };
  }

  it('gives what it gives when it is read at its end, however its machine code lags behind', async () => {
    const whole = await read(async () => {}, log);
    assert.ok(whole.ticks.length > 200, `only ${whole.ticks.length} ticks`);
    const [text, code] = [
      readFileSync(log),
      existsSync(`${log}.ll`) ? readFileSync(`${log}.ll`) : Buffer.alloc(0),
    ];
    let seed = 7;
    const random = (): number => {
      seed = (Math.imul(seed, 1103515245) + 12345) & 0x7fffffff;
      return (seed >>> 8) / 2 ** 23;
    };
    const path = join(folder, 'growing.log.part');
    writeFileSync(path, text.subarray(0, 1 << 17));
    writeFileSync(`${path}.ll`, code.subarray(0, 1 << 12));
    let [written, codeWritten] = [1 << 17, 1 << 12];
    let before = 0;
    const grown = await read(async (reader) => {
      while (written < text.length) {
        const more = Math.ceil(random() * 200_000);
        appendFileSync(path, text.subarray(written, written + more));
        written += more;
        // Most code is made at the start. Sometimes far behind the log, sometimes ahead of it; in blocks that end
        // anywhere. Near the end it is all there, so that something is read before the last.
        const share = written / text.length;
        const shareOfCode = share > 0.8 ? 1 : Math.min(1, Math.sqrt(share) * (0.7 + random() * 0.5));
        const codeTo = Math.floor(shareOfCode * code.length);
        if (codeTo > codeWritten) {
          appendFileSync(`${path}.ll`, code.subarray(codeWritten, codeTo));
          codeWritten = codeTo;
        }
        await reader.advance(Number.POSITIVE_INFINITY, false);
      }
      before = reader.facts().counts.samples;
      appendFileSync(`${path}.ll`, code.subarray(codeWritten));
    }, path);
    assert.ok(before > 0, 'nothing was read before the end');
    assert.deepEqual(grown, whole);
  });

  it('is read no further than was asked', async () => {
    const ticks: SeenTick[] = [];
    const reader = openLog(log, (tables) => (tick) => void ticks.push(seen(tables, tick)));
    await reader.advance(readFileSync(log, 'latin1').indexOf('\ntick,') + 1, true);
    assert.equal(ticks.length, 0);
    reader.close();
  });

  it('has not begun before V8’s own code is in it', () => {
    assert.ok(hasBegun(log));
    writeFileSync(join(folder, 'short'), 'v8-version,1\n');
    assert.ok(!hasBegun(join(folder, 'short')));
    assert.ok(!hasBegun(join(folder, 'nowhere')));
  });
});
