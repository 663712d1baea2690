import { statSync } from 'node:fs';
import type { AnalysedFile } from '../analyze/files.ts';
import { shownPath } from '../analyze/kinds.ts';
import type { ScriptMap } from '../sourcemap/mapper.ts';

/** Files are written one after another, and file systems round their times. */
const MARGIN_MILLIS = 2000;

/**
 * Notes on files whose present text was taken for what a script was made from, its source map holding none (tsc
 * writes such maps), though they were changed since: lines that moved would have others' numbers.
 */
export function staleNotes(
  chosen: readonly { readonly path: string; readonly file: Partial<AnalysedFile> }[],
  cwd: string,
): string[] {
  const files = new Map(chosen.map(({ path, file }) => [path, file]));
  // A file that was never loaded has none.
  return [...files].flatMap(([path, { scripts = [] }]) => {
    // The scripts are those of the mapper.
    const newer = (scripts as readonly ScriptMap[]).find(
      (script) =>
        script.path !== null &&
        script.path !== path &&
        script.isFromDisk(path) &&
        changedAt(path) > changedAt(script.path) + MARGIN_MILLIS,
    );
    if (newer === undefined) return [];
    const [source, script] = [shownPath(path, cwd), shownPath(newer.path!, cwd)];
    return [`${source} was changed after ${script} was made from it: if lines have moved, build it again.`];
  });
}

/** Milliseconds since 1970; NaN, which is later than nothing, for a file that is gone. */
function changedAt(path: string): number {
  return statSync(path, { throwIfNoEntry: false })?.mtimeMs ?? Number.NaN;
}
