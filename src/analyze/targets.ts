import type { SourceFile, SourceFunction } from '../model/source.ts';
import type { ChosenFunction } from './build.ts';
import type { AnalysedFile } from './files.ts';
import type { InputScriptMap } from './input.ts';

/** Functions to count in one loaded text; the shape of the collector's `ScriptTarget`. */
export interface CountTarget {
  readonly path: string;
  readonly textHash: string;
  readonly ranges: readonly (readonly [number, number])[];
  readonly mapped: boolean;
}

/** Of the functions of a mapped script, the one made from `one` of `file`. */
export type MadeFrom = (
  script: InputScriptMap,
  file: AnalysedFile,
  one: SourceFunction,
  functions: readonly SourceFunction[],
) => SourceFunction | null;

/**
 * Where the chosen functions are in the texts that were loaded, for the counting run. Scripts without a file are left
 * out: nothing can change their text while it is loaded.
 */
export function countTargets(
  chosen: readonly ChosenFunction[],
  files: readonly AnalysedFile[],
  parse: (text: string, file: string) => SourceFile,
  madeFrom: MadeFrom,
): CountTarget[] {
  const targets = new Map<string, CountTarget>();
  for (const file of files) {
    const mine = chosen.filter(({ path }) => path === file.path);
    if (mine.length === 0) continue;
    for (const script of file.scripts) {
      if (script.path === null) continue;
      const ranges = script.mapped ? mappedRanges(script, mine, file, parse, madeFrom) : mine.map(rangeOf);
      const key = `${script.textHash} ${script.path}`;
      const before = targets.get(key)?.ranges ?? [];
      targets.set(key, {
        path: script.path,
        textHash: script.textHash,
        ranges: distinct([...before, ...ranges]),
        mapped: script.mapped,
      });
    }
  }
  return [...targets.values()];
}

function rangeOf({ function: { start, end } }: ChosenFunction): readonly [number, number] {
  return [start, end];
}

function mappedRanges(
  script: InputScriptMap,
  chosen: readonly ChosenFunction[],
  file: AnalysedFile,
  parse: (text: string, file: string) => SourceFile,
  madeFrom: MadeFrom,
): (readonly [number, number])[] {
  let generated: SourceFile;
  try {
    generated = parse(script.text, script.path ?? script.url);
  } catch {
    return [];
  }
  return chosen.flatMap(({ function: one }) => {
    const made =
      one.kind === 'module'
        ? generated.functions.find(({ kind }) => kind === 'module')
        : madeFrom(script, file, one, generated.functions);
    return made == null ? [] : [[made.start, made.end] as const];
  });
}

function distinct(ranges: readonly (readonly [number, number])[]): (readonly [number, number])[] {
  const byKey = new Map(ranges.map((range) => [`${range[0]} ${range[1]}`, range]));
  return [...byKey.values()].sort((a, b) => a[0] - b[0] || b[1] - a[1]);
}
