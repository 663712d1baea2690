import { execFile } from 'node:child_process';
import { constants } from 'node:fs';
import { access, realpath } from 'node:fs/promises';
import { delimiter, isAbsolute, join, resolve } from 'node:path';
import { promisify } from 'node:util';
import { start } from '../launch/start.ts';
import { killTree } from '../launch/tree.ts';
import { ProfileError } from '../model/error.ts';

/** The oldest major version of Node that can be profiled. */
export const OLDEST_NODE = 20;

/** A Node binary and what it can do. */
export interface NodeInfo {
  /** Absolute path of the binary itself (not of a wrapper script on PATH). */
  readonly execPath: string;
  /** `v24.21.0` */
  readonly version: string;
  /** `13.6.233.17-node.53` */
  readonly v8: string;
  /** Node strips types itself, without a flag. */
  readonly stripsTypes: boolean;
  /** V8 knows `--no-maglev-loop-peeling` (an unknown flag stops the program). */
  readonly maglevLoopPeeling: boolean;
  /** ES modules that are loaded by `require` import others past every hook, and `require` may be kept from it. */
  readonly requiresModulesUnhooked: boolean;
  /** V8 knows `--ll-prof`. */
  readonly machineCodeLog: boolean;
}

/** V8 of the newest Node this was checked on; a newer one is asked for its flags. */
const NEWEST_KNOWN_V8 = 14.06;
/** V8 of Node 22, the first with that flag; 20 has 11.3 and no Maglev. */
const FIRST_V8_WITH_LOOP_PEELING = 12.04;

interface Facts {
  readonly execPath: string;
  readonly version: string;
  readonly v8: string;
  readonly typescript: unknown;
}

const FACTS_SCRIPT =
  'process.stdout.write(JSON.stringify({execPath:process.execPath,version:process.version,v8:process.versions.v8,typescript:process.features.typescript}))';

/** A Node says what it is within this long, in milliseconds. */
const ANSWER_MILLIS = 10_000;

const run = promisify(execFile);

/**
 * Finds out what a Node binary is. `path` null: the first `node` on PATH, else the Node this runs on.
 * No process is started when the binary is the running one.
 * @throws ProfileError `node-not-found`, `not-node`, `node-too-old`.
 */
export async function probeNode(
  path: string | null,
  env: Readonly<Record<string, string | undefined>>,
  cwd: string,
): Promise<NodeInfo> {
  const found = path === null ? await onPath('node', env, cwd) : await explicit(path, env, cwd);
  if (found === null || (await realpath(found)) === (await realpath(process.execPath)))
    return describe({
      execPath: process.execPath,
      version: process.version,
      v8: process.versions.v8,
      typescript: (process.features as { typescript?: unknown }).typescript,
    });
  return describe(await ask(found, env, cwd));
}

/** Where a program of this name lies on PATH, or null. Windows' PATHEXT endings are tried in order. */
async function onPath(
  name: string,
  env: Readonly<Record<string, string | undefined>>,
  cwd: string,
): Promise<string | null> {
  const windows = process.platform === 'win32';
  const paths = env['PATH'] ?? (windows ? env['Path'] : undefined) ?? '';
  const endings = windows ? ['.exe', '.cmd', ''] : [''];
  for (const folder of paths.split(delimiter)) {
    for (const ending of endings) {
      const candidate = resolve(cwd, folder, name + ending);
      if (await runnable(candidate)) return candidate;
    }
  }
  return null;
}

async function explicit(
  path: string,
  env: Readonly<Record<string, string | undefined>>,
  cwd: string,
): Promise<string> {
  const bare = !isAbsolute(path) && !/[\\/]/.test(path);
  const candidate = bare ? ((await onPath(path, env, cwd)) ?? join(cwd, path)) : resolve(cwd, path);
  if (await runnable(candidate)) return candidate;
  throw new ProfileError(
    'node-not-found',
    `no Node at ${path}`,
    'Give the path of a Node binary that may be executed to --node.',
  );
}

async function runnable(path: string): Promise<boolean> {
  try {
    await access(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

async function ask(
  path: string,
  env: Readonly<Record<string, string | undefined>>,
  cwd: string,
): Promise<Facts> {
  const notNode = (cause: unknown): ProfileError =>
    new ProfileError(
      'not-node',
      `${path} is not Node`,
      'Give the path of a Node binary to --node, or put one first on PATH.',
      { cause },
    );
  const answer = await answerOf(path, env, cwd).catch((error: unknown) => {
    throw notNode(error);
  });
  try {
    const facts = JSON.parse(answer) as Partial<Facts>;
    if (
      typeof facts.execPath === 'string' &&
      typeof facts.version === 'string' &&
      typeof facts.v8 === 'string'
    )
      return facts as Facts;
  } catch (error) {
    throw notNode(error);
  }
  throw notNode(null);
}

/** What a binary that should be Node prints when asked for its facts. Rejects when it cannot start or is not done in time. */
async function answerOf(
  path: string,
  env: Readonly<Record<string, string | undefined>>,
  cwd: string,
): Promise<string> {
  const child = start(path, ['-e', FACTS_SCRIPT], {
    cwd,
    env: { ...env, NODE_OPTIONS: '' } as NodeJS.ProcessEnv,
    stdio: ['ignore', 'pipe', 'ignore'],
    windowsHide: true,
  });
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error('no answer')), ANSWER_MILLIS);
  });
  const failed = new Promise<never>((_, reject) => child.once('error', reject));
  try {
    return await Promise.race([textOf(child.stdout!), failed, late]);
  } catch (error) {
    // What is no Node may have started others.
    if (child.pid !== undefined) await killTree(child.pid, false, null);
    throw error;
  } finally {
    clearTimeout(timer);
    child.stdout?.destroy();
  }
}

/** An answer is short; what says more is no Node, and may never end. */
const ANSWER_LENGTH = 10_000;

async function textOf(stream: AsyncIterable<Buffer>): Promise<string> {
  let text = '';
  for await (const part of stream) {
    text += part.toString();
    if (text.length > ANSWER_LENGTH) throw new Error('too long an answer');
  }
  return text;
}

async function describe(facts: Facts): Promise<NodeInfo> {
  const major = Number(/^v(\d+)\./.exec(facts.version)?.[1] ?? Number.NaN);
  if (!(major >= OLDEST_NODE))
    throw new ProfileError(
      'node-too-old',
      `Node ${facts.version} (${facts.execPath}) is too old to be profiled`,
      `Use Node ${OLDEST_NODE} or later: put it first on PATH, or give its path to --node.`,
    );
  const v8 = v8Number(facts.v8);
  const [, minor = 0] = /^v\d+\.(\d+)/.exec(facts.version)?.map(Number) ?? [];
  return {
    execPath: facts.execPath,
    version: facts.version,
    v8: facts.v8,
    stripsTypes: facts.typescript === 'strip' || facts.typescript === 'transform',
    // `require` of ES modules is on from 20.19 and 22.12; `module.registerHooks` came with 22.15.
    requiresModulesUnhooked: (major === 20 && minor >= 19) || (major === 22 && minor >= 12 && minor < 15),
    maglevLoopPeeling:
      v8 > NEWEST_KNOWN_V8
        ? await knowsFlag(facts.execPath, '--maglev-loop-peeling')
        : v8 >= FIRST_V8_WITH_LOOP_PEELING,
    machineCodeLog: v8 > NEWEST_KNOWN_V8 ? await knowsFlag(facts.execPath, '--ll-prof') : true,
  };
}

/** `13.6.233` → 13.06, so that versions compare as numbers. */
function v8Number(version: string): number {
  const [major = 0, minor = 0] = version.split('.').map(Number);
  return major + minor / 100;
}

async function knowsFlag(execPath: string, flag: string): Promise<boolean> {
  const { stdout } = await run(execPath, ['--v8-options'], { maxBuffer: 1 << 24 });
  return new RegExp(`^ *${flag} `, 'm').test(stdout);
}
