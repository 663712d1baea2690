import assert from 'node:assert/strict';
import { chmodSync, cpSync, mkdirSync } from 'node:fs';
import { userInfo } from 'node:os';
import { join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { makeFolder } from '../launch/support.ts';
import { project, REGISTER, run } from './support.ts';

describe('lineprof/register: failures are told in a line, and the program goes on', () => {
  const folder = project('register-failures', {
    'app.mjs': `import { profile } from 'lineprof';
      /** @profile */ function f() { let n = 0; for (let i = 0; i < 1e6; i++) n += i; return n; }
      f(); console.log('done');`,
    'mark.mjs': `import { profile } from 'lineprof';
      const n = profile(5);
      class A { n = 1; }
      profile(A.prototype, 'n', undefined);
      console.log('done');`,
    'late.mjs': `import './app.mjs'; import 'lineprof/register';`,
    'late.cjs': `const f = () => 1; f(); require('lineprof/register'); console.log('done');`,
    'file.txt': '',
    'broken.mjs': `/** @profile */ import { a } from './broken.cjs'; console.log(a);`,
    'broken.cjs': `// A macro for some other tool: @profile\nmodule.exports = { a: 'done' }; if (false) { <<<<< }`,
  });
  cpSync(resolve(import.meta.dirname, '../../dist'), join(folder, 'other'), { recursive: true });
  const addOn = (message: string) =>
    project('register-addon', {
      'app.mjs': `/** @profile */ function f() { return 1; }\nf(); console.log('done');`,
      'addon/index.js': `throw new Error(${JSON.stringify(message)});`,
    });

  it('a folder that cannot be written to', async () => {
    const ran = await run(folder, [...REGISTER, 'app.mjs'], {
      env: { LINEPROF_DIR: join(folder, 'file.txt/results') },
    });
    assert.deepEqual([ran.code, ran.stdout], [0, 'done\n']);
    assert.match(
      ran.stderr,
      /^lineprof: results cannot be written to .*file\.txt\/results: part of its path is a file\. Set LINEPROF_DIR .*\n$/,
    );
  });

  if (process.platform !== 'win32') {
    it('a folder among the temporary ones that others may write to', async () => {
      const temporary = makeFolder('register-temporary');
      const home = join(temporary, `lineprof-${userInfo().username}`);
      mkdirSync(home);
      chmodSync(home, 0o777);
      const env = { TMPDIR: temporary, LINEPROF_DIR: '' };
      const ran = await run(folder, [...REGISTER, 'app.mjs'], { env });
      assert.deepEqual([ran.code, ran.stdout], [0, 'done\n']);
      assert.match(
        ran.stderr,
        /^lineprof: results cannot be written to .*: the folder that it is in belongs to somebody else, or others may write to it\. Set LINEPROF_DIR .*\n$/,
      );
      chmodSync(home, 0o700);
      const again = await run(folder, [...REGISTER, 'app.mjs'], { env });
      assert.match(again.stderr, /holds the profile/);
    });
  }

  it('an add-on that was built for another Node', async () => {
    const other = addOn(
      'The module was compiled against a different Node.js version using NODE_MODULE_VERSION 1. This version of Node.js requires NODE_MODULE_VERSION 2.',
    );
    cpSync(join(other, 'addon'), join(other, 'node_modules/v8-profiler-next'), { recursive: true });
    const ran = await run(other, [...REGISTER, 'app.mjs'], { env: { LINEPROF_SAMPLER: '' } });
    assert.deepEqual([ran.code, ran.stdout], [0, 'done\n']);
    assert.match(
      ran.stderr,
      /lineprof: v8-profiler-next was built for another Node .*npm rebuild.* node:inspector samples instead\.\n/,
    );
    assert.equal(ran.profiles.length, 1);
  });

  it('profile on something that is no function', async () => {
    const ran = await run(folder, [...REGISTER, 'mark.mjs'], { out: 'out-mark' });
    assert.equal(ran.stdout, 'done\n');
    assert.match(
      ran.stderr,
      /lineprof: profile marks a value of type number, which is no function: .*mark\.mjs:2\)\.\n/,
    );
    assert.match(
      ran.stderr,
      /lineprof: profile marks the property n, which is no function: .*mark\.mjs:4\)\.\n/,
    );
  });

  it('register loaded twice', async () => {
    const second = pathToFileURL(join(folder, 'other/register.cjs')).href;
    const ran = await run(folder, [...REGISTER, '--import', second, 'app.mjs'], { out: 'out-twice' });
    assert.equal(ran.stdout, 'done\n');
    assert.match(
      ran.stderr,
      /lineprof: register is loaded twice: .*register\.cjs stays in charge, .*other.register\.cjs does nothing\.\n/,
    );
    assert.equal(ran.profiles.length, 1);
  });

  for (const file of ['late.mjs', 'late.cjs']) {
    it(`register loaded late: ${file}`, async () => {
      const ran = await run(folder, [file], { out: 'out-late' });
      assert.deepEqual([ran.code, ran.stdout], [0, 'done\n']);
      assert.match(
        ran.stderr,
        /^lineprof: register was loaded late, .* Start it with node --import lineprof\/register\.\n/,
      );
    });
  }

  it('values that mean nothing', async () => {
    const ran = await run(folder, [...REGISTER, 'app.mjs'], {
      out: 'out-values',
      env: { LINEPROF_FORMAT: 'xml', LINEPROF_EVERY: 'often' },
    });
    assert.match(ran.stderr, /LINEPROF_FORMAT=xml is not known: it may be json or cpuprofile\./);
    assert.match(ran.stderr, /LINEPROF_EVERY=often is no number from 0\.1 to 604800\./);
    assert.equal(ran.profiles.length, 1);
  });

  it('a file that cannot be read as JavaScript keeps its own error', async () => {
    const ran = await run(folder, [...REGISTER, 'broken.mjs'], { out: 'out-broken' });
    assert.equal(ran.code, 1);
    assert.match(ran.stderr, /SyntaxError/);
  });

  it('under lineprof run it leaves the field', async () => {
    const ran = await run(folder, [...REGISTER, 'app.mjs'], {
      out: 'out-run',
      env: { LINEPROF_PLAN: '/nowhere' },
    });
    assert.deepEqual([ran.stdout, ran.files.length], ['done\n', 0]);
    assert.match(ran.stderr, /^lineprof: register does nothing under lineprof run, which tells more\.\n$/);
  });
});
