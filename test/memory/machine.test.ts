import assert from 'node:assert/strict';
import { mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { profileMemory } from '../../src/engine/memory.ts';
import { memoryNotes } from '../../src/report/memory-table.ts';
import { youngMibFor } from '../../src/target/memory-flags.ts';

const MIB = 1_048_576;

describe('memory: a machine with little memory', function () {
  this.timeout(60_000);
  let folder = '';
  before(() => {
    folder = realpathSync(mkdtempSync(join(tmpdir(), 'lineprof-machine-')));
  });
  after(() => rmSync(folder, { recursive: true, force: true }));

  it('gets a smaller young generation', () => {
    assert.deepEqual(
      [64, 256, 511, 512, 64 * 1024].map((mib) => youngMibFor(mib * MIB)),
      [16, 32, 32, 64, 64],
    );
  });

  it('is told of, and what V8 then collects is added back', async () => {
    const script = join(folder, 'many.cjs');
    const count = 400_000;
    writeFileSync(
      script,
      `function many() {
        let last = null;
        for (let i = 0; i < ${count}; i++) last = new Array(4);
        return last;
      }
      many();`,
    );
    const profile = await profileMemory(
      {
        way: { kind: 'run', script, args: [] },
        functions: ['many'],
        intervalMicros: 1000,
        hits: 'none',
        node: process.execPath,
        timeoutMillis: null,
        cwd: folder,
        env: process.env,
      },
      {
        collectFolder: resolve(import.meta.dirname, '../../dist/collect'),
        machineBytes: 100 * MIB,
      },
      { collectMillis: 0 },
    );
    assert.equal(profile.memory!.youngMib, 16);
    assert.ok(profile.memory!.ownCollections > 0, 'V8 did not collect');
    assert.match(memoryNotes(profile).join('\n'), /room for a young generation of 16 MiB only/);
    // Four words, and two of header with four elements beside it. Each collection may leave an end of a page.
    const known = count * (4 * 8 + 6 * 8);
    const read = profile.functions[0]!.memory!.allocatedBytes;
    assert.ok(Math.abs(read - known) < 0.03 * known, `${read}, not ${known}`);
  });
});
