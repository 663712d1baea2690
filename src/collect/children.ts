import childProcess from 'node:child_process';
import { realpathSync } from 'node:fs';
import { syncBuiltinESMExports } from 'node:module';
import { basename, delimiter, isAbsolute } from 'node:path';
import { type CollectorPlan, PLAN_ENV, PLAN_FILE } from '../protocol/collector.ts';
import { findRun, pathKey } from './hide.ts';

/** What Node hands to `ChildProcess.prototype.spawn`: `args` starts with the program's own name. */
interface SpawnOptions {
  file: string;
  args?: string[];
  envPairs?: string[];
}

type AnyFunction = (...args: unknown[]) => unknown;

/**
 * Starts Node processes below this one with our flags: those that name `process.execPath`, a path to the same
 * binary or plain `node`. Every child gets the plan in its environment and our `node` first on its PATH, so
 * that shells and `#!/usr/bin/env node` tools start it too.
 */
export function followChildren(plan: CollectorPlan): void {
  const { prototype } = childProcess.ChildProcess as unknown as { prototype: { spawn: AnyFunction } };
  const { spawn } = prototype;
  prototype.spawn = keepName(spawn, function (this: unknown, ...args) {
    const options = args[0] as SpawnOptions | undefined;
    if (options !== undefined && typeof options.file === 'string') {
      if (Array.isArray(options.args) && isNode(options.file)) {
        if (isBareNode(options.file)) options.file = process.execPath;
        options.args = [...options.args.slice(0, 1), ...withFlags(plan, options.args.slice(1))];
      }
      if (Array.isArray(options.envPairs)) options.envPairs = withOursInPairs(plan, options.envPairs);
    }
    return Reflect.apply(spawn, this, args);
  });

  // The synchronous ones never touch a ChildProcess: (file, args?, options?) and (command, options?).
  const sync = childProcess as unknown as Record<string, AnyFunction>;
  for (const name of ['spawnSync', 'execFileSync'] as const) {
    const original = sync[name]!;
    sync[name] = keepName(original, function (this: unknown, file, ...rest) {
      // The arguments may be left out: (file, options).
      const hasArgs = Array.isArray(rest[0]) || rest[0] == null;
      const args = ((hasArgs ? rest.shift() : null) ?? []) as string[];
      const options = rest[0] as { env?: NodeJS.ProcessEnv; shell?: unknown } | undefined;
      const node = typeof file === 'string' && !options?.shell && isNode(file);
      return Reflect.apply(original, this, [
        node && isBareNode(file) ? process.execPath : file,
        node ? withFlags(plan, args) : args,
        { ...options, env: withOurs(plan, options?.env ?? process.env) },
        ...rest.slice(1),
      ]);
    });
  }
  const { execSync } = sync;
  sync['execSync'] = keepName(execSync!, function (this: unknown, command, options, ...rest) {
    const given = options as { env?: NodeJS.ProcessEnv } | undefined;
    return Reflect.apply(execSync!, this, [
      command,
      { ...given, env: withOurs(plan, given?.env ?? process.env) },
      ...rest,
    ]);
  });
  syncBuiltinESMExports();
}

function keepName(original: AnyFunction, replacement: AnyFunction): AnyFunction {
  Object.defineProperty(replacement, 'name', { value: original.name });
  return Object.defineProperty(replacement, 'length', { value: original.length });
}

function withFlags(plan: CollectorPlan, args: readonly string[]): readonly string[] {
  return findRun(args, plan.nodeFlags) >= 0 ? args : [...plan.nodeFlags, ...args];
}

function isBareNode(file: string): boolean {
  return file === 'node' || (process.platform === 'win32' && file.toLowerCase() === 'node.exe');
}

let ownBinary: string | null = null;

/** Whether running this file runs the Node that runs now. Another Node may not know the flags. */
function isNode(file: string): boolean {
  if (file === process.execPath || isBareNode(file)) return true;
  if (!isAbsolute(file) || !/^(node|nodejs)\b/i.test(basename(file))) return false;
  try {
    ownBinary ??= realpathSync(process.execPath);
    return realpathSync(file) === ownBinary;
  } catch {
    return false;
  }
}

/** An environment for a child: the program's, with our variable and our `node` first on PATH. */
export function withOurs(plan: CollectorPlan, env: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  const key = pathKey(env);
  const path = env[key];
  return {
    ...env,
    [PLAN_ENV]: planPath(plan),
    ...(path === undefined ? {} : { [key]: withShim(plan, path) }),
  };
}

function withOursInPairs(plan: CollectorPlan, pairs: readonly string[]): string[] {
  const path = process.platform === 'win32' ? /^path=/i : /^PATH=/;
  return [
    ...pairs
      .filter((pair) => !pair.startsWith(`${PLAN_ENV}=`))
      .map((pair) => {
        const found = path.exec(pair)?.[0];
        return found === undefined ? pair : found + withShim(plan, pair.slice(found.length));
      }),
    `${PLAN_ENV}=${planPath(plan)}`,
  ];
}

function withShim(plan: CollectorPlan, path: string): string {
  return path.split(delimiter).includes(plan.shimFolder) ? path : `${plan.shimFolder}${delimiter}${path}`;
}

function planPath(plan: CollectorPlan): string {
  const separator = process.platform === 'win32' ? '\\' : '/';
  return `${plan.folder}${separator}${PLAN_FILE}`;
}
