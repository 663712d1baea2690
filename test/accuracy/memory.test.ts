import assert from 'node:assert/strict';
import type { FunctionProfile } from '../../src/model/profile.ts';
import { keptBySnapshots, memoryOf } from './memory/run.ts';
import { compareKnown, KNOWN } from './memory/truth.ts';

const KNOWN_WAY = { kind: 'run', script: KNOWN, args: [] } as const;

/**
 * The V8 of Node 20 counts a chunk of the old generation, up to a page, when it takes it, which it does after a
 * collection: there, lines are judged without forced ones, and may be off by one chunk.
 */
const countsChunks = process.versions.v8.startsWith('11.');

const CHUNK = countsChunks ? 262_144 : 0;

async function readKnown(): Promise<FunctionProfile> {
  const profile = await memoryOf(
    KNOWN_WAY,
    ['known'],
    process.execPath,
    countsChunks ? { collectMillis: 0 } : {},
  );
  return profile.functions[0]!;
}

describe('accuracy of memory', function () {
  this.timeout(120_000);
  this.retries(1);
  it('Allocated is within 1 % or 1 KB of what is known, the same in every run', async () => {
    const first = await readKnown();
    const compared = compareKnown(first);
    assert.ok(compared.length > 15, `${compared.length} lines`);
    const off = compared.filter(({ off, known, read }) => off > 1 && Math.abs(read! - known) > CHUNK);
    assert.deepEqual(off, []);
    const again = compareKnown(await readKnown());
    again.forEach(({ line, read }, index) => {
      const before = compared[index]!.read!;
      assert.ok(
        Math.abs(read! - before) <= Math.max(1024, before * 0.005, CHUNK),
        `line ${line}: ${before}, then ${read}`,
      );
    });
  });

  it('a line that allocates nothing reads 0', async () => {
    const idle = compareKnown(await readKnown()).filter(({ known }) => known === 0);
    assert.ok(idle.length >= 4);
    for (const { line, read } of idle) assert.ok(read! < 1024, `line ${line} reads ${read}`);
  });

  it('Increment is within 2 % of the difference of two heap snapshots', async () => {
    const kept = keptBySnapshots(process.execPath);
    const { functions } = await memoryOf(KNOWN_WAY, ['known']);
    const read = functions[0]!.memory!.incrementBytes!;
    assert.ok(Math.abs(read - kept) < 0.02 * kept, `read ${read}, snapshots ${kept}`);
  });
});
