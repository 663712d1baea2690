import { existsSync, realpathSync } from 'node:fs';
import { isAbsolute, join, normalize } from 'node:path';
import type { Profile } from '../model/profile.ts';

/**
 * The file of a profiled function on this machine: below the run's folder, or, when the profile was made
 * elsewhere, below the first of `roots` that has it. Null when it is nowhere.
 */
export function fileOnDisk(cwd: string, file: string, roots: readonly string[]): string | null {
  const candidates = isAbsolute(file) ? [file] : [cwd, ...roots].map((root) => join(root, file));
  return candidates.find((path) => existsSync(path)) ?? null;
}

/** Indices of the profile's functions that are written in the file at `path`. */
export function functionsIn(
  profile: Pick<Profile, 'functions'> & { readonly run: Pick<Profile['run'], 'cwd'> },
  path: string,
  roots: readonly string[],
): number[] {
  const wanted = identity(path);
  const known = new Map<string, boolean>();
  return profile.functions.flatMap(({ file }, index) => {
    let here = known.get(file);
    if (here === undefined) {
      const found = fileOnDisk(profile.run.cwd, file, roots);
      here = found !== null && identity(found) === wanted;
      known.set(file, here);
    }
    return here ? [index] : [];
  });
}

/** One text for one file, whatever link or drive letter leads to it. */
function identity(path: string): string {
  let real = normalize(path);
  try {
    real = realpathSync.native(path);
  } catch {
    // A file that is gone is known by its path alone.
  }
  return process.platform === 'win32' || process.platform === 'darwin' ? real.toLowerCase() : real;
}
