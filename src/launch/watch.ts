import { spawn } from 'node:child_process';

/**
 * Sees to it that a program does not outlive a Lineprof that is killed by SIGKILL and can end nothing any more: a
 * shell waits at a pipe whose other end only Lineprof holds, and kills the program (its group, where it leads one)
 * when that end closes without a word. Returns how to say the word, once the program has ended. Not on Windows.
 */
export function watchOver(pid: number, ownGroup: boolean): () => void {
  if (process.platform === 'win32') return () => {};
  const watcher = spawn(
    '/bin/sh',
    ['-c', 'read -r word || kill -s KILL -- "$1"', 'sh', String(ownGroup ? -pid : pid)],
    {
      stdio: ['pipe', 'ignore', 'ignore'],
      env: {},
      cwd: '/',
      // In a group of its own: what ends Lineprof's must not end it.
      detached: true,
    },
  );
  // Without a shell there is no watcher: nothing else depends on it.
  watcher.on('error', () => {});
  watcher.stdin.on('error', () => {});
  watcher.unref();
  return () => void watcher.stdin.end('ended\n');
}
