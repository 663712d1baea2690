import { type FSWatcher, watch } from 'node:fs';
import { lstat, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { isOwnFolder, RESULT_FILE } from '../../protocol/results-folder.ts';

/** A place of result files. */
export interface ResultPlace {
  /** Absolute; it need not be there yet. */
  readonly folder: string;
  /** Results lie in folders of it, not in itself. */
  readonly nested: boolean;
}

export interface FolderWatchOptions {
  /** A whole result file is new, or was written anew; never one that was there when the watch began. */
  readonly onResult: (path: string) => void;
  /** Folders for which this is true are left alone from then on. */
  readonly isForeign: (folder: string) => boolean;
  /** How often a folder is looked at that is not there, or that the system does not watch. */
  readonly absentMillis?: number;
}

/** Changes are looked at together, about as often as the numbers of a program that the editor runs itself. */
const REST_MILLIS = 400;
const ABSENT_MILLIS = 5000;
/** Results are a few hundred kilobytes; what is larger is none. */
const MOST_BYTES = 32 * 1024 * 1024;

/**
 * Tells of result files as they arrive in a place that is the user's own (results-folder.ts); nothing is told of
 * others. The system says when something changes; the place itself is looked for now and then until it is there.
 */
export function watchResults(
  { folder: root, nested }: ResultPlace,
  { onResult, isForeign, absentMillis = ABSENT_MILLIS }: FolderWatchOptions,
): { dispose(): void } {
  const watchers = new Map<string, FSWatcher>();
  let seen: ReadonlyMap<string, string> | null = null;
  let timer: NodeJS.Timeout | null = null;
  let due = Number.POSITIVE_INFINITY;
  let looking = false;
  let disposed = false;

  const later = (millis: number): void => {
    const at = performance.now() + millis;
    if (disposed || at >= due) return;
    if (timer !== null) clearTimeout(timer);
    due = at;
    timer = setTimeout(() => {
      timer = null;
      due = Number.POSITIVE_INFINITY;
      if (looking) later(REST_MILLIS);
      else void look();
    }, millis);
    timer.unref();
  };
  const close = (folder: string): void => {
    watchers.get(folder)?.close();
    watchers.delete(folder);
  };
  /** Whether the system tells of changes in a folder. */
  const isWatched = (folder: string): boolean => {
    if (watchers.has(folder)) return true;
    try {
      const watcher = watch(folder, { persistent: false }, () => later(REST_MILLIS));
      watcher.on('error', () => {
        close(folder);
        later(absentMillis);
      });
      watchers.set(folder, watcher);
      return true;
    } catch {
      // It has just gone, or the system watches too much already.
      return false;
    }
  };
  const look = async (): Promise<void> => {
    looking = true;
    try {
      const { watched, holding } = await foldersOf(root, nested, isForeign);
      if (disposed) return;
      for (const folder of watchers.keys()) if (!watched.includes(folder)) close(folder);
      // Before files are listed: what comes after the list is told of.
      const all = watched.map(isWatched).every(Boolean);
      if (watched.length === 0 || !all) later(absentMillis);
      const found = new Map((await Promise.all(holding.map(resultsIn))).flat());
      const before = seen;
      seen = found;
      if (disposed || before === null) return;
      for (const [path, stamp] of found) if (before.get(path) !== stamp) onResult(path);
    } finally {
      looking = false;
    }
  };
  void look();
  return {
    dispose() {
      disposed = true;
      if (timer !== null) clearTimeout(timer);
      for (const folder of [...watchers.keys()]) close(folder);
    },
  };
}

/** The folders to watch, and those of them that results are in; none where the place is not the user's own. */
async function foldersOf(
  root: string,
  nested: boolean,
  isForeign: (folder: string) => boolean,
): Promise<{ readonly watched: readonly string[]; readonly holding: readonly string[] }> {
  if (!isOwnFolder(root)) return { watched: [], holding: [] };
  if (!nested) return { watched: [root], holding: [root] };
  const entries = await readdir(root, { withFileTypes: true }).catch(() => []);
  const holding = entries
    .filter((entry) => entry.isDirectory())
    .map(({ name }) => join(root, name))
    .filter((folder) => !isForeign(folder));
  return { watched: [root, ...holding], holding };
}

/** Result files by path, each with what changes when it is written anew. */
async function resultsIn(folder: string): Promise<readonly (readonly [path: string, stamp: string])[]> {
  const names = await readdir(folder).catch(() => []);
  const found = await Promise.all(
    names
      .filter((name) => RESULT_FILE.test(name))
      .map(async (name) => {
        const path = join(folder, name);
        const stat = await lstat(path).catch(() => null);
        if (stat?.isFile() !== true || stat.size > MOST_BYTES) return null;
        return [path, `${stat.mtimeMs} ${stat.size} ${stat.ino}`] as const;
      }),
  );
  return found.filter((one) => one !== null);
}
