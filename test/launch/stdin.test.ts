import assert from 'node:assert/strict';
import { closeSync, openSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type HostOptions, host, makeFolder, runWay, writePrograms } from './support.ts';

const folder = makeFolder('stdin');
const twice: HostOptions = { request: { hits: 'second-run' }, purposes: ['time', 'count'] };
const long = 'a line of input\n'.repeat(20_000);

describe('stdin', () => {
  before(() => {
    // What the counting run prints is thrown away, so every run also writes down what it read.
    const tell = `(text) => { console.log(text.length); require('node:fs').appendFileSync('read', text.length + ' '); }`;
    writePrograms(folder, {
      'stream.cjs': `let all = ''; process.stdin.setEncoding('utf8').on('data', (t) => { all += t; }).on('end', () => (${tell})(all));`,
      'sync.cjs': `(${tell})(require('node:fs').readFileSync(0, 'utf8'));`,
      'path.cjs': `(${tell})(require('node:fs').readFileSync('/dev/stdin', 'utf8'));`,
      'some.cjs': `process.stdin.once('data', (t) => { (${tell})(t.subarray(0, 10)); process.exit(0); });`,
      'none.cjs': `(${tell})('');`,
    });
  });
  beforeEach(() => writeFileSync(join(folder, 'read'), ''));

  const read = async (): Promise<string> =>
    (await import('node:fs')).readFileSync(join(folder, 'read'), 'utf8').trim();

  for (const script of ['stream.cjs', 'sync.cjs', 'path.cjs']) {
    it(`${script}: both runs read what was piped`, async () => {
      const { stdout, results } = await host(folder, runWay(script), { ...twice, stdin: long });
      assert.equal(stdout, `${long.length}\n`, 'the counting run prints nothing');
      assert.equal(await read(), `${long.length} ${long.length}`);
      assert.deepEqual(
        results.map(({ exitCode }) => exitCode),
        [0, 0],
      );
    });

    it(`${script}: both runs read a file from where it stands`, async () => {
      writeFileSync(join(folder, 'input'), long);
      const fd = openSync(join(folder, 'input'), 'r');
      try {
        const { stdout } = await host(folder, runWay(script), { ...twice, stdin: fd });
        assert.equal(stdout, `${long.length}\n`);
        assert.equal(await read(), `${long.length} ${long.length}`);
      } finally {
        closeSync(fd);
      }
    });
  }

  it('is passed on by a single run too', async () => {
    const { stdout } = await host(folder, runWay('stream.cjs'), { stdin: long });
    assert.equal(stdout, `${long.length}\n`);
  });

  it('a program that reads a part, or nothing, of a pipe that stays open', async () => {
    const some = await host(folder, runWay('some.cjs'), {
      ...twice,
      onHost: (child) => void child.stdin!.write(long.slice(0, 5000)),
    });
    assert.equal(some.stdout, '10\n');
    assert.equal(await read(), '10 10');
    const none = await host(folder, runWay('none.cjs'), twice);
    assert.equal(none.stdout, '0\n');
  });
});
