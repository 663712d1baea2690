import assert from 'node:assert/strict';
import { chmodSync, mkdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { ProfileError, type ProfileErrorReason } from '../../src/model/error.ts';
import { probeNode } from '../../src/target/node.ts';
import { makeFolder } from '../launch/support.ts';

const folder = makeFolder('node');

/** An executable script of this text. */
function command(name: string, text: string): string {
  const path = join(folder, name);
  mkdirSync(join(path, '..'), { recursive: true });
  writeFileSync(path, `#!/bin/sh\n${text}\n`);
  chmodSync(path, 0o755);
  return path;
}

function notExecutable(): string {
  writeFileSync(join(folder, 'plain'), '');
  return join(folder, 'plain');
}

const facts = (version: string, v8: string): string =>
  `echo '${JSON.stringify({ execPath: '/some/node', version, v8, typescript: 'strip' })}'`;

async function rejection(node: string): Promise<ProfileError> {
  let caught: unknown = null;
  await probeNode(node, process.env, folder).catch((error: unknown) => {
    caught = error;
  });
  assert.ok(caught instanceof ProfileError, String(caught));
  assert.ok(caught.advice.length > 10);
  return caught;
}

describe('probeNode', () => {
  it('knows the Node it runs on', async () => {
    const info = await probeNode(process.execPath, process.env, folder);
    assert.equal(info.execPath, process.execPath);
    assert.equal(info.version, process.version);
    assert.equal(info.v8, process.versions.v8);
    const major = Number(process.versions.node.split('.')[0]);
    assert.equal(info.maglevLoopPeeling, major >= 22);
    if (major !== 22) assert.equal(info.stripsTypes, major >= 24);
  });

  it('a wrapper on PATH leads to the binary behind it', async () => {
    command('wrapper/node', `exec '${process.execPath}' "$@"`);
    const info = await probeNode(null, { PATH: `${join(folder, 'wrapper')}:/usr/bin:/bin` }, folder);
    assert.equal(info.execPath, process.execPath);
    assert.equal(info.version, process.version);
  });

  it('a link to the binary is the binary; without any Node on PATH it is the running one', async () => {
    symlinkSync(process.execPath, join(folder, 'link'));
    assert.equal((await probeNode('./link', {}, folder)).version, process.version);
    assert.equal((await probeNode(null, { PATH: '' }, folder)).execPath, process.execPath);
  });

  it('asks a V8 that is newer than all known for its flags', async () => {
    const flags = (text: string): string =>
      `if [ "$1" = --v8-options ]; then printf '${text}'; else echo '${JSON.stringify({
        execPath: join(folder, 'newer'),
        version: 'v40.0.0',
        v8: '20.1.2',
      })}'; fi`;
    const newer = command('newer', flags('  --maglev-loop-peeling (x)\\n        type: bool'));
    assert.equal((await probeNode(newer, process.env, folder)).maglevLoopPeeling, true);
    command('newer', flags('  --maglev (x)\\n        type: bool'));
    assert.equal((await probeNode(newer, process.env, folder)).maglevLoopPeeling, false);
  });

  const failures: readonly [string, () => string, ProfileErrorReason][] = [
    ['a path where nothing is', () => join(folder, 'nothing'), 'node-not-found'],
    ['a file that may not be run', () => notExecutable(), 'node-not-found'],
    ['a program that is no Node', () => '/bin/ls', 'not-node'],
    ['a program that prints something else', () => command('prints', 'echo 17'), 'not-node'],
    ['a program that prints without end', () => '/usr/bin/yes', 'not-node'],
    ['a program that fails', () => command('fails', 'exit 3'), 'not-node'],
    ['Node 18', () => command('old', facts('v18.20.0', '10.2.154')), 'node-too-old'],
    ['a version that is none', () => command('odd', facts('latest', '10.2')), 'node-too-old'],
  ];
  for (const [name, make, reason] of failures) {
    it(`${name}: ${reason}`, async () => {
      const path = make();
      const error = await rejection(path);
      assert.equal(error.reason, reason);
      assert.match(error.message, reason === 'node-too-old' ? /v18|latest/ : new RegExp(path));
    });
  }

  it('a program that never answers: not-node, and what it started is ended with it', async function () {
    this.timeout(60_000);
    const pidFile = join(folder, 'hangs.pid');
    const hangs = command('hangs', `sleep 1000 & echo $! > '${pidFile}'; wait`);
    assert.equal((await rejection(hangs)).reason, 'not-node');
    const pid = Number(readFileSync(pidFile, 'utf8'));
    const isGone = (): boolean => {
      try {
        process.kill(pid, 0);
        return false;
      } catch {
        return true;
      }
    };
    for (let waited = 0; !isGone() && waited < 100; waited++) await setTimeout(50);
    assert.ok(isGone());
  });
});
