import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { makeFolder, writePrograms } from './support.ts';

const folder = makeFolder('start');
const START = pathToFileURL(join(import.meta.dirname, '..', '..', 'src', 'launch', 'start.ts')).href;

interface Spawned {
  readonly command: string;
  readonly args: readonly string[] | null;
  readonly verbatim: boolean;
  readonly shell: string | null;
}

/** What is asked of Node's own `spawn` on a Windows whose PATH is `folder`. Each command in a process of its own. */
function onWindows(command: string, ...args: readonly string[]): Spawned {
  const program = `
    import cp from 'node:child_process';
    import { syncBuiltinESMExports } from 'node:module';
    Object.defineProperty(process, 'platform', { value: 'win32' });
    cp.spawn = (command, args, options) => {
      const given = Array.isArray(args) ? options : args;
      process.stdout.write(JSON.stringify({
        command,
        args: Array.isArray(args) ? args : null,
        verbatim: given.windowsVerbatimArguments === true,
        shell: given.shell ?? null,
      }));
      return { emit() {}, on() {} };
    };
    syncBuiltinESMExports();
    const { start } = await import(${JSON.stringify(START)});
    start(${JSON.stringify(command)}, ${JSON.stringify(args)}, { env: { PATH: ${JSON.stringify(folder)} } });
  `;
  const text = execFileSync(process.execPath, ['--import', 'tsx', '--input-type=module', '--eval', program], {
    encoding: 'utf8',
    env: { ...process.env, comspec: 'cmd.exe', PATHEXT: '.EXE;.CMD' },
  });
  return JSON.parse(text) as Spawned;
}

describe('start, on Windows', () => {
  before(() => writePrograms(folder, { 'npx.cmd': '@echo\r\n', 'tool.exe': '' }));

  it('a .cmd file gets each argument quoted, and nothing in it means anything to the shell', () => {
    const { command, args, verbatim, shell } = onWindows('npx', 'vitest', '-t', 'a b', 'x&calc|"y"%PATH%');
    assert.deepEqual(
      [command, args?.slice(0, 3), verbatim, shell],
      ['cmd.exe', ['/d', '/s', '/c'], true, null],
    );
    assert.equal(args?.[3], '"npx ^"vitest^" ^"-t^" ^"a^ b^" ^"x^&calc^|\\^"y\\^"^%PATH^%^""');
  });

  it('a program gets its arguments from Node as they are', () => {
    assert.deepEqual(onWindows('tool.exe', 'a b', '"c"'), {
      command: 'tool.exe',
      args: ['a b', '"c"'],
      verbatim: false,
      shell: null,
    });
  });

  it('a line for the shell stays a line', () => {
    const line = 'tool "a b" && npx vitest';
    assert.deepEqual(onWindows('cmd.exe', '/d', '/s', '/c', line), {
      command: line,
      args: null,
      verbatim: false,
      shell: 'cmd.exe',
    });
  });
});
