import { mkdirSync, readdirSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join, sep } from 'node:path';
import { fileURLToPath } from 'node:url';
import { isOwnFolder, resultsHome } from '../protocol/results-folder.ts';

/** What a script is known by: the path of a `file:` URL (without its query), other URLs and paths as they are. */
export function scriptKey(url: string): string {
  if (!url.startsWith('file:')) return url;
  try {
    return fileURLToPath(url);
  } catch {
    return url;
  }
}

/** A file's text, or null when it cannot be read. */
export function readText(path: string): string | null {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return null;
  }
}

/** What the folder of results may hold; the oldest go first. */
export interface Room {
  readonly bytes: number;
  readonly files: number;
}

const ROOM: Room = { bytes: 40 * 1024 * 1024, files: 500 };

const OURS = /^lineprof-[\w-]+\.(?:json|cpuprofile)(?:\.part)?$/;

/**
 * Makes the folder if need be, and writes a file into it whole: under another name first, so that a reader never
 * sees half of it. Then takes away the oldest results if there are too many; files of other names stay.
 * @throws what the file system says
 */
export function writeResult(folder: string, name: string, text: string, room: Room = ROOM): string {
  makeFolder(folder);
  const path = join(folder, name);
  writeFileSync(`${path}.part`, text);
  renameSync(`${path}.part`, path);
  prune(folder, name, room);
  return path;
}

/** Of what `makeFolder` throws where somebody else could put links in the way of results, or read them. */
export const NOT_OWN = 'LINEPROF_NOT_OWN';

/** @throws what the file system says, and NOT_OWN for a folder among the temporary ones that is not the user's */
export function makeFolder(folder: string): void {
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const home = resultsHome();
  if (!folder.startsWith(home + sep) || isOwnFolder(home)) return;
  throw Object.assign(new Error(`${home} is not the user's own`), { code: NOT_OWN });
}

function prune(folder: string, kept: string, room: Room): void {
  const files = readdirSync(folder).flatMap((name) => {
    if (!OURS.test(name) || name === kept) return [];
    const stat = statSync(join(folder, name), { throwIfNoEntry: false });
    return stat === undefined ? [] : [{ name, size: stat.size, time: stat.mtimeMs }];
  });
  files.sort((a, b) => b.time - a.time);
  let bytes = statSync(join(folder, kept), { throwIfNoEntry: false })?.size ?? 0;
  files.forEach(({ name, size }, index) => {
    bytes += size;
    if (bytes > room.bytes || index + 1 >= room.files) rmSync(join(folder, name), { force: true });
  });
}
