import assert from 'node:assert/strict';
import type { ChildProcess } from 'node:child_process';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { isAlive } from '../../src/launch/folder.ts';
import { execWay, type Hosted, host, makeFolder, runWay, writePrograms } from './support.ts';

const folder = makeFolder('stop');

/** Programs write their process ids here, one a line. */
const pids = join(folder, 'pids');

async function until(condition: () => boolean, what: string): Promise<void> {
  const end = Date.now() + 20_000;
  while (!condition()) {
    if (Date.now() > end) throw new Error(`never came about: ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}

const started = (count: number): boolean =>
  existsSync(pids) && readFileSync(pids, 'utf8').split('\n').length > count;

/** Dead processes that nobody has reaped yet are gone too. */
function isRunning(pid: number): boolean {
  if (!isAlive(pid)) return false;
  try {
    return !/\) Z /.test(readFileSync(`/proc/${pid}/stat`, 'utf8'));
  } catch {
    return existsSync('/proc') ? false : isAlive(pid);
  }
}

const ids = (): number[] => readFileSync(pids, 'utf8').trim().split('\n').map(Number);

/** The shells that wait to kill the group of a program (src/launch/watch.ts). */
function watchersOf(program: number): string[] {
  return readdirSync('/proc').filter((name) => {
    try {
      const words = readFileSync(`/proc/${name}/cmdline`, 'utf8').split('\0');
      return words[0] === '/bin/sh' && words.includes(String(-program));
    } catch {
      return false;
    }
  });
}

function assertAllGone({ result }: Hosted): void {
  const lines = readFileSync(pids, 'utf8').trim().split('\n');
  assert.deepEqual(
    lines.filter((line) => isRunning(Number(line))),
    [],
  );
  assert.ok(!existsSync(result.folder), 'the temporary folder is still there');
}

/** Sends a signal to the host once so many programs have told their ids. */
function signalWhenStarted(signal: NodeJS.Signals, count = 1): (host: ChildProcess) => void {
  return (child) => {
    void until(() => started(count), 'the program starts').then(() => child.kill(signal));
  };
}

describe('stopping', () => {
  const told = `require('node:fs').appendFileSync(${JSON.stringify(pids)}, process.pid + '\\n');`;

  beforeEach(() => {
    writePrograms(folder, {
      pids: '',
      'loop.cjs': `${told} for (;;);`,
      'ends.cjs': `${told} process.exitCode = 5;`,
      'wait.cjs': `${told} setTimeout(() => {}, 1e6);`,
      'server.cjs': `process.on('SIGINT', () => { setTimeout(() => { console.log('closed'); process.exit(4); }, 1500); });
        process.on('SIGTERM', () => { console.log('terminated'); process.exit(6); }); setInterval(() => {}, 1e6); ${told}`,
      'stubborn.cjs': `for (const s of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(s, () => console.log(s)); setInterval(() => {}, 1e6); ${told}`,
      'tree.cjs': `${told} const { spawn, fork } = require('node:child_process');
        fork('loop.cjs'); spawn('sh', ['-c', 'sleep 1000 & echo $! >> "$0"; wait', ${JSON.stringify(pids)}], { stdio: 'inherit' });
        spawn(process.execPath, ['stubborn.cjs'], { detached: true, stdio: 'ignore' }).unref(); setInterval(() => {}, 1e6);`,
      'waits-for-loop.cjs': `${told} process.on('SIGINT', () => {});
        require('node:child_process').fork('loop.cjs').on('exit', (code, signal) => { console.log(signal); process.exit(3); });`,
      'leaves.cjs': `${told} const { spawn } = require('node:child_process');
        spawn(process.execPath, ['wait.cjs'], { stdio: 'ignore' }).unref();
        const wait = setInterval(() => { if (require('node:fs').readFileSync(${JSON.stringify(pids)}, 'utf8').split('\\n').length > 2) clearInterval(wait); }, 10);`,
    });
  });

  it('a loop without end, by its timeout: what was logged until then is there', async () => {
    const hosted = await host(folder, runWay('loop.cjs'), { request: { timeoutMillis: 4000 } });
    assert.deepEqual([hosted.result.signal, hosted.result.stopped], ['SIGKILL', 'timeout']);
    assert.ok(hosted.result.logBytes[0]! > 10_000);
    assertAllGone(hosted);
  });

  it('a waiting program, by its timeout: its reading is there', async () => {
    const hosted = await host(folder, runWay('wait.cjs'), { request: { timeoutMillis: 4000 } });
    assert.deepEqual([hosted.result.signal, hosted.result.stopped], ['SIGTERM', 'timeout']);
    assert.equal(hosted.result.processes.length, 1);
    assertAllGone(hosted);
  });

  it('by an AbortSignal', async () => {
    const hosted = await host(folder, runWay('server.cjs'), { abortAfterMillis: 4000 });
    assert.deepEqual([hosted.result.exitCode, hosted.result.stopped], [6, 'cancelled']);
    assert.equal(hosted.stdout, 'terminated\n');
    assertAllGone(hosted);
  });

  it('by an AbortSignal, by force after the grace that was given, those that handle the signal too', async () => {
    let from = 0;
    const hosted = await host(folder, runWay('tree.cjs'), {
      abortAfterMillis: 4000,
      graceMillis: 500,
      onHost() {
        from = performance.now();
      },
    });
    // Without the grace, "stubborn" alone would have had 6 s. The rest of it is this machine's.
    const millis = performance.now() - from;
    assert.equal(hosted.result.stopped, 'cancelled');
    assert.equal(readFileSync(pids, 'utf8').trim().split('\n').length, 4);
    assert.ok(millis < 4000 + 500 + 3500, `${millis} ms`);
    assertAllGone(hosted);
  });

  it('by an AbortSignal, with a grace that it does not need', async () => {
    const hosted = await host(folder, runWay('server.cjs'), { abortAfterMillis: 4000, graceMillis: 500 });
    assert.deepEqual([hosted.result.exitCode, hosted.stdout], [6, 'terminated\n']);
    assertAllGone(hosted);
  });

  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
    it(`${signal} to Lineprof ends a loop without end`, async () => {
      const hosted = await host(folder, runWay('loop.cjs'), { onHost: signalWhenStarted(signal) });
      assert.deepEqual([hosted.result.signal, hosted.result.stopped], ['SIGKILL', 'cancelled']);
      assertAllGone(hosted);
    });

    it(`${signal} reaches a waiting program`, async () => {
      const hosted = await host(folder, runWay('wait.cjs'), { onHost: signalWhenStarted(signal) });
      assert.equal(hosted.result.signal, signal);
      assert.equal(hosted.result.processes.length, 1);
      assertAllGone(hosted);
    });
  }

  it('a program that handles Ctrl-C has the time it needs', async () => {
    const hosted = await host(folder, runWay('server.cjs'), { onHost: signalWhenStarted('SIGINT') });
    assert.equal(hosted.result.exitCode, 4);
    assert.equal(hosted.stdout, 'closed\n');
    assert.equal(hosted.result.processes[0]!.exitCode, 4);
    assertAllGone(hosted);
  });

  it('a second Ctrl-C ends one that will not', async () => {
    const hosted = await host(folder, runWay('stubborn.cjs'), {
      onHost(child) {
        signalWhenStarted('SIGINT')(child);
        void until(() => started(1), 'start').then(() => setTimeout(() => child.kill('SIGINT'), 2000));
      },
    });
    assert.deepEqual([hosted.stdout, hosted.result.signal], ['SIGINT\n', 'SIGKILL']);
    assertAllGone(hosted);
  });

  it('a busy child is ended though its parent handles Ctrl-C and waits for it', async () => {
    const hosted = await host(folder, runWay('waits-for-loop.cjs'), {
      onHost: signalWhenStarted('SIGINT', 2),
    });
    assert.deepEqual([hosted.stdout, hosted.result.exitCode], ['SIGKILL\n', 3]);
    assertAllGone(hosted);
  });

  it('a Lineprof that is killed takes its program along', async () => {
    await assert.rejects(
      host(folder, runWay('loop.cjs'), {
        onHost: (child) => {
          void until(() => started(1), 'the program starts').then(() => {
            assert.equal(watchersOf(ids()[0]!).length, 1);
            child.kill('SIGKILL');
          });
        },
      }),
      /SIGKILL/,
    );
    const [program] = ids();
    await until(() => !isRunning(program!), 'the program is gone');
    await until(() => watchersOf(program!).length === 0, 'the watcher is gone');
  });

  it('the watcher of a program that ends by itself goes too, and kills nothing', async () => {
    const hosted = await host(folder, runWay('ends.cjs'));
    assert.deepEqual([hosted.result.exitCode, hosted.result.signal], [5, null]);
    await until(() => watchersOf(ids()[0]!).length === 0, 'the watcher is gone');
  });

  it('the whole tree goes: children, shells, and those that left the group', async () => {
    const hosted = await host(folder, runWay('tree.cjs'), { onHost: signalWhenStarted('SIGTERM', 4) });
    assert.equal(hosted.result.stopped, 'cancelled');
    assertAllGone(hosted);
  });

  it('what a program leaves running when it ends by itself goes too', async () => {
    const hosted = await host(folder, runWay('leaves.cjs'));
    assert.deepEqual([hosted.result.exitCode, hosted.result.stopped], [0, null]);
    assert.equal(readFileSync(pids, 'utf8').trim().split('\n').length, 2);
    assert.equal(hosted.result.processes.length, 2);
    assertAllGone(hosted);
  });

  it('a shell command is ended with the Node below it', async () => {
    const hosted = await host(folder, execWay('sh', '-c', 'node loop.cjs; echo not reached'), {
      request: { timeoutMillis: 4000 },
    });
    assert.equal(hosted.result.stopped, 'timeout');
    assert.equal(hosted.stdout, '');
    assertAllGone(hosted);
  });
});
