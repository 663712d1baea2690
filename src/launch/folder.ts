import { createHash } from 'node:crypto';
import { rmSync } from 'node:fs';
import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { hostname, tmpdir } from 'node:os';
import { join } from 'node:path';
import { ProfileError } from '../model/error.ts';

/** A run's folder for temporary files. */
export interface RunFolder {
  /** Absolute path, readable by this user alone. */
  readonly path: string;
  /** Takes it away with all that is in it. */
  readonly remove: () => Promise<void>;
}

/** Machines that share a folder for temporary files do not know each other's processes. */
const HOST = createHash('sha1').update(hostname()).digest('hex').slice(0, 8);
const NAME = new RegExp(`^lineprof-${HOST}-(\\d+)-`);

/**
 * Makes a folder in the system's folder for temporary files. It is gone when Lineprof ends, however it ends
 * but by SIGKILL; what such an end left behind is taken away by the next call.
 * @throws ProfileError `temp-folder`.
 */
export async function makeRunFolder(parent: string = tmpdir()): Promise<RunFolder> {
  let path: string;
  try {
    path = await mkdtemp(join(parent, `lineprof-${HOST}-${process.pid}-`));
  } catch (error) {
    throw new ProfileError(
      'temp-folder',
      `cannot make a temporary folder in ${parent}: ${error instanceof Error ? error.message : String(error)}`,
      'Make room there, or set TMPDIR to a folder that can be written to.',
      { cause: error },
    );
  }
  void sweep(parent);
  const forget = removeAtEnd(path);
  return {
    path,
    async remove() {
      forget();
      await rm(path, { recursive: true, force: true, maxRetries: 3 });
    },
  };
}

/** Removes the folder when the process exits, or a signal is about to end it. Returns how to call that off. */
function removeAtEnd(path: string): () => void {
  const removeNow = (): void => rmSync(path, { recursive: true, force: true, maxRetries: 3 });
  const handlers = (['SIGINT', 'SIGTERM', 'SIGHUP'] as const).map((signal) => {
    const handler = (): void => {
      // Somebody else (a running launch) sees to it that the process ends in an orderly way.
      if (process.listenerCount(signal) > handlerCount(signal)) return;
      removeNow();
      process.removeAllListeners(signal);
      process.kill(process.pid, signal);
    };
    ours.add(handler);
    return [signal, handler] as const;
  });
  process.once('exit', removeNow);
  for (const [signal, handler] of handlers) process.on(signal, handler);
  return () => {
    process.off('exit', removeNow);
    for (const [signal, handler] of handlers) process.off(signal, handler);
  };
}

const ours = new WeakSet<() => void>();

function handlerCount(signal: NodeJS.Signals): number {
  return process.listeners(signal).filter((listener) => ours.has(listener as () => void)).length;
}

/** Removes the folders of this machine's Lineprofs that are no more. */
async function sweep(parent: string): Promise<void> {
  try {
    for (const name of await readdir(parent)) {
      const pid = Number(NAME.exec(name)?.[1] ?? Number.NaN);
      if (Number.isNaN(pid) || isAlive(pid)) continue;
      await rm(join(parent, name), { recursive: true, force: true });
    }
  } catch {
    // Another user's, or gone meanwhile: not ours to mind.
  }
}

/** Whether there is a process of this id, whoever it belongs to. */
export function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}
