import assert from 'node:assert/strict';
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Profile } from '../../src/model/profile.ts';
import { createRunStorage, MOST_RUNS } from '../../src/vscode/runs/storage.ts';
import { makeFolder } from '../launch/support.ts';
import { functionProfile, profileOf } from './support/profile.ts';

describe('kept runs', () => {
  const profile = (second: number, name = 'f'): Profile => {
    const fn = functionProfile(
      { name, file: 'a.js', line: 1, endLine: 3 },
      'function f() {\n  g();\n}',
      50,
      1,
      {
        2: { hits: 1, samples: 50 },
      },
    );
    const made = profileOf('/app', [fn]);
    const startedAt = new Date(Date.UTC(2026, 10, 23, 12, 0, second)).toISOString();
    return { ...made, run: { ...made.run, startedAt } };
  };

  it('are listed newest first, pinned ones before them, whoever asks', async () => {
    const folder = makeFolder('runs');
    const storage = createRunStorage(folder);
    for (const second of [1, 3, 2]) await storage.add(profile(second), `run ${second}`, { focused: true });
    const [third, second] = await storage.list();
    assert.deepEqual(
      (await storage.list()).map(({ title }) => title),
      ['run 3', 'run 2', 'run 1'],
    );
    assert.equal(third!.totalMicros, profile(3).functions[0]!.totalMicros);
    await storage.change(second!, { pinned: true, name: 'the good one' });
    const again = createRunStorage(folder);
    assert.deepEqual(
      (await again.list()).map(({ title, name, pinned }) => [title, name, pinned]),
      [
        ['run 2', 'the good one', true],
        ['run 3', null, false],
        ['run 1', null, false],
      ],
    );
    assert.deepEqual(JSON.parse(readFileSync(again.profilePath(third!.id), 'utf8')), profile(3));
    assert.ok(
      readdirSync(folder).every((name) => name.endsWith('.json')),
      'nothing half-written is left',
    );
  });

  it('of a whole program tell its own time', async () => {
    const storage = createRunStorage(makeFolder('runs'));
    const { totalMicros } = await storage.add(profile(1), 'npm test', {});
    assert.equal(totalMicros, profile(1).run.realMicros);
  });

  it('are at most so many, pinned ones apart', async () => {
    const folder = makeFolder('runs');
    const storage = createRunStorage(folder);
    const first = await storage.add(profile(0), 'pinned', { focused: true });
    await storage.change(first, { pinned: true });
    for (let k = 1; k <= MOST_RUNS + 3; k++) await storage.add(profile(k), `run ${k}`, { focused: true });
    const titles = (await storage.list()).map(({ title }) => title);
    assert.equal(titles.length, MOST_RUNS + 1);
    assert.equal(titles[0], 'pinned');
    assert.equal(titles.at(-1), 'run 4');
    assert.equal(readdirSync(folder).length, 2 * (MOST_RUNS + 1));
  });

  it('are gone when they are removed, and back when that is undone', async () => {
    const storage = createRunStorage(makeFolder('runs'));
    const entry = await storage.add(profile(1), 'run', { focused: true });
    const undo = await storage.remove(entry);
    assert.deepEqual(await storage.list(), []);
    assert.equal(existsSync(storage.profilePath(entry.id)), false);
    await undo();
    assert.deepEqual(await storage.list(), [entry]);
    assert.deepEqual(JSON.parse(readFileSync(storage.profilePath(entry.id), 'utf8')), profile(1));
  });

  it('that are damaged or without their profile are left out, and a folder that is not there holds none', async () => {
    const folder = makeFolder('runs');
    const storage = createRunStorage(folder);
    const entry = await storage.add(profile(1), 'run', { focused: true });
    writeFileSync(join(folder, 'half.entry.json'), '{"title":');
    writeFileSync(join(folder, 'half.profile.json'), '{');
    writeFileSync(join(folder, 'alone.entry.json'), JSON.stringify(entry));
    assert.deepEqual(await storage.list(), [entry]);
    assert.deepEqual(await createRunStorage(join(folder, 'nowhere')).list(), []);
  });
});
