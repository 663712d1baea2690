import { type ChildProcess, type SpawnOptions, spawn } from 'node:child_process';
import crossSpawn from 'cross-spawn';

/** Windows' shell with a line to read, as `['cmd.exe', '/d', '/s', '/c', line]`. */
const SHELL_LINE = ['/d', '/s', '/c'] as const;

/**
 * Starts a command with its arguments as they are, also where Windows gives a program one text for all of them and
 * runs `npm` and other .cmd files through its shell only (cross-spawn quotes them). What cannot be started is told by
 * an `error` event.
 */
export function start(command: string, args: readonly string[], options: SpawnOptions): ChildProcess {
  const line = shellLine(command, args);
  return line === null
    ? crossSpawn(command, [...args], options)
    : // cmd.exe takes the line as it is; quoted as an argument its own quotes would reach the command with backslashes.
      spawn(line, { ...options, shell: command });
}

/** What is for Windows' shell to read, or null. */
function shellLine(command: string, args: readonly string[]): string | null {
  const isShell = process.platform === 'win32' && /(?:^|[\\/])cmd(?:\.exe)?$/i.test(command);
  const [line, ...more] = args.slice(SHELL_LINE.length);
  if (!isShell || line === undefined || more.length > 0) return null;
  return SHELL_LINE.every((option, at) => args[at]?.toLowerCase() === option) ? line : null;
}
