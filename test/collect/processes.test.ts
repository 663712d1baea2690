import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { execWay, type Hosted, host, makeFolder, runWay, writePrograms } from '../launch/support.ts';

const folder = makeFolder('processes');
const work =
  'export function work(n) {\n  return n;\n}\nexport const rounds = (n) => { for (let i = 0; i < n; i++) work(i); };';

/** How often `work` ran, by process and thread, in ascending order. */
function workCounts({ result }: Hosted): number[] {
  return result.hits
    .flatMap(({ scripts }) =>
      scripts
        .filter(({ path }) => path === join(folder, 'work.mjs'))
        .flatMap(({ text, functions }) =>
          functions.flatMap(({ ranges }) =>
            ranges.filter(([start]) => text.startsWith('return', start)).map(([, , count]) => count),
          ),
        ),
    )
    .sort((a, b) => a - b);
}

/** The script and arguments of every process and worker, sorted. */
function commands({ result }: Hosted): string[] {
  return result.processes
    .map(({ thread, argv }) => `${thread === 0 ? '' : 'thread '}${argv.slice(2).join(' ')}`)
    .sort();
}

const counting = {
  purposes: ['single'] as const,
  counters: {
    level: 'lines',
    target: { kind: 'selectors', selectors: ['work.mjs:work'], cwd: folder },
  } as const,
};

describe('processes and workers', () => {
  before(() =>
    writePrograms(folder, {
      'work.mjs': work,
      'child.mjs': `import { rounds } from './work.mjs'; rounds(Number(process.argv[2]));
        if (process.execArgv.length > 0 || /lineprof-[0-9a-f]{8}-/.test(process.env.PATH)) throw new Error(String(process.execArgv));
        if (process.send) process.send('done', () => process.disconnect());`,
      'children.mjs': `import childProcess, { execFileSync, execSync, fork, spawn, spawnSync } from 'node:child_process';
        const inherit = { stdio: 'inherit' };
        const ended = (child) => new Promise((done) => child.once('exit', done));
        await ended(fork('child.mjs', ['1']));
        await ended(fork('child.mjs', ['2'], { execArgv: ['--no-warnings'].slice(1), env: {} }));
        await ended(spawn(process.execPath, ['child.mjs', '3'], inherit));
        await ended(spawn('node', ['child.mjs', '4'], { ...inherit, env: { PATH: process.env.PATH } }));
        await ended(childProcess.exec('node child.mjs 5'));
        await ended(childProcess.execFile(process.execPath, ['child.mjs', '6']));
        spawnSync(process.execPath, ['child.mjs', '7'], inherit);
        execFileSync('node', ['child.mjs', '8'], inherit);
        execSync('node child.mjs 9', inherit);
        spawnSync('node child.mjs 10', { ...inherit, shell: true });
        await ended(spawn('./tool', ['11'], inherit));`,
      tool: `#!/usr/bin/env node\nprocess.argv.splice(2, 1, String(process.argv[2])); import('./child.mjs');`,
      'cluster.mjs': `import cluster from 'node:cluster';
        if (cluster.isPrimary) { cluster.setupPrimary({ args: ['21'] }); cluster.fork(); } else { await import('./child.mjs'); }`,
      'other-node.mjs': `import { spawnSync } from 'node:child_process';
        console.log(spawnSync('/bin/echo', ['node', 'a'], { encoding: 'utf8' }).stdout.trim(),
          spawnSync(process.execPath, ['-p', '1 + 1'], { encoding: 'utf8' }).stdout.trim(),
          spawnSync('no-such-command').error?.code, spawnSync('sh', { input: 'exit 3' }).status);`,
      'workers.mjs': `import { isMainThread, parentPort, Worker, workerData } from 'node:worker_threads';
        import { rounds } from './work.mjs';
        const start = (n, options) => new Promise((done, fail) => new Worker(new URL(import.meta.url), { workerData: n, ...options }).once('exit', done).once('error', fail));
        if (isMainThread) {
          rounds(1);
          await start(2); await start(3, { env: {}, execArgv: [] }); await start(4, { execArgv: process.execArgv, argv: ['x'] });
          const running = new Worker(new URL(import.meta.url), { workerData: 5 });
          await new Promise((done) => running.once('message', done)); await running.terminate();
          const left = new Worker(new URL(import.meta.url), { workerData: 6 });
          await new Promise((done) => left.once('message', done)); process.exit(0);
        } else { rounds(workerData); if (workerData > 4) { parentPort.postMessage('ready'); setInterval(() => {}, 1e6); } }`,
      'package.json':
        '{ "scripts": { "start": "node child.mjs 31", "both": "npm start && node child.mjs 32" } }',
    }),
  );

  it('every way to start a Node below is followed', async () => {
    spawnSync('chmod', ['+x', join(folder, 'tool')]);
    const hosted = await host(folder, runWay('children.mjs'), counting);
    assert.equal(hosted.result.exitCode, 0, hosted.stderr);
    assert.equal(hosted.stderr, '');
    assert.deepEqual(workCounts(hosted), [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11]);
    assert.deepEqual(commands(hosted), ['', '1', '10', '11', '2', '3', '4', '5', '6', '7', '8', '9']);
    assert.ok(hosted.result.logs.length >= 12);
    const main = hosted.result.processes.find(({ argv }) => argv[1]?.endsWith('children.mjs'))!;
    assert.ok(hosted.result.processes.filter(({ ppid }) => ppid === main.pid).length >= 8);
  });

  it('cluster workers are followed', async () => {
    const hosted = await host(folder, runWay('cluster.mjs'), counting);
    assert.equal(hosted.result.exitCode, 0, hosted.stderr);
    assert.deepEqual(workCounts(hosted), [21]);
  });

  it('other programs are started as they are', async () => {
    const { stdout } = await host(folder, runWay('other-node.mjs'));
    assert.equal(stdout, 'node a 2 ENOENT 3\n');
  });

  it('workers are followed, with options of their own, terminated, and left running', async () => {
    const hosted = await host(folder, runWay('workers.mjs'), counting);
    assert.equal(hosted.result.exitCode, 0, hosted.stderr);
    assert.deepEqual(workCounts(hosted), [1, 2, 3, 4, 5, 6]);
    // Node's own threads (hooks, on Node 20) are numbered too.
    const counted = hosted.result.hits.map(({ thread }) => thread);
    assert.equal(new Set(counted).size, 6);
    const logged = new Set(hosted.result.threads);
    for (const thread of counted) assert.ok(logged.has(thread), `no log says it is thread ${thread}'s`);
  });

  it('exec: npm scripts, and the Node below a shell', async () => {
    const npm = await host(folder, execWay('npm', 'run', '--silent', 'both'), counting);
    assert.equal(npm.result.exitCode, 0, npm.stderr);
    assert.deepEqual(workCounts(npm), [31, 32]);
    const shell = await host(folder, execWay('sh', '-c', 'node child.mjs 41; exit 9'), counting);
    assert.deepEqual([workCounts(shell), shell.result.exitCode], [[41], 9]);
  });

  it('exec: a command without any Node leaves no log, and no failure', async () => {
    const { result, stdout } = await host(folder, execWay('echo', 'hello there'));
    assert.equal(stdout, 'hello there\n');
    assert.deepEqual([result.exitCode, result.logs, result.processes], [0, [], []]);
  });
});
