import assert from 'node:assert/strict';
import type { FunctionProfile } from '../../src/model/profile.ts';
import { keptBySnapshots, memoryOf } from './memory/run.ts';
import { compareKnown, KNOWN } from './memory/truth.ts';

const KNOWN_WAY = { kind: 'run', script: KNOWN, args: [] } as const;

async function readKnown(): Promise<FunctionProfile> {
  const profile = await memoryOf(KNOWN_WAY, ['known']);
  return profile.functions[0]!;
}

describe('accuracy of memory', function () {
  this.timeout(120_000);
  this.retries(1);
  it('Allocated is within 1 % or 1 KB of what is known, the same in every run', async () => {
    const first = await readKnown();
    const compared = compareKnown(first);
    assert.ok(compared.length > 15, `${compared.length} lines`);
    assert.deepEqual(
      compared.filter(({ off }) => off > 1),
      [],
    );
    const again = compareKnown(await readKnown());
    again.forEach(({ line, read }, index) => {
      const before = compared[index]!.read!;
      assert.ok(
        Math.abs(read! - before) <= Math.max(1024, before * 0.005),
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
