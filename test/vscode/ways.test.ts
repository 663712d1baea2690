import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { parseSource } from '../../src/source/parse.ts';
import { testAt } from '../../src/source/tests.ts';
import { functionAround } from '../../src/vscode/run/around.ts';
import { programEnvironment } from '../../src/vscode/run/environment.ts';
import { callOf } from '../../src/vscode/run/expression.ts';
import { isNodeLaunch, wayOfLaunch } from '../../src/vscode/run/launch-config.ts';
import { focused, outcomeOf } from '../../src/vscode/run/outcome.ts';
import { importsFile, isTestFile, packageFolder, runnerOf } from '../../src/vscode/run/tests.ts';
import { type TestRunner, testCommand, titleOf, wayOf } from '../../src/vscode/run/ways.ts';
import { functionProfile, profileOf } from './support/profile.ts';

describe('callOf', () => {
  const text = [
    'class A { constructor(a: number, readonly b = 2) {}',
    '  m(x: number, { y }: any, z?: number) { const inner = (q) => q; return inner(x); }',
    '  static s(this: A) {}',
    '  get g() { return 1; }',
    '  #p() {}',
    '}',
    'export const arrow = async (n = 1, ...rest) => n;',
    'export default function () {}',
    'const o = { me(k) {}, h: () => 1 };',
    'class B { run() {} }',
  ].join('\n');
  const source = parseSource(text, 'a.ts');
  const call = (name: string) =>
    callOf(
      source,
      text,
      source.functions.findIndex((fn) => fn.name === name),
    );

  it('runs what needs no argument as it stands', () => {
    for (const [name, expression] of [
      ['arrow', 'arrow()'],
      ['A.s', 'A.s()'],
      ['o.h', 'o.h()'],
      ['B.run', 'new B().run()'],
    ] as const) {
      assert.deepEqual(call(name), {
        text: expression,
        complete: true,
        select: [expression.length, expression.length],
      });
    }
  });

  it('puts parameter names where arguments are to be typed, the first one selected', () => {
    assert.deepEqual(call('A.m'), { text: 'new A(a).m(x, options)', complete: false, select: [6, 7] });
    assert.deepEqual(call('o.me'), { text: 'o.me(k)', complete: false, select: [5, 6] });
    assert.deepEqual(call('A.constructor')?.text, 'new A(a)');
    assert.deepEqual(call('A.g')?.text, 'new A(a).g');
  });

  it('calls the outermost function around one that nobody can reach, and says it is not complete', () => {
    assert.deepEqual(call('A.m.inner'), { text: 'new A(a).m(x, options)', complete: false, select: [6, 7] });
  });

  it('knows no expression for what has none', () => {
    for (const name of ['<module>', 'A.#p', 'default']) assert.equal(call(name), null, name);
  });
});

describe('functionAround', () => {
  const text = [
    '/** About f. */', // 1
    'export async function f() {',
    '  return [1].map((x) => {',
    '    return x;',
    '  });',
    '}', // 6
    '',
    '// Nothing.',
    'const a = 1;',
    'class C {',
    '  /**',
    '   * About m.', // 12
    '   */',
    '  @dec({ a: 1 })',
    '  private static m() {}',
    '}',
  ].join('\n');
  const source = parseSource(text, 'a.ts');
  const at = (line: number) => {
    const offset =
      text
        .split('\n')
        .slice(0, line - 1)
        .join('\n').length + 3;
    const index = functionAround(source, text, offset);
    return index === null ? null : source.functions[index]!.name;
  };

  it('is the innermost function with a name, callbacks left out', () => {
    assert.deepEqual([2, 3, 4].map(at), ['f', 'f', 'f']);
    assert.equal(at(15), 'C.m');
  });

  it('is the one whose comment or decorator the cursor is in', () => {
    assert.deepEqual([1, 11, 12, 13, 14].map(at), ['f', 'C.m', 'C.m', 'C.m', 'C.m']);
  });

  it('is none between functions', () => {
    assert.deepEqual([8, 9, 10].map(at), [null, null, null]);
  });
});

describe('ways to run', () => {
  it('become commands', () => {
    const cwd = '/w';
    assert.deepEqual(wayOf({ kind: 'script', manager: 'pnpm', script: 'bench', cwd }, 'linux'), {
      kind: 'exec',
      command: ['pnpm', 'run', 'bench'],
    });
    assert.deepEqual(wayOf({ kind: 'command', command: 'a | b', cwd }, 'linux'), {
      kind: 'exec',
      command: ['/bin/sh', '-c', 'a | b'],
    });
    assert.deepEqual(wayOf({ kind: 'command', command: 'a | b', cwd }, 'win32'), {
      kind: 'exec',
      command: ['cmd.exe', '/d', '/s', '/c', 'a | b'],
    });
    assert.equal(
      titleOf({ kind: 'file', file: '/w/a.ts', cwd }, () => 'a.ts'),
      'node a.ts',
    );
  });

  it('run the named test alone, in each runner, in one process', () => {
    const run = (runner: TestRunner, kind: 'test' | 'suite') =>
      testCommand({
        runner,
        file: '/w/a.test.ts',
        bin: '/b',
        cwd: '/w',
        name: { names: ['s (1)', 'does a+b'], kind },
      });
    assert.deepEqual(run('node:test', 'test'), ['node', '--test-name-pattern=^does a\\+b$', '/w/a.test.ts']);
    assert.ok(run('mocha', 'test').includes('^s \\(1\\) does a\\+b$'));
    assert.ok(run('mocha', 'suite').includes('^s \\(1\\) does a\\+b '));
    assert.ok(run('vitest', 'test').includes('--no-file-parallelism'));
    assert.ok(run('jest', 'test').includes('--runInBand'));
  });
});

describe('tests of a file', () => {
  it('are known by name or folder', () => {
    assert.deepEqual(
      [
        '/w/a.test.ts',
        '/w/a.spec.mjs',
        '/w/test/a.js',
        '/w/__tests__/a.tsx',
        '/w/a.ts',
        '/w/latest/a.ts',
      ].map(isTestFile),
      [true, true, true, true, false, false],
    );
  });

  it('import it, whatever the ending they write', () => {
    const text = "import { a } from '../src/a.js';\nconst b = require('./b');\nawait import('../lib');";
    const imports = (target: string) => importsFile('/w/test/x.test.ts', text, target);
    assert.deepEqual(['/w/src/a.ts', '/w/test/b.cjs', '/w/lib/index.ts', '/w/src/b.ts'].map(imports), [
      true,
      true,
      true,
      false,
    ]);
  });

  it('have the runner that they import, else the one that is installed', () => {
    const root = mkdtempSync(join(tmpdir(), 'lineprof-runner-'));
    try {
      const home = join(root, 'node_modules', 'vitest');
      mkdirSync(home, { recursive: true });
      writeFileSync(join(home, 'package.json'), '{ "bin": { "vitest": "./vitest.mjs" } }');
      writeFileSync(join(root, 'package.json'), '{}');
      const file = join(root, 'test', 'a.test.ts');
      assert.equal(runnerOf(file, "import t from 'node:test'", root)?.runner, 'node:test');
      assert.deepEqual(runnerOf(file, 'it()', root), {
        runner: 'vitest',
        file,
        bin: join(home, 'vitest.mjs'),
        cwd: root,
      });
      assert.equal(runnerOf(file, "import 'mocha'", root), null, 'mocha is not installed here');
      assert.equal(packageFolder(file, dirname(root)), root);
    } finally {
      rmSync(root, { recursive: true });
    }
  });

  it('are found around the cursor, with the names of their suites', () => {
    // A text for the finder, put together so that nobody takes it for a test of this project.
    const only = ['it', 'only'].join('.');
    const text = `describe('a', () => {\n  ${only}(\`b ) '\`, async () => {\n    work(/[)]/);\n  });\n  it(name, f);\n});\n`;
    const at = (needle: string) => testAt(text, 'a.test.ts', text.indexOf(needle));
    assert.deepEqual(at('work'), { kind: 'test', names: ['a', "b ) '"] });
    assert.deepEqual(at('name'), { kind: 'suite', names: ['a'] });
    assert.equal(testAt(text, 'a.test.ts', text.length), null);
  });
});

describe('launch configurations', () => {
  const variable = (name: string) => `$\{${name}}`;
  const variables = { workspaceFolder: '/w', file: '/w/src/a.ts', env: { HOME: '/h', X: 'x y' } };
  const launch = (more: object) =>
    wayOfLaunch({ type: 'node', request: 'launch', name: 'n', ...more }, variables);

  it('of type node that launch are taken', () => {
    assert.ok(isNodeLaunch({ type: 'node', request: 'launch', name: 'n' }));
    assert.ok(!isNodeLaunch({ type: 'node', request: 'attach', name: 'n' }));
    assert.ok(!isNodeLaunch({ type: 'chrome', request: 'launch', name: 'n' }));
  });

  it('run their program with its arguments, folder and environment, variables filled in', () => {
    assert.deepEqual(
      launch({
        program: variable('file'),
        args: [variable('env:X'), variable('fileBasenameNoExtension')],
        cwd: 'sub',
        env: { A: variable('userHome'), B: null },
      }),
      {
        way: { kind: 'run', script: '/w/src/a.ts', args: ['x y', 'a'] },
        cwd: '/w/sub',
        env: { A: '/h', B: undefined },
      },
    );
    assert.deepEqual(launch({ runtimeExecutable: 'npm', runtimeArgs: ['run', 'dev'] }).way, {
      kind: 'exec',
      command: ['npm', 'run', 'dev'],
    });
    assert.deepEqual(launch({ runtimeArgs: '--expose-gc -r ./x', program: 'a.js' }).way, {
      kind: 'exec',
      command: ['node', '--expose-gc', '-r', './x', '/w/a.js'],
    });
  });

  it('say what they cannot do', () => {
    assert.throws(() => launch({ program: variable('command:pick') }), /only the debugger can fill in/);
    assert.throws(() => launch({}), /names no program/);
    assert.throws(
      () => wayOfLaunch({ program: variable('file') }, { ...variables, file: null }),
      /no file is open/,
    );
  });
});

describe('the environment of a program', () => {
  it("is the editor's without what is about the editor, and with what the user sets", () => {
    const env = programEnvironment(
      {
        PATH: '/bin',
        VSCODE_IPC_HOOK: 'x',
        ELECTRON_RUN_AS_NODE: '1',
        NODE_OPTIONS: '--require js-debug/bootloader.js',
        LANG: 'C',
      },
      { DEBUG: '1', LANG: null },
    );
    assert.deepEqual({ ...env }, { PATH: '/bin', DEBUG: '1', LANG: undefined });
  });
});

describe('what a profile is worth', () => {
  const source = 'function f() {\n  work();\n}';
  const place = { name: 'f', file: 'a.ts', line: 1, endLine: 3 };
  const fn = (samples: number, calls: number) => functionProfile(place, source, samples, calls, {});
  const judged = (functions: Parameters<typeof profileOf>[1], run: object = {}) => {
    const profile = profileOf('/w', functions);
    return outcomeOf({ ...profile, run: { ...profile.run, ...run } }, functions[0] ?? null);
  };

  it('is said in words when there is nothing or too little', () => {
    assert.match(judged([]).text, /No function of your own code/);
    assert.match(judged([fn(0, 0)]).text, /never called/);
    assert.match(judged([fn(0, 3)]).text, /too quick to be seen/);
    assert.match(judged([fn(12, 3)]).text, /only 12 samples/);
    assert.match(judged([fn(12, 3)], { exitCode: 1 }).text, /It exited with code 1/);
    assert.equal(judged([fn(12, 3)]).kind, 'poor');
  });

  it('is good without a word, or has a note', () => {
    assert.deepEqual(judged([fn(500, 3)]), { kind: 'good', why: null, text: '' });
    assert.deepEqual(judged([fn(500, 3)], { stopped: 'cancelled' }).kind, 'note');
  });

  it('leaves out functions of the same name elsewhere', () => {
    const twice = profileOf('/w', [fn(5, 1), { ...fn(6, 1), line: 9 }]);
    assert.deepEqual(
      focused(twice, { name: 'f', line: 9 }).functions.map(({ samples }) => samples),
      [6],
    );
    assert.equal(focused(twice, { name: 'f', line: 7 }), twice);
  });
});
