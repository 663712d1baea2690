import { dirname, isAbsolute, join } from 'node:path';
import * as l10n from '@vscode/l10n';
import type { Way } from '../../model/request.ts';

/** A launch.json configuration, as read: nothing in it is known to be of the right type. */
export type LaunchConfiguration = Readonly<Record<string, unknown>>;

/** What variables of launch.json stand for. */
export interface Variables {
  readonly workspaceFolder: string;
  /** The active file, or null without one. */
  readonly file: string | null;
  readonly env: Readonly<Record<string, string | undefined>>;
}

/** A launch configuration as the engine can run it. */
export interface LaunchWay {
  readonly way: Way;
  readonly cwd: string;
  readonly env: Readonly<Record<string, string | undefined>>;
}

/** The configurations that start a Node program here: type node, request launch. */
export function isNodeLaunch(configuration: LaunchConfiguration): boolean {
  const { type, request, name } = configuration;
  return typeof name === 'string' && request === 'launch' && (type === 'node' || type === 'pwa-node');
}

/**
 * What js-debug would start for a configuration, without its debugger.
 * @throws Error in words when it uses something that only the debugger can do.
 */
export function wayOfLaunch(configuration: LaunchConfiguration, variables: Variables): LaunchWay {
  const text = (key: string) => {
    const value = configuration[key];
    return typeof value === 'string' ? substitute(value, variables) : null;
  };
  const texts = (key: string) => {
    const value = configuration[key];
    if (typeof value === 'string')
      return value
        .split(/\s+/)
        .filter(Boolean)
        .map((one) => substitute(one, variables));
    return Array.isArray(value) ? value.map((one) => substitute(String(one), variables)) : [];
  };
  const cwd = absolute(text('cwd') ?? variables.workspaceFolder, variables.workspaceFolder);
  const runtime = text('runtimeExecutable');
  const program = text('program');
  const runtimeArgs = texts('runtimeArgs');
  if (program === null && runtime === null && runtimeArgs.length === 0) {
    throw new Error(l10n.t('the launch configuration "{0}" names no program', String(configuration['name'])));
  }
  const script = program === null ? [] : [absolute(program, variables.workspaceFolder)];
  const plain = runtime === null && runtimeArgs.length === 0 && program !== null;
  return {
    way: plain
      ? { kind: 'run', script: script[0]!, args: texts('args') }
      : { kind: 'exec', command: [runtime ?? 'node', ...runtimeArgs, ...script, ...texts('args')] },
    cwd,
    env: environment(configuration['env'], variables),
  };
}

function environment(value: unknown, variables: Variables): Record<string, string | undefined> {
  if (typeof value !== 'object' || value === null) return {};
  return Object.fromEntries(
    Object.entries(value).map(([key, one]) => [
      key,
      one === null ? undefined : substitute(String(one), variables),
    ]),
  );
}

/** Replaces `${…}`; one that is not known stands for nothing the engine could ask for. */
function substitute(text: string, { workspaceFolder, file, env }: Variables): string {
  return text.replace(/\$\{([^}]+)\}/g, (whole, name: string) => {
    if (name.startsWith('env:')) return env[name.slice(4)] ?? '';
    switch (name) {
      case 'workspaceFolder':
      case 'workspaceRoot':
        return workspaceFolder;
      case 'workspaceFolderBasename':
        return workspaceFolder.split(/[\\/]/).at(-1)!;
      case 'pathSeparator':
      case '/':
        return process.platform === 'win32' ? '\\' : '/';
      case 'userHome':
        return env['HOME'] ?? env['USERPROFILE'] ?? '';
    }
    if (!name.startsWith('file') && !name.startsWith('relative')) {
      throw new Error(l10n.t('launch.json uses {0}, which only the debugger can fill in', whole));
    }
    if (file === null) throw new Error(l10n.t('launch.json uses {0}, and no file is open', whole));
    const base = file.split(/[\\/]/).at(-1)!;
    const relative = file.startsWith(workspaceFolder) ? file.slice(workspaceFolder.length + 1) : file;
    const values: Readonly<Record<string, string>> = {
      file,
      relativeFile: relative,
      relativeFileDirname: dirname(relative),
      fileDirname: dirname(file),
      fileBasename: base,
      fileBasenameNoExtension: base.replace(/\.[^.]*$/, ''),
      fileExtname: /\.[^.]*$/.exec(base)?.[0] ?? '',
      fileWorkspaceFolder: workspaceFolder,
    };
    const value = values[name];
    if (value === undefined) throw new Error(l10n.t('launch.json uses {0}, which is not known', whole));
    return value;
  });
}

function absolute(path: string, folder: string): string {
  return isAbsolute(path) ? path : join(folder, path);
}
