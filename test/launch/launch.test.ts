import assert from 'node:assert/strict';
import { existsSync, mkdirSync, readdirSync, readFileSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { execWay, host, makeFolder, runWay, writePrograms } from './support.ts';

const folder = makeFolder('launch');
const spin = 'let s = 0; for (let i = 0; i < 3e6; i++) s += i % 7;';

describe('launch', () => {
  before(() => {
    writePrograms(folder, {
      'exit.cjs': `${spin} console.log('out', process.argv.slice(2)); console.error('err'); process.exit(7);`,
      'exit-code.cjs': 'process.exitCode = 5;',
      'writes.cjs': `const { writeSync } = require('node:fs');
        const bytes = Buffer.alloc(1e6, 'x');
        function write() { for (let at = 0; at < bytes.length; ) at += writeSync(1, bytes, at); }
        for (let i = 0; i < 20; i++) write();`,
      'exit-handler.cjs': "process.on('exit', () => process.exit(9));",
      'throw.cjs': "console.log('before'); throw new Error('thrown by the program');",
      'kill-self.cjs': "setTimeout(() => {}, 1e5); process.kill(process.pid, 'SIGTERM');",
      'view.cjs': `console.log(JSON.stringify({ execArgv: process.execArgv, argv: process.argv.slice(1),
        signals: ['SIGINT', 'SIGTERM', 'SIGHUP'].map((s) => process.listenerCount(s)),
        path: process.env.PATH, emit: Object.keys(process).includes('emit') }));`,
      'much.cjs': `const line = 'x'.repeat(99) + '\\n'; let left = 1e6;
        const write = () => { while (left > 0) { left--; if (!process.stdout.write(line)) { process.stdout.once('drain', write); return; } } };
        write();`,
      'closes-stdin.cjs': "process.stdin.destroy(); setTimeout(() => console.log('done'), 50);",
    });
  });

  it("stdout, stderr, arguments and exit code are the program's own", async () => {
    const { stdout, stderr, result } = await host(folder, runWay('exit.cjs', 'a b', "c'd", '--prof'));
    assert.equal(stdout, `out [ 'a b', "c'd", '--prof' ]\n`);
    assert.equal(stderr, 'err\n');
    assert.deepEqual([result.exitCode, result.signal, result.stopped], [7, null, null]);
    assert.equal(result.logs.length, 1);
    const reading = result.processes[0]!;
    assert.equal(reading.exitCode, 7);
    assert.equal(reading.thread, 0);
    assert.ok(reading.userMicros! > 0 && reading.maxRssBytes! > 1e6);
    assert.ok(result.realMicros > 0);
  });

  it('tells every way to end from every other', async () => {
    const exitCode = await host(folder, runWay('exit-code.cjs'));
    assert.deepEqual([exitCode.result.exitCode, exitCode.result.processes[0]!.exitCode], [5, 5]);
    const handler = await host(folder, runWay('exit-handler.cjs'));
    assert.deepEqual([handler.result.exitCode, handler.result.processes[0]!.exitCode], [9, 9]);
    const thrown = await host(folder, runWay('throw.cjs'));
    assert.deepEqual([thrown.result.exitCode, thrown.result.processes[0]!.exitCode], [1, 1]);
    assert.equal(thrown.stdout, 'before\n');
    assert.match(thrown.stderr, /throw\.cjs:1[\s\S]*Error: thrown by the program/);
    const killed = await host(folder, runWay('kill-self.cjs'));
    assert.deepEqual([killed.result.exitCode, killed.result.signal], [null, 'SIGTERM']);
    assert.equal(killed.result.processes.length, 1);
  });

  it('the program sees itself as without Lineprof', async () => {
    const { stdout } = await host(folder, runWay('view.cjs', 'x'), { env: { PATH: '/first:/usr/bin:/bin' } });
    assert.deepEqual(JSON.parse(stdout), {
      execArgv: [],
      argv: [join(folder, 'view.cjs'), 'x'],
      signals: [0, 0, 0],
      path: '/first:/usr/bin:/bin',
      emit: false,
    });
  });

  it('passes 100 MB of output on', async () => {
    const { stdout, result } = await host(folder, runWay('much.cjs'));
    assert.equal(stdout.length, 1e8);
    assert.equal(result.exitCode, 0);
  });

  it('writes that wait for the reader still do, when the hooks of modules are on a thread of their own', async () => {
    const { stdout, stderr, result } = await host(folder, runWay('writes.cjs'), {
      counters: { level: 'calls', target: { kind: 'selectors', selectors: ['write'], cwd: folder } },
    });
    assert.deepEqual([stdout.length, result.exitCode], [2e7, 0], stderr);
  });

  it('a program may close its stdin', async () => {
    const { stdout, result } = await host(folder, runWay('closes-stdin.cjs'), {
      request: { hits: 'second-run' },
    });
    assert.equal(stdout, 'done\n');
    assert.equal(result.exitCode, 0);
  });

  it('a run leaves no temporary folder behind', async () => {
    const { result } = await host(folder, runWay('exit.cjs'));
    assert.ok(!existsSync(result.folder));
  });

  it('two at once do not meet', async () => {
    const both = await Promise.all([1, 2].map((n) => host(folder, runWay('exit.cjs', String(n)))));
    assert.deepEqual(
      both.map(({ stdout, result }) => [stdout, result.logs.length, result.processes.length]),
      [
        ["out [ '1' ]\n", 1, 1],
        ["out [ '2' ]\n", 1, 1],
      ],
    );
    assert.notEqual(both[0]!.result.folder, both[1]!.result.folder);
  });

  it('weird paths, of the program and of the temporary folder', async () => {
    const names = ['a b', 'c,d', `e'f"g`, 'h#i', 'j%p%%k', 'l\nm', 'ñé☃', '$HOME `x`'];
    for (const name of names) {
      const weird = join(folder, name);
      mkdirSync(weird, { recursive: true });
      writePrograms(weird, { [`${name}.cjs`]: `${spin} console.log('ran', s);` });
      const { stdout, result } = await host(weird, runWay(`${name}.cjs`), { env: { TMPDIR: weird } });
      assert.equal(stdout, 'ran 8999994\n', name);
      assert.equal(result.logs.length, 1, name);
      assert.ok(result.logBytes[0]! > 10_000, name);
      assert.equal(result.processes.length, 1, name);
      assert.deepEqual(readdirSync(weird), [`${name}.cjs`]);
    }
  });

  it('a symlinked program runs', async () => {
    symlinkSync(join(folder, 'exit-code.cjs'), join(folder, 'link.cjs'));
    assert.equal((await host(folder, runWay('link.cjs'))).result.exitCode, 5);
  });

  it('a command that is none is one clear failure', async () => {
    const { result } = await host(folder, execWay('no-such-command-at-all'));
    assert.equal(result.error?.reason, 'launch-failed');
    assert.match(result.error!.message, /no-such-command-at-all: no such command/);
  });

  it('a temporary folder that cannot be written to is one clear failure', async () => {
    const file = join(folder, 'exit.cjs');
    const text = readFileSync(file, 'utf8');
    await assert.rejects(host(folder, runWay('exit.cjs'), { env: { TMPDIR: file } }), /temporary folder/);
    assert.equal(readFileSync(file, 'utf8'), text);
  });
});
