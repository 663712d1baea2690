import { createHash } from 'node:crypto';
import { lstatSync } from 'node:fs';
import { tmpdir, userInfo } from 'node:os';
import { basename, join } from 'node:path';

/**
 * The border between `lineprof/register`, which writes results, and the editor, which shows them as they arrive:
 * where they lie, and whether that place is the user's own.
 */

/** Names of result files; what is still being written has `.part` after it. */
export const RESULT_FILE = /^lineprof-[\w-]+\.json$/;

/** Folder of the user's own among the system's temporary ones: a folder of results for each folder of programs. */
export function resultsHome(): string {
  return join(tmpdir(), `lineprof-${userName()}`);
}

/** Where the results of a program that runs in `cwd` go unless `LINEPROF_DIR` says otherwise, the same each time. */
export function resultsFolder(cwd: string): string {
  const name = basename(cwd).replace(/[^\w.-]/g, '_') || 'root';
  const hash = createHash('sha1').update(cwd).digest('hex').slice(0, 8);
  return join(resultsHome(), `${name}-${hash}`);
}

/**
 * Whether a folder is there, is no link, and belongs to the user, with nobody else allowed to write to it: temporary
 * folders are everybody's on a shared machine. On Windows they are the user's.
 */
export function isOwnFolder(folder: string): boolean {
  const stat = lstatSync(folder, { throwIfNoEntry: false });
  if (stat?.isDirectory() !== true) return false;
  return process.getuid === undefined || (stat.uid === process.getuid() && (stat.mode & 0o022) === 0);
}

function userName(): string {
  try {
    return userInfo().username.replace(/[^\w.-]/g, '_');
  } catch {
    // A user without an entry in the system's list, as in containers.
    return String(process.getuid?.() ?? 'user');
  }
}
