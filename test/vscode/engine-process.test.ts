import assert from 'node:assert/strict';
import { type ChildProcess, fork } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { isAlive } from '../../src/launch/folder.ts';
import type { ProfileRequest } from '../../src/model/request.ts';
import { ENGINE_PROTOCOL_VERSION, type ToEngine } from '../../src/protocol/engine.ts';
import { profileInProcess } from '../../src/vscode/run/client.ts';
import { makeFolder, writePrograms } from '../launch/support.ts';

const dist = resolve(import.meta.dirname, '..', '..', 'dist');

describe('the process that profiles for an editor', function () {
  this.timeout(60_000);
  const folder = makeFolder('engine-process');
  const pidFile = join(folder, 'pids');
  const request: ProfileRequest = {
    way: { kind: 'run', script: 'stubborn.cjs', args: [] },
    functions: ['spin'],
    intervalMicros: 1000,
    hits: 'second-run',
    node: process.execPath,
    timeoutMillis: null,
    cwd: folder,
    env: process.env,
  };

  beforeEach(() => {
    const told = `require('node:fs').appendFileSync(${JSON.stringify(pidFile)}, process.pid + '\\n');`;
    const deaf = `for (const s of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(s, () => {}); ${told}`;
    writePrograms(folder, {
      pids: '',
      'child.cjs': `${deaf} setInterval(() => {}, 1e6);`,
      'stubborn.cjs': `${deaf} require('node:child_process').fork('child.cjs');
function spin(n) { let s = 0; for (let i = 0; i < n; i++) s = (s * 31 + i) | 0; return s; }
setInterval(() => spin(1e7), 1);`,
    });
  });

  it('tells the profile so far twice a second, and a cancel ends what handles every signal, its child too', async () => {
    const seen: number[] = [];
    const stopping = new AbortController();
    let stoppedAt = 0;
    let goneAfter = Number.POSITIVE_INFINITY;
    const profile = await profileInProcess(request, {
      dist,
      measure: 'time',
      details: 'none',
      signal: stopping.signal,
      onOutput: () => {},
      onProgress: () => {},
      onLive: ({ functions, tree }) => {
        seen.push(functions[0]?.samples ?? 0);
        assert.deepEqual(tree.nodes, []);
        if (seen.length !== 8) return;
        stoppedAt = performance.now();
        stopping.abort();
        const watch = setInterval(() => {
          if (pids().some(isRunning)) return;
          clearInterval(watch);
          goneAfter = performance.now() - stoppedAt;
        }, 10);
      },
    });
    assert.ok(seen.at(-1)! > seen[0]!, `${seen}`);
    assert.equal(pids().length, 2);
    // A second, and as much again for a machine that does other things.
    assert.ok(goneAfter < 2000, `gone after ${goneAfter} ms`);
    assert.equal(profile.run.stopped, 'cancelled');
    assert.ok(profile.functions[0]!.samples >= seen.at(-1)!);
  });

  it('ends the program when the editor is gone', async () => {
    const editor = startEditor('setInterval(() => {}, 1e6);');
    await until(() => pids().length === 2, 'the program starts');
    editor.kill('SIGKILL');
    await until(() => !pids().some(isRunning), 'the program is gone');
  });

  it('when it is killed itself, the editor ends the program', async () => {
    const stopping = new AbortController();
    const made = profileInProcess(request, {
      dist,
      measure: 'time',
      details: 'none',
      signal: stopping.signal,
      onOutput: () => {},
      onProgress: () => {},
      onLive: () => {},
    });
    made.catch(() => {});
    await until(() => pids().length === 2, 'the program starts');
    const engine = parentOf(pids()[0]!);
    process.kill(engine, 'SIGKILL');
    await assert.rejects(made, /the profiler's own process failed: it ended with SIGKILL/);
    await until(() => !pids().some(isRunning), 'the program is gone');
  });

  function pids(): number[] {
    return readFileSync(pidFile, 'utf8').trim().split('\n').filter(Boolean).map(Number);
  }

  /** A process that asks for the profile as the extension does, and can be killed. */
  function startEditor(then: string): ChildProcess {
    const message: ToEngine = {
      kind: 'profile',
      version: ENGINE_PROTOCOL_VERSION,
      request,
      measure: 'time',
      details: 'none',
      collectFolder: join(dist, 'collect'),
    };
    writePrograms(folder, {
      'editor.cjs': `const child = require('node:child_process').fork(${JSON.stringify(join(dist, 'engine-process.cjs'))}, [], {
  execArgv: [], stdio: ['ignore', 'ignore', 'ignore', 'ipc'] });
child.send(${JSON.stringify(message)});
${then}`,
    });
    return fork(join(folder, 'editor.cjs'), [], {
      execArgv: [],
      stdio: ['ignore', 'ignore', 'ignore', 'ipc'],
    });
  }
});

function parentOf(pid: number): number {
  const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
  return Number(stat.slice(stat.lastIndexOf(')') + 2).split(' ')[1]);
}

/** Dead processes that nobody has reaped yet are gone too. */
function isRunning(pid: number): boolean {
  if (!isAlive(pid)) return false;
  try {
    return !/\) Z /.test(readFileSync(`/proc/${pid}/stat`, 'utf8'));
  } catch {
    return existsSync('/proc') ? false : isAlive(pid);
  }
}

async function until(condition: () => boolean, what: string): Promise<void> {
  const end = Date.now() + 20_000;
  while (!condition()) {
    if (Date.now() > end) throw new Error(`never came about: ${what}`);
    await new Promise((done) => setTimeout(done, 20));
  }
}
