import assert from 'node:assert/strict';
import { describe, it } from 'mocha';
import type { Command } from '../../src/cli/command.ts';
import { parseArguments } from '../../src/cli/parse.ts';
import { ProfileError } from '../../src/model/error.ts';
import type { ProfileRequest } from '../../src/model/request.ts';

const around = { version: '1.2.3', cwd: '/somewhere', env: { A: 'b' } };
const parse = (...args: string[]): Command => parseArguments(args, around);

function profileOf(...args: string[]) {
  const command = parse(...args);
  assert.equal(command.kind, 'profile');
  return command;
}

describe('cli: arguments', () => {
  const ways: readonly (readonly [args: string[], way: ProfileRequest['way']])[] = [
    [['run', 'a.ts'], { kind: 'run', script: 'a.ts', args: [] }],
    [
      ['run', '-z', 'a.ts', '-z', '--', '--help'],
      { kind: 'run', script: 'a.ts', args: ['-z', '--', '--help'] },
    ],
    [['run', '--', '-a.ts', '-x'], { kind: 'run', script: '-a.ts', args: ['-x'] }],
    [['exec', '--', 'npm', 'test', '--', '-q'], { kind: 'exec', command: ['npm', 'test', '--', '-q'] }],
    [['exec', 'npm', 'test', '-q'], { kind: 'exec', command: ['npm', 'test', '-q'] }],
    [
      ['call', 'a.ts', 'f(1)'],
      { kind: 'call', file: 'a.ts', expression: 'f(1)', repeat: { kind: 'enough', minMillis: null } },
    ],
    [
      ['call', 'a.ts', '-1', '--once'],
      { kind: 'call', file: 'a.ts', expression: '-1', repeat: { kind: 'times', times: 1 } },
    ],
    [
      ['call', '--repeat', '9', 'a.ts', 'f()'],
      { kind: 'call', file: 'a.ts', expression: 'f()', repeat: { kind: 'times', times: 9 } },
    ],
    [
      ['call', 'a.ts', 'f()', '--min-time', '.5'],
      { kind: 'call', file: 'a.ts', expression: 'f()', repeat: { kind: 'enough', minMillis: 500 } },
    ],
  ];
  for (const [args, way] of ways) {
    it(args.join(' '), () => assert.deepEqual(profileOf(...args).request.way, way));
  }

  it('the defaults', () => {
    const { request, output } = profileOf('run', 'a.ts');
    assert.deepEqual(request, {
      way: { kind: 'run', script: 'a.ts', args: [] },
      functions: [],
      intervalMicros: 1000,
      hits: 'second-run',
      node: null,
      timeoutMillis: null,
      cwd: '/somewhere',
      env: { A: 'b' },
    });
    assert.deepEqual(output, {
      unit: null,
      skipZero: false,
      byProcess: false,
      quiet: false,
      width: null,
      color: null,
      json: null,
      precision: 3,
    });
  });

  it('every option', () => {
    const { request, output } = profileOf(
      ...[
        'run',
        '-f',
        'a',
        '--function',
        'B.*',
        '-i',
        '100',
        '--single-run',
        '--node',
        './node',
        '--timeout',
        '2.5',
      ],
      ...['-u', 'ms', '-z', '--by-process', '--json', '-', '-q', '--width', '72', '--no-color', 'a.ts'],
    );
    const { functions, intervalMicros, hits, node, timeoutMillis, byProcess } = request;
    assert.deepEqual(
      [functions, intervalMicros, hits, node, timeoutMillis, byProcess],
      [['a', 'B.*'], 100, 'single-run', './node', 2500, true],
    );
    assert.deepEqual(output, {
      unit: 'ms',
      skipZero: true,
      byProcess: true,
      quiet: true,
      width: 72,
      color: false,
      json: '-',
      precision: 3,
    });
    assert.equal(profileOf('run', '--no-hits', 'a.ts').request.hits, 'none');
    assert.equal(profileOf('run', '--color', 'a.ts').output.color, true);
  });

  it('view takes files and output options, no others', () => {
    const command = parse('view', 'a.json', '-z', 'b.json');
    assert.ok(command.kind === 'view' && command.output.skipZero);
    assert.deepEqual(command.files, ['a.json', 'b.json']);
    assert.throws(() => parse('view', '--no-hits', 'a.json'), /unknown option '--no-hits'/);
  });

  it('help and version', () => {
    for (const args of [
      ['--help'],
      ['help'],
      ['run', '--help'],
      ['call', '-h'],
      ['help', 'exec'],
      ['view', '--help'],
    ]) {
      const command = parse(...args);
      assert.ok(
        command.kind === 'text' && /^Usage: lineprof.*\n[\s\S]*Examples:\n {2}lineprof/.test(command.text),
        String(args),
      );
    }
    assert.deepEqual(parse('--version'), { kind: 'text', text: '1.2.3\n' });
  });

  const wrong: readonly (readonly [args: string[], message: RegExp, advice: RegExp])[] = [
    [[], /no command/, /lineprof run script\.ts/],
    [['vew', 'x'], /unknown command 'vew'.*view/, /--help/],
    [['a.ts', '--port', '1'], /unknown command 'a\.ts'/, /lineprof run a\.ts --port 1/],
    [['run'], /missing required argument 'script'/, /lineprof run --help/],
    [['exec', '--'], /missing required argument 'command'/, /lineprof exec --help/],
    [['view'], /missing required argument/, /lineprof view --help/],
    [['run', '--inspect', 'a.ts'], /unknown option '--inspect'/, /before the script/],
    [['run', '--intervall', '3', 'a.ts'], /Did you mean --interval/, /./],
    [['run', '-f'], /argument missing/, /./],
    [['run', '-i', '1.5', 'a.ts'], /'1\.5' is invalid.*whole number/, /./],
    [['run', '-i', '5', 'a.ts'], /10 to 1000000/, /./],
    [['memory', 'run', '--precision', '200', 'a.ts'], /whole number, 0 to 9/, /./],
    [['run', '-u', 'h', 'a.ts'], /Allowed choices are ns, us, ms, s/, /./],
    [['run', '--timeout', '0', 'a.ts'], /seconds above 0/, /./],
    [['run', '--timeout', '1e999', 'a.ts'], /seconds above 0/, /./],
    [['run', '--timeout', '9999999', 'a.ts'], /seconds above 0, at most 1000000/, /./],
    [['run', '--no-hits', '--single-run', 'a.ts'], /exclude each other/, /./],
    [['call', 'a.ts', 'f()', '--repeat', '0'], /1 or more/, /./],
    [['call', 'a.ts', 'f()', '--once', '--repeat', '2'], /cannot be used with/, /./],
    [['call', 'a.ts', 'f()', '--min-time', '1', '--repeat', '2'], /exclude each other/, /./],
    [['call', 'a.ts', 'f', 'x'], /too many arguments/, /./],
  ];
  for (const [args, message, advice] of wrong) {
    it(`is refused: ${args.join(' ') || '(nothing)'}`, () => {
      assert.throws(
        () => parse(...args),
        (error) => {
          assert.ok(error instanceof ProfileError, String(error));
          assert.equal(error.reason, 'usage');
          assert.match(error.message, message);
          assert.match(error.advice, advice);
          assert.ok(!`${error.message}${error.advice}`.includes('\n'));
          return true;
        },
      );
    });
  }
});
