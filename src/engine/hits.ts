import type { ChosenFunction } from '../analyze/build.ts';
import type { AnalysedFile } from '../analyze/files.ts';
import { type FunctionCounts, withHits } from '../analyze/with-hits.ts';
import { type CountedText, functionCalls, lineHits } from '../hits/lines.ts';
import { placeIn } from '../hits/placing.ts';
import type { FunctionProfile } from '../model/profile.ts';
import type { HitsReading, ScriptHits } from '../protocol/collector.ts';
import type { ScriptMap } from '../sourcemap/mapper.ts';

/** Counted scripts under the scripts of the timed run: a text is known by its hash. */
export type HitsByHash = ReadonlyMap<string, readonly ScriptHits[]>;

/** The counts of all threads and processes of a run, by text. */
export function hitsByHash(readings: readonly HitsReading[]): HitsByHash {
  const byHash = new Map<string, ScriptHits[]>();
  for (const { scripts } of readings) {
    for (const script of scripts) {
      const same = byHash.get(script.textHash);
      if (same === undefined) byHash.set(script.textHash, [script]);
      else same.push(script);
    }
  }
  return byHash;
}

/**
 * The functions with their hits (`counted`) and the calls of the timed run (`timed`), both null when there was
 * no such counting.
 */
export function addHits(
  functions: readonly FunctionProfile[],
  chosen: readonly ChosenFunction[],
  counted: HitsByHash | null,
  timed: HitsByHash | null,
): FunctionProfile[] {
  const lines = counted === null ? null : linesOf(chosen, counted);
  const counts = withHits(functions, (index) => {
    const { function: one, file } = chosen[index]!;
    // `chosen` holds files of the analysis; the narrow type serves those that were never loaded.
    const analysed = file as AnalysedFile;
    const source = analysed.source();
    if (source === null) return null;
    const callsIn = (hits: HitsByHash | null): number | null =>
      hits === null ? null : functionCalls(source, one, countedTexts(analysed, hits));
    const calls = callsIn(counted);
    const callsInTimedRun = callsIn(timed);
    if (calls === null && callsInTimedRun === null) return null;
    const counts: FunctionCounts = {
      calls,
      callsInTimedRun,
      line: (line) => (calls === null ? null : (lines?.[index]?.[line - one.line] ?? null)),
    };
    return counts;
  });
  if (counted === null) return counts;
  return counts.map((fn, index) => {
    const { scripts = [] } = chosen[index]!.file as AnalysedFile;
    const isEvaluated = scripts.length > 0 && scripts.every(({ path }) => path === null);
    return isEvaluated && fn.calls === null ? { ...fn, notes: [...fn.notes, EVALUATED] } : fn;
  });
}

const EVALUATED =
  'Hits are blank: the program made this code while it ran (eval, new Function, vm), past what loads modules.';

/** Each of a file's texts that was counted. */
function countedTexts(file: AnalysedFile, hits: HitsByHash): CountedText[] {
  const seen = new Set<string>();
  return file.scripts.flatMap((script) => {
    const map = script as ScriptMap;
    const scripts = hits.get(map.textHash) ?? [];
    if (scripts.length === 0 || seen.has(map.textHash)) return [];
    seen.add(map.textHash);
    return [{ scripts, ...(map.mapped && { place: placeIn(map, file.path, file.lineStarts) }) }];
  });
}

/** The hits of each chosen function's lines, from its first on. */
function linesOf(
  chosen: readonly ChosenFunction[],
  hits: HitsByHash,
): readonly (readonly (number | null)[])[] {
  const lines = new Map<ChosenFunction, readonly (number | null)[]>();
  for (const file of new Set(chosen.map((one) => one.file as AnalysedFile))) {
    const source = file.source();
    if (source === null) continue;
    const own = chosen.filter((one) => one.file === file);
    const functions = own.map((one) => one.function);
    lineHits(source, functions, countedTexts(file, hits)).forEach((counts, i) => {
      lines.set(own[i]!, counts);
    });
  }
  return chosen.map((one) => lines.get(one) ?? []);
}
