import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import {
  cpSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  realpathSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import type { Profile } from '../../src/model/profile.ts';

const ROOT = resolve(import.meta.dirname, '../..');

/** Popular packages that come with their own tests, which need tape alone. */
const PACKAGES = ['minimist', 'json-stable-stringify', 'fast-json-stable-stringify'];

describe('memory: the tests of packages, read as they run', function () {
  this.timeout(120_000);
  let folder = '';
  before(() => {
    folder = realpathSync(mkdtempSync(join(tmpdir(), 'lineprof-suites-')));
    symlinkSync(join(ROOT, 'node_modules'), join(folder, 'node_modules'), 'junction');
  });
  after(() => rmSync(folder, { recursive: true, force: true }));

  for (const name of PACKAGES) {
    it(`pass as they do plainly: ${name}`, () => {
      const own = join(folder, name);
      // Code in node_modules is not read.
      cpSync(join(ROOT, 'node_modules', name), own, { recursive: true });
      const tests = readdirSync(join(own, 'test')).sort();
      // tape's own command looks the files up at the same time, and loads first what it found first.
      const all = join(own, 'all.js');
      writeFileSync(all, tests.map((file) => `require(${JSON.stringify(`./test/${file}`)});\n`).join(''));
      const run = (args: readonly string[]) =>
        spawnSync(process.execPath, [...args, all], { cwd: own, encoding: 'utf8' });
      const plain = run([]);
      assert.match(plain.stdout, /\n# ok\n/);
      const result = join(own, 'result.json');
      const read = run([
        ...[join(ROOT, 'dist', 'cli.js'), 'memory', 'exec', '-q', '--collect', '0.01', '--json', result],
        ...['-f', join(own, 'index.js'), '-f', join(own, 'test', '*.js'), '--', process.execPath],
      ]);
      assert.equal(read.stdout.slice(0, plain.stdout.length), plain.stdout);
      assert.equal(read.status, plain.status, read.stderr);
      const { functions } = JSON.parse(readFileSync(result, 'utf8')) as Profile;
      const inPackage = functions.filter(({ file, calls }) => file === 'index.js' && (calls ?? 0) > 0);
      assert.ok(inPackage.length > 0 && functions.length > tests.length, `${functions.length} functions`);
    });
  }
});
