import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { diagnose } from '../../src/engine/doctor.ts';
import { missingTools } from '../../src/register/doctor.ts';
import { makeFolder } from '../launch/support.ts';

const probe = resolve(import.meta.dirname, '../../dist/register/doctor.cjs');

describe('lineprof doctor', () => {
  it('tries everything with the Node it is given', async () => {
    const cwd = makeFolder('doctor');
    const env = { ...process.env, LINEPROF_DIR: join(cwd, 'results') };
    const { version, findings } = await diagnose({ node: process.execPath, cwd, env, probe });
    assert.equal(version, process.version);
    const addOn = findings.find(({ name }) => name === 'inside the program: v8-profiler-next (optional)')!;
    assert.deepEqual(
      findings.filter(({ works }) => !works),
      addOn.works ? [] : [addOn],
    );
    assert.deepEqual(
      findings.map(({ topic }) => topic),
      ['Sampling', 'Sampling', 'Sampling', 'Hits', 'Hits', 'Memory', 'Results'],
    );
    // 26 cannot have it; elsewhere it depends on what was installed, and how.
    if (Number(process.versions.node.split('.')[0]) > 24) assert.equal(addOn.works, false);
    assert.match(
      addOn.detail,
      addOn.works ? /\d+ samples/ : /not installed|not built|built for another|does not compile on Node/,
    );
    assert.match(
      addOn.advice ?? '',
      addOn.works ? /^$/ : /npm (install|rebuild) v8-profiler-next|node:inspector/,
    );
  });

  it('says why results cannot be written, and what to do', async () => {
    const cwd = makeFolder('doctor-folder');
    writeFileSync(join(cwd, 'file'), '');
    const env = { ...process.env, LINEPROF_DIR: join(cwd, 'file') };
    const { findings } = await diagnose({ node: process.execPath, cwd, env, probe });
    const results = findings.find(({ topic }) => topic === 'Results')!;
    assert.equal(results.works, false);
    assert.match(results.advice!, /LINEPROF_DIR/);
  });

  it('says so when a Node cannot run what tries it', async () => {
    const cwd = makeFolder('doctor-node');
    const gone = join(cwd, 'gone.cjs');
    const { findings } = await diagnose({ node: process.execPath, cwd, env: process.env, probe: gone });
    const inside = findings.find(({ name }) => name.startsWith('inside the program'))!;
    assert.equal(inside.works, false);
    assert.match(inside.advice!, /lineprof run needs none of it/);
  });

  it('names what is missing to build the add-on', () => {
    assert.deepEqual(
      missingTools(() => '/usr/bin/x', true),
      [],
    );
    const missing = missingTools((name) => (name === 'make' ? '/usr/bin/make' : null), false);
    assert.deepEqual(missing.slice(0, 2), ['a C++ compiler (g++ or clang++)', 'Python 3']);
    assert.match(missing[2]!, /node\.h/);
  });
});
