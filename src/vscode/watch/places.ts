import { realpathSync } from 'node:fs';
import { resolve, sep } from 'node:path';
import type { Profile } from '../../model/profile.ts';
import { resultsHome } from '../../protocol/results-folder.ts';
import { fileOnDisk } from '../places.ts';
import type { ResultPlace } from './folder.ts';

/**
 * Where results may arrive: the user's folder among the temporary ones, and what `named` (`LINEPROF_DIR`) is in each
 * folder of the workspace.
 */
export function resultPlaces(roots: readonly string[], named: string | null): readonly ResultPlace[] {
  const folders = named === null ? [] : new Set(roots.map((root) => resolve(root, named)));
  return [
    ...[...folders].map((folder) => ({ folder, nested: false })),
    { folder: resultsHome(), nested: true },
  ];
}

/** Whether a function of a profile is written in one of the folders of the workspace. */
export function isAbout({ run, functions }: Profile, roots: readonly string[]): boolean {
  const real = roots.map(realPath);
  const files = new Set(functions.map(({ file }) => file));
  return [...files].some((file) => {
    const path = fileOnDisk(run.cwd, file, roots);
    return path !== null && real.some((root) => isBelow(realPath(path), root));
  });
}

/** Whether what runs in `cwd` may have functions of the workspace: one lies in the other. */
export function isRelated(cwd: string, roots: readonly string[]): boolean {
  const here = realPath(cwd);
  return roots.map(realPath).some((root) => isBelow(here, root) || isBelow(root, here));
}

function isBelow(path: string, folder: string): boolean {
  return path === folder || path.startsWith(folder.endsWith(sep) ? folder : folder + sep);
}

function realPath(path: string): string {
  try {
    return realpathSync.native(path);
  } catch {
    return path;
  }
}
