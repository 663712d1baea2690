import { accessSync, constants } from 'node:fs';
import { delimiter, join } from 'node:path';

type Environment = Readonly<Record<string, string | undefined>>;

/**
 * The environment of a program that an editor starts: the editor's own, without what is about the editor, and
 * with what the user sets; a null there takes a variable away.
 */
export function programEnvironment(
  editor: Environment,
  user: Readonly<Record<string, string | null>>,
): Record<string, string | undefined> {
  const own = Object.entries(editor).filter(
    ([name, value]) =>
      !/^(VSCODE_|ELECTRON_|CODE_SERVER_|APPLICATION_INSIGHTS_)/i.test(name) &&
      // The debugger's own preload would be profiled as well.
      !(name === 'NODE_OPTIONS' && /js-debug|inspect/.test(value ?? '')),
  );
  const set = Object.entries(user).map(([name, value]) => [name, value ?? undefined] as const);
  return Object.fromEntries([...own, ...set]);
}

/** Whether a `node` is on the PATH of an environment. */
export function hasNode(env: Environment): boolean {
  const path = env['PATH'] ?? env['Path'] ?? '';
  const names = process.platform === 'win32' ? ['node.exe', 'node.cmd'] : ['node'];
  return path.split(delimiter).some((folder) => names.some((name) => runnable(join(folder, name))));
}

function runnable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
