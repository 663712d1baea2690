import type { SourceFile, SourceFunction } from '../model/source.ts';
import type { ChosenFunction } from './build.ts';
import type { AnalysedFile } from './files.ts';
import { functionIndexAt } from './function-at.ts';
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
 * Where the chosen functions are in the texts that were loaded, for the counting run. In a mapped text a
 * function counts as chosen when its start comes from inside a chosen one, or `madeFrom` says so. Scripts without a
 * file are left out: nothing can change their text while it is loaded.
 */
export function countTargets(
  chosen: readonly ChosenFunction[],
  files: readonly AnalysedFile[],
  parse: (text: string, file: string) => SourceFile,
  madeFrom: MadeFrom = () => null,
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
  const original = file.source();
  if (original === null) return [];
  let generated: SourceFile;
  try {
    generated = parse(script.text, script.path ?? script.url);
  } catch {
    return [];
  }
  // Not by start alone: the module and its first function may start at the same offset.
  const wanted = new Set(chosen.map(({ function: fn }) => keyOf(fn)));
  const isChosenAt = (generatedOffset: number): boolean => {
    const position = script.atLoaded(generatedOffset);
    if (position === null || position.file !== file.path) return false;
    const offset = (file.lineStarts[position.line - 1] ?? 0) + position.column;
    let index: number | null = functionIndexAt(original.functions, offset);
    while (index !== null) {
      const source: SourceFile['functions'][number] = original.functions[index]!;
      if (wanted.has(keyOf(source))) return true;
      index = source.parent;
    }
    return false;
  };
  const made = new Set(
    chosen
      .filter(({ function: { kind } }) => kind !== 'module')
      .map(({ function: one }) => madeFrom(script, file, one, generated.functions)),
  );
  return (
    generated.functions
      // A module starts where its first function does, and holds code of other functions.
      .filter((fn) =>
        fn.kind === 'module'
          ? chosen.some(({ function: { kind } }) => kind === 'module')
          : made.has(fn) || placesOf(script.text, fn).some(isChosenAt),
      )
      .map(({ start, end }) => [start, end] as const)
  );
}

/**
 * Offsets that tell where a generated function comes from: its start, its parameters and its body. Not every
 * transpiler maps each of them: TypeScript gives the `function` of `export function` to the `export`.
 */
function placesOf(text: string, { start, end }: SourceFunction): number[] {
  const parameters = text.indexOf('(', start);
  const body = text.indexOf('{', Math.max(start, parameters));
  return [start, parameters, parameters + 1, body + 1].filter((offset) => offset >= start && offset < end);
}

function keyOf({ start, end, kind }: SourceFunction): string {
  return `${start} ${end} ${kind}`;
}

function distinct(ranges: readonly (readonly [number, number])[]): (readonly [number, number])[] {
  const byKey = new Map(ranges.map((range) => [`${range[0]} ${range[1]}`, range]));
  return [...byKey.values()].sort((a, b) => a[0] - b[0] || b[1] - a[1]);
}
