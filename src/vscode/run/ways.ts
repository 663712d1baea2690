import * as l10n from '@vscode/l10n';
import type { HitsMode, ProfileRequest, Repeat, Way } from '../../model/request.ts';

/** How the user wants a function (or file) to be run: remembered, so plain data. Paths are absolute. */
export type HowToRun =
  | { readonly kind: 'call'; readonly file: string; readonly expression: string; readonly cwd: string }
  | { readonly kind: 'file'; readonly file: string; readonly cwd: string }
  | { readonly kind: 'test'; readonly run: TestRun }
  | {
      readonly kind: 'script';
      readonly manager: PackageManager;
      readonly script: string;
      readonly cwd: string;
    }
  | { readonly kind: 'command'; readonly command: string; readonly cwd: string }
  | { readonly kind: 'launch'; readonly name: string; readonly folder: string };

export type PackageManager = 'npm' | 'pnpm' | 'yarn' | 'bun';
export type TestRunner = 'node:test' | 'mocha' | 'vitest' | 'jest';

/** Tests by name: the suites' names and their own; of a suite, all that begin so. */
export interface TestName {
  readonly names: readonly string[];
  readonly kind: 'test' | 'suite';
}

/** One run of a test file, or of those of its tests that have a name. */
export interface TestRun {
  readonly runner: TestRunner;
  readonly file: string;
  readonly name: TestName | null;
  /** The runner's script (`node_modules/mocha/bin/mocha.js`), run by Node; null: node:test. */
  readonly bin: string | null;
  readonly cwd: string;
}

/** What a run needs that is not the way itself. */
export interface RunSettings {
  readonly intervalMicros: number;
  readonly hits: HitsMode;
  readonly node: string | null;
  readonly timeoutMillis: number | null;
  readonly env: Readonly<Record<string, string | undefined>>;
}

/**
 * A way as the engine takes it; `launch` has been resolved before (launch-config.ts). An expression is repeated
 * as told, else until there are enough samples.
 */
export function wayOf(
  how: Exclude<HowToRun, { kind: 'launch' }>,
  platform: NodeJS.Platform,
  repeat: Repeat = { kind: 'enough', minMillis: null },
): Way {
  switch (how.kind) {
    case 'call':
      return {
        kind: 'call',
        file: how.file,
        expression: how.expression,
        repeat,
      };
    case 'file':
      return { kind: 'run', script: how.file, args: [] };
    case 'test':
      return { kind: 'exec', command: testCommand(how.run) };
    case 'script':
      return { kind: 'exec', command: [how.manager, 'run', how.script] };
    case 'command':
      return { kind: 'exec', command: shell(how.command, platform) };
  }
}

/** The folder a way runs in. */
export function folderOf(how: HowToRun): string {
  return how.kind === 'test' ? how.run.cwd : how.kind === 'launch' ? how.folder : how.cwd;
}

/** A whole request: the functions by selector, run in a way. */
export function requestFor(
  way: Way,
  cwd: string,
  functions: readonly string[],
  { env, ...settings }: RunSettings,
  extraEnv: Readonly<Record<string, string | undefined>> = {},
): ProfileRequest {
  return { way, functions, cwd, env: { ...env, ...extraEnv }, ...settings };
}

/** What a way is called in lists and titles. */
export function titleOf(how: HowToRun, relative: (path: string) => string): string {
  switch (how.kind) {
    case 'call':
      return how.expression;
    case 'file':
      return `node ${relative(how.file)}`;
    case 'test':
      return `${how.run.runner} ${relative(how.run.file)}${how.run.name === null ? '' : `, "${how.run.name.names.join(' ')}"`}`;
    case 'script':
      return `${how.manager} run ${how.script}`;
    case 'command':
      return how.command;
    case 'launch':
      return l10n.t('launch configuration "{0}"', how.name);
  }
}

/** The command that runs tests, one process where the runner allows it. */
export function testCommand({ runner, file, name, bin }: TestRun): string[] {
  const pattern =
    name === null ? null : `^${escapePattern(name.names.join(' '))}${name.kind === 'test' ? '$' : ' '}`;
  switch (runner) {
    case 'node:test': {
      // Each part of a name is matched by itself.
      const own = name === null ? [] : [`--test-name-pattern=^${escapePattern(name.names.at(-1)!)}$`];
      return ['node', ...own, file];
    }
    case 'mocha':
      return [
        'node',
        bin!,
        '--timeout',
        '0',
        '--no-parallel',
        ...(pattern === null ? [] : ['--grep', pattern]),
        file,
      ];
    case 'vitest':
      return [
        ...['node', bin!, 'run', '--testTimeout', '0', '--no-file-parallelism', '--no-isolate'],
        ...(pattern === null ? [] : ['--testNamePattern', pattern]),
        file,
      ];
    case 'jest':
      return [
        ...['node', bin!, '--runInBand', '--testTimeout', '2147483647'],
        ...(pattern === null ? [] : ['--testNamePattern', pattern]),
        ...['--runTestsByPath', file],
      ];
  }
}

/** A text as the regular expression that matches it alone. */
export function escapePattern(text: string): string {
  return text.replace(/[\\^$.*+?()[\]{}|/]/g, '\\$&');
}

/** A line of a terminal is for its shell to read. */
function shell(command: string, platform: NodeJS.Platform): string[] {
  return platform === 'win32' ? ['cmd.exe', '/d', '/s', '/c', command] : ['/bin/sh', '-c', command];
}
