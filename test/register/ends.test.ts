import assert from 'node:assert/strict';
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Profile } from '../../src/model/profile.ts';
import { writeResult } from '../../src/register/files.ts';
import { makeFolder } from '../launch/support.ts';
import { callsOf, project, REGISTER, resultsIn, run } from './support.ts';

const SPIN = `function spin(millis) {
  const end = performance.now() + millis; let y = 1;
  while (performance.now() < end) for (let i = 0; i < 20000; i++) y = (y * 1.0001 + i) % 1000003;
  return y;
}`;

describe('lineprof/register: when results are written', () => {
  const folder = project('register-ends', {
    'server.mjs': `/** @profile */ ${SPIN}
      spin(50); console.log('ready'); setInterval(() => spin(5), 20);`,
    'handles.mjs': `/** @profile */ ${SPIN}
      process.on('SIGTERM', () => { console.log('bye'); process.exit(3); });
      spin(50); console.log('ready'); setInterval(() => spin(5), 20);`,
    'flush.mjs': `import { flush } from 'lineprof'; import { readdirSync } from 'node:fs';
      /** @profile */ ${SPIN}
      spin(50); flush(); console.log(readdirSync(process.env.LINEPROF_DIR).length);`,
    'worker.mjs': `import { Worker, isMainThread } from 'node:worker_threads';
      /** @profile */ ${SPIN}
      if (isMainThread) { const worker = new Worker(new URL(import.meta.url)); worker.once('message', () => console.log('ready')); }
      else { spin(50); (await import('node:worker_threads')).parentPort.postMessage(1); setInterval(() => spin(5), 20); }`,
  });
  const poll = async (until: () => boolean): Promise<void> => {
    for (let i = 0; i < 400 && !until(); i++) await new Promise((done) => setTimeout(done, 25));
    assert.ok(until(), 'it never came');
  };

  if (process.platform !== 'win32') {
    it('SIGTERM without a handler ends the program, after the result', async () => {
      const ran = await run(folder, [...REGISTER, 'server.mjs'], {
        out: 'out-term',
        onOutput: (child) => child.kill('SIGTERM'),
      });
      assert.deepEqual([ran.code, ran.signal], [null, 'SIGTERM']);
      assert.ok(callsOf(ran.profiles[0])['spin']! >= 1);
    });

    it('a handler of the program stays in charge', async () => {
      const ran = await run(folder, [...REGISTER, 'handles.mjs'], {
        out: 'out-handled',
        onOutput: (child, stdout) => stdout === 'ready\n' && child.kill('SIGTERM'),
      });
      assert.deepEqual([ran.code, ran.stdout], [3, 'ready\nbye\n']);
      assert.equal(ran.profiles.length, 1);
    });

    for (const file of ['server.mjs', 'worker.mjs']) {
      it(`SIGUSR2 writes, and the program goes on: ${file}`, async () => {
        const out = join(folder, `out-usr2-${file}`);
        let seen = 0;
        // The main thread of worker.mjs has the function too, and never calls it.
        const calls = (): number =>
          resultsIn(out).profiles.reduce((sum, profile) => sum + callsOf(profile)['spin']!, 0);
        await run(folder, [...REGISTER, file], {
          out: `out-usr2-${file}`,
          onOutput: (child) => {
            void (async () => {
              child.kill('SIGUSR2');
              await poll(() => calls() > 0);
              seen = calls();
              // A second one finds more.
              child.kill('SIGUSR2');
              await poll(() => calls() > seen);
            })().finally(() => child.kill('SIGKILL'));
          },
        });
        assert.ok(seen >= 1);
        assert.equal(resultsIn(out).files.length, file === 'worker.mjs' ? 2 : 1);
      });
    }

    it('every LINEPROF_EVERY seconds, and whoever reads never sees half a file', async () => {
      const out = join(folder, 'out-every');
      let reads = 0;
      const dates = new Set<number>();
      await run(folder, [...REGISTER, 'server.mjs'], {
        out: 'out-every',
        env: { LINEPROF_EVERY: '0.1' },
        onOutput: (child) => {
          void (async () => {
            await poll(() => resultsIn(out).files.some((name) => name.endsWith('.json')));
            while (dates.size < 4) {
              for (const name of readdirSync(out).filter((one) => one.endsWith('.json'))) {
                const { run: facts } = JSON.parse(readFileSync(join(out, name), 'utf8')) as Profile;
                dates.add(facts.realMicros);
                reads++;
              }
              await new Promise((done) => setTimeout(done, 2));
            }
          })().finally(() => child.kill('SIGKILL'));
        },
      });
      assert.ok(reads > 4);
      assert.equal(dates.size, 4);
    });
  }

  it('flush() writes at once', async () => {
    const ran = await run(folder, [...REGISTER, 'flush.mjs'], { out: 'out-flush' });
    assert.equal(ran.stdout, '1\n', ran.stderr);
    assert.equal((await run(folder, ['flush.mjs'], { env: { LINEPROF_DIR: folder } })).code, 0);
  });

  it('the folder of results is bounded, and files of others stay', () => {
    const results = makeFolder('register-bounds');
    mkdirSync(join(results, 'sub'));
    writeFileSync(join(results, 'notes.json'), 'x'.repeat(5000));
    const room = { bytes: 3000, files: 5 };
    for (let i = 0; i < 9; i++) writeResult(results, `lineprof-2026-${i}-0.json`, 'x'.repeat(100), room);
    const ours = () => readdirSync(results).filter((name) => name.startsWith('lineprof-'));
    assert.equal(ours().length, 5);
    assert.ok(ours().includes('lineprof-2026-8-0.json'));
    writeResult(results, 'lineprof-2026-9-0.json', 'x'.repeat(2900), room);
    assert.deepEqual(ours().length, 2);
    writeResult(results, 'lineprof-2026-10-0.json', 'x'.repeat(9000), room);
    assert.deepEqual(readdirSync(results).sort(), ['lineprof-2026-10-0.json', 'notes.json', 'sub']);
  });
});
