import assert from 'node:assert/strict';
import { chmodSync, mkdirSync, renameSync, symlinkSync, writeFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { isOwnFolder, RESULT_FILE, resultsFolder, resultsHome } from '../../src/protocol/results-folder.ts';
import { writeResult } from '../../src/register/files.ts';
import { watchResults } from '../../src/vscode/watch/folder.ts';
import { isAbout, isRelated, resultPlaces } from '../../src/vscode/watch/places.ts';
import { makeFolder } from '../launch/support.ts';
import { simulatorProfile } from './support/profile.ts';

describe('the watch of results', () => {
  const name = (number: number) => `lineprof-20261123T120000-${number}-0.json`;
  const watching: { dispose(): void }[] = [];
  const watch = (folder: string, nested: boolean, isForeign: (folder: string) => boolean = () => false) => {
    const told: string[] = [];
    const onResult = (path: string) => told.push(path);
    watching.push(watchResults({ folder, nested }, { onResult, isForeign, absentMillis: 100 }));
    return told;
  };
  const until = async (holds: () => boolean, what: string): Promise<void> => {
    for (let i = 0; i < 400 && !holds(); i++) await delay(25);
    assert.ok(holds(), what);
  };
  const own = (label: string): string => {
    const folder = makeFolder(label);
    chmodSync(folder, 0o700);
    return folder;
  };
  afterEach(() => {
    for (const one of watching.splice(0)) one.dispose();
  });

  it('tells of what comes and of what is written anew, whole files of its names alone', async () => {
    const folder = own('watch');
    writeResult(folder, name(1), '{}');
    const told = watch(folder, false);
    await delay(300);
    assert.deepEqual(told, []);
    writeFileSync(join(folder, `${name(2)}.part`), '{');
    writeFileSync(join(folder, 'notes.json'), '{}');
    mkdirSync(join(folder, name(3)));
    writeResult(folder, name(4), '{}');
    await until(() => told.length > 0, 'the new one was not told of');
    writeResult(folder, name(1), '{ }');
    await until(() => told.length > 1, 'the changed one was not told of');
    assert.deepEqual(told.map((path) => basename(path)).sort(), [name(1), name(4)]);
    renameSync(join(folder, `${name(2)}.part`), join(folder, name(2)));
    await until(() => told.length > 2, 'the finished one was not told of');
    assert.deepEqual(told[2], join(folder, name(2)));
  });

  it('waits for a folder that is not there yet, and looks into the folders below it that matter', async () => {
    const home = join(makeFolder('watch-later'), 'home');
    const told = watch(home, true, (folder) => basename(folder) === 'foreign');
    await delay(200);
    for (const folder of ['ours', 'foreign']) {
      mkdirSync(join(home, folder), { recursive: true, mode: 0o700 });
      writeResult(join(home, folder), name(1), '{}');
    }
    await until(() => told.length > 0, 'what came with the folder was not told of');
    writeResult(join(home, 'ours'), name(2), '{}');
    await until(() => told.length > 1, 'what came later was not told of');
    await delay(600);
    assert.deepEqual(told, [join(home, 'ours', name(1)), join(home, 'ours', name(2))]);
  });

  if (process.platform !== 'win32') {
    it('tells nothing of a folder that others may write to, or that a link leads to', async () => {
      const open = own('watch-open');
      chmodSync(open, 0o777);
      const linked = own('watch-linked');
      const link = join(makeFolder('watch-link'), 'link');
      symlinkSync(linked, link);
      assert.deepEqual([isOwnFolder(open), isOwnFolder(link), isOwnFolder(linked)], [false, false, true]);
      const told = [watch(open, false), watch(link, false)];
      await delay(200);
      for (const folder of [open, linked]) writeResult(folder, name(1), '{}');
      await delay(600);
      assert.deepEqual(told, [[], []]);
    });
  }

  it('is of the folder that register writes to', () => {
    const folder = resultsFolder('/some/where/app');
    assert.equal(dirname(folder), resultsHome());
    assert.match(basename(folder), /^app-[0-9a-f]{8}$/);
    assert.notEqual(resultsFolder('/some/where/else/app'), folder);
    assert.ok(RESULT_FILE.test(name(12)) && !RESULT_FILE.test(`${name(12)}.part`));
    assert.deepEqual(resultPlaces(['/a', '/b'], 'out'), [
      { folder: join('/a', 'out'), nested: false },
      { folder: join('/b', 'out'), nested: false },
      { folder: resultsHome(), nested: true },
    ]);
  });

  it('takes profiles of functions in the workspace', () => {
    const root = makeFolder('watch-root');
    mkdirSync(join(root, 'packages', 'a', 'src'), { recursive: true });
    const below = join(root, 'packages', 'a');
    writeFileSync(join(below, 'src', 'simulator.ts'), '');
    const profile = simulatorProfile(below, '\n'.repeat(70));
    assert.deepEqual([isAbout(profile, [root]), isAbout(profile, [below])], [true, true]);
    // Made in a container, under another path.
    assert.equal(isAbout(simulatorProfile('/srv/app', '\n'.repeat(70)), [below]), true);
    assert.equal(isAbout(profile, [makeFolder('watch-elsewhere')]), false);
    assert.deepEqual(
      [below, root, dirname(root), makeFolder('watch-other')].map((cwd) => isRelated(cwd, [root])),
      [true, true, true, false],
    );
  });
});
