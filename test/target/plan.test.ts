import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { chmodSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { ProfileError } from '../../src/model/error.ts';
import type { ProfileRequest, Way } from '../../src/model/request.ts';
import type { CollectorPlan } from '../../src/protocol/collector.ts';
import { checkExpression } from '../../src/target/expression.ts';
import { logFlags } from '../../src/target/flags.ts';
import type { NodeInfo } from '../../src/target/node.ts';
import { type PlanOptions, planLaunch } from '../../src/target/plan.ts';
import { nodeShims } from '../../src/target/shim.ts';
import { planTypeScript } from '../../src/target/typescript.ts';
import { callWay, execWay, makeFolder, runWay, writePrograms } from '../launch/support.ts';

const folder = makeFolder('plan');
const node: NodeInfo = {
  execPath: '/opt/node',
  version: 'v24.0.0',
  v8: '13.6.1',
  stripsTypes: true,
  maglevLoopPeeling: true,
  requiresModulesUnhooked: false,
  machineCodeLog: true,
};
const options: PlanOptions = {
  folder: '/tmp/run',
  collectFolder: '/lib/collect',
  purpose: 'time',
  counters: null,
  repeats: null,
  node,
};
const request = (way: Way, more: Partial<ProfileRequest> = {}): ProfileRequest => ({
  way,
  functions: [],
  intervalMicros: 1000,
  hits: 'second-run',
  node: null,
  timeoutMillis: null,
  cwd: folder,
  env: { PATH: '/usr/bin', OTHER: '1' },
  ...more,
});
const collectorPlan = (plan: ReturnType<typeof planLaunch>): CollectorPlan =>
  JSON.parse(plan.files.find(({ name }) => name === 'plan.json')!.text) as CollectorPlan;

describe('planLaunch', () => {
  before(() => writePrograms(folder, { 'a.js': '', 'a.ts': '', 'b.tsx': '', 'dir/index.js': '' }));

  it('run: Node with the flags, then the script as found and its arguments as given', () => {
    const plan = planLaunch(request(runWay('a.js', '-x', 'y z')), options);
    assert.equal(plan.command, '/opt/node');
    const preload = plan.args.indexOf('--require');
    assert.deepEqual(plan.args.slice(preload), [
      '--require',
      '/lib/collect/preload.cjs',
      join(folder, 'a.js'),
      '-x',
      'y z',
    ]);
    assert.ok(plan.args.includes('--prof') && plan.args.includes('--no-maglev-loop-peeling'));
    assert.deepEqual(plan.env, { PATH: '/usr/bin', OTHER: '1', LINEPROF_PLAN: '/tmp/run/time/plan.json' });
    assert.deepEqual(plan.stdin, { kind: 'record', file: '/tmp/run/stdin' });
    assert.equal(plan.output, 'inherit');
    assert.deepEqual(collectorPlan(plan).nodeFlags, plan.args.slice(0, preload + 2));
  });

  it('the counting run writes no log, prints nothing and reads the same input', () => {
    const plan = planLaunch(request(runWay('a.js')), { ...options, purpose: 'count' });
    assert.ok(!plan.args.includes('--prof'));
    assert.deepEqual([plan.output, plan.stdin.kind, plan.folder], ['discard', 'replay', '/tmp/run/count']);
    assert.equal(planLaunch(request(runWay('a.js'), { hits: 'none' }), options).stdin.kind, 'inherit');
  });

  it('finds scripts as Node does, and says so when there is none', () => {
    assert.ok(planLaunch(request(runWay('a')), options).args.includes(join(folder, 'a.js')));
    assert.ok(planLaunch(request(runWay('dir')), options).args.includes(join(folder, 'dir/index.js')));
    assert.throws(
      () => planLaunch(request(runWay('no-such.js')), options),
      (error) =>
        error instanceof ProfileError &&
        error.reason === 'file-not-found' &&
        /no-such\.js/.test(error.message),
    );
  });

  it('exec: the command itself, our node first on PATH', () => {
    const plan = planLaunch(request(execWay('npm', 'test', '--', '-x')), options);
    assert.deepEqual([plan.command, plan.args], ['npm', ['test', '--', '-x']]);
    assert.equal(plan.env['PATH'], '/tmp/run/time/bin:/usr/bin');
    assert.ok(plan.files.some(({ name, executable }) => name === 'bin/node' && executable));
  });

  it('exec: `node` is the Node asked for, with our flags', () => {
    const plan = planLaunch(request(execWay('node', 'a.js', '--x')), options);
    assert.equal(plan.command, '/opt/node');
    assert.deepEqual(plan.args.slice(-4), ['--require', '/lib/collect/preload.cjs', 'a.js', '--x']);
    assert.ok(plan.args.includes('--prof'));
  });

  it('call: the driver, with the expression in the plan', () => {
    const way = callWay('a.ts', 'f(await g())', 7);
    const plan = planLaunch(request(way), options);
    assert.equal(plan.args.at(-1), '/lib/collect/driver.cjs');
    const { call, typescript } = collectorPlan(plan);
    assert.deepEqual(call, {
      file: join(folder, 'a.ts'),
      expression: 'f(await g())',
      awaits: true,
      repeat: { kind: 'times', times: 7 },
    });
    assert.equal(typescript, 'own');
    const again = planLaunch(request(way), { ...options, purpose: 'count', repeats: 12 });
    assert.deepEqual(collectorPlan(again).call?.repeat, { kind: 'times', times: 12 });
  });
});

describe('planTypeScript', () => {
  const old = { ...node, stripsTypes: false };

  it("Node's own stripping, else the project's tsx, else ts-node, else the bundled transpiler", () => {
    assert.equal(planTypeScript(join(folder, 'a.js'), old, true).loading, 'none');
    assert.equal(planTypeScript(join(folder, 'a.ts'), node, true).loading, 'own');
    assert.equal(planTypeScript(join(folder, 'a.ts'), old, true).loading, 'own');
    const project = join(folder, 'project');
    writePrograms(project, {
      'node_modules/ts-node/package.json': '{}',
      'node_modules/ts-node/register/transpile-only.js': '',
    });
    const withTsNode = planTypeScript(join(project, 'a.ts'), old, true);
    assert.deepEqual(withTsNode, {
      loading: 'project',
      flags: ['--require', join(project, 'node_modules/ts-node/register/transpile-only.js')],
    });
    // It cannot load ES modules.
    writePrograms(project, { 'esm/package.json': '{ "type": "module" }' });
    assert.equal(planTypeScript(join(project, 'esm/a.ts'), old, true).loading, 'own');
    assert.equal(planTypeScript(join(project, 'esm/a.cts'), old, true).loading, 'project');
    const other = join(folder, 'other');
    writePrograms(other, {
      'node_modules/ts-node/register/transpile-only.js': '',
      'node_modules/tsx/package.json': '{ "exports": { ".": "./loader.mjs" } }',
      'node_modules/tsx/loader.mjs': '',
    });
    const withTsx = planTypeScript(join(other, 'a.ts'), old, true);
    assert.equal(withTsx.loading, 'project');
    assert.match(withTsx.flags.join(' '), /^--import file:.*\/tsx\/loader\.mjs$/);
    assert.equal(planTypeScript(join(other, 'a.ts'), old, false).loading, 'own');
    assert.equal(planTypeScript(join(project, 'a.tsx'), node, true).loading, 'own');
  });
});

describe('flags and shims', () => {
  it('a percent sign in the folder is kept from V8, which would expand it', () => {
    const [, file] = logFlags('/tmp/a%p%b', 100, node);
    assert.equal(file, '--logfile=/tmp/a%%p%%b/v8-%t-%p.log');
    assert.ok(
      !logFlags('/tmp', 100, { ...node, maglevLoopPeeling: false })
        .join(' ')
        .includes('maglev'),
    );
  });

  it('the shim hands every word on as it is', () => {
    const words = ['a b', "it's", '$HOME', '`x`', '"q"', 'l\nm', '%p', '\\'];
    const [shim] = nodeShims(
      process.execPath,
      ['-e', 'console.log(JSON.stringify(process.argv.slice(1)))', ...words],
      'linux',
    );
    const path = join(folder, shim!.name);
    mkdirSync(join(path, '..'), { recursive: true });
    writeFileSync(path, shim!.text);
    chmodSync(path, 0o755);
    const { stdout } = spawnSync(path, ['last one', "'"], { encoding: 'utf8' });
    assert.deepEqual(JSON.parse(stdout), [...words, 'last one', "'"]);
    assert.deepEqual(
      nodeShims('C:\\node.exe', ['--a=%p'], 'win32').map(({ name, text }) => [name, text.split('\n')[0]]),
      [
        ['bin/node', '#!/bin/sh'],
        ['bin/node.cmd', '@"C:\\node.exe" "--a=%%p" %*\r'],
      ],
    );
  });
});

describe('checkExpression', () => {
  it('tells whether an expression awaits by itself', () => {
    const awaits = (text: string, tsx = false): boolean => checkExpression(text, tsx).awaits;
    assert.deepEqual(
      [
        'f()',
        'await f()',
        '(async () => await f())()',
        '[1, { a: await f() }]',
        'new X(1 as number).run<T>(y!)',
      ].map((text) => awaits(text)),
      [false, true, false, true, false],
    );
    assert.equal(awaits('<div>{await f()}</div>', true), true);
  });

  it('refuses what is not one expression, in one line', () => {
    for (const text of ['f(', 'let x = 1', 'f(); g()', '', 'return 1', 'f() // a comment\n)']) {
      assert.throws(
        () => checkExpression(text, false),
        (error) =>
          error instanceof ProfileError && error.reason === 'bad-expression' && !error.message.includes('\n'),
        text,
      );
    }
    assert.equal(checkExpression('f() // why', false).awaits, false);
  });
});
