import { join, normalize } from 'node:path';
import type { LineMemory } from '../model/memory.ts';
import type { FunctionProfile, Profile, RunFacts } from '../model/profile.ts';
import { alignLines } from './align.ts';

/**
 * The memory of each line of a function that was timed, from the last memory run of the same function: by what the
 * lines hold, so a line that was changed in between has none. Undefined: it was never read.
 */
export function memoryBeside(
  run: RunFacts,
  fn: FunctionProfile,
  memory: Profile | null,
): readonly (LineMemory | null)[] | undefined {
  const read = memory && functionIn(memory, run, fn);
  if (!read) return undefined;
  const lines: (LineMemory | null)[] = fn.lines.map(() => null);
  const texts = (of: FunctionProfile) => of.lines.map(({ text }) => text);
  for (const { index, line, stale } of alignLines(texts(read), 1, texts(fn))) {
    if (!stale) lines[line - 1] = read.lines[index]!.memory;
  }
  return lines;
}

/** The function of another profile: same name in the same file, the nearest one where there are several. */
function functionIn(other: Profile, run: RunFacts, fn: FunctionProfile): FunctionProfile | null {
  const pathOf = (cwd: string, file: string) =>
    normalize(/^([\\/]|\w:[\\/])/.test(file) ? file : join(cwd, file));
  const path = pathOf(run.cwd, fn.file);
  const same = other.functions.filter(
    (one) => one.name === fn.name && one.memory != null && pathOf(other.run.cwd, one.file) === path,
  );
  const far = ({ line }: FunctionProfile) => Math.abs(line - fn.line);
  return same.reduce<FunctionProfile | null>(
    (near, one) => (near === null || far(one) < far(near) ? one : near),
    null,
  );
}
