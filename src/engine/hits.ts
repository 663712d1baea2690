import type { ChosenFunction } from '../analyze/build.ts';
import type { AnalysedFile } from '../analyze/files.ts';
import { type FunctionCounts, withHits } from '../analyze/with-hits.ts';
import { functionCalls, lineHits, type PlaceLine } from '../hits/lines.ts';
import type { FunctionProfile } from '../model/profile.ts';
import type { SourceFile } from '../model/source.ts';
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
  const lines = new Map<string, readonly (number | null)[]>();
  const counts = withHits(functions, (index) => {
    const { function: one, file } = chosen[index]!;
    // `chosen` holds files of the analysis; the narrow type serves those that were never loaded.
    const analysed = file as AnalysedFile;
    const source = analysed.source();
    if (source === null) return null;
    const calls = counted === null ? null : callsOf(analysed, source, one, counted);
    const callsInTimedRun = timed === null ? null : callsOf(analysed, source, one, timed);
    if (calls === null && callsInTimedRun === null) return null;
    const key = analysed.path;
    if (counted !== null && !lines.has(key)) lines.set(key, linesOf(analysed, source, counted));
    const counts: FunctionCounts = {
      calls,
      callsInTimedRun,
      line: (line) => (calls === null ? null : (lines.get(key)?.[line - 1] ?? null)),
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

type Place = PlaceLine | undefined;

/** For each of a file's scripts that was counted: its counts, and the way from original lines to its text. */
function countedScripts(
  file: AnalysedFile,
  source: SourceFile,
  hits: HitsByHash,
): { readonly scripts: readonly ScriptHits[]; readonly place: Place }[] {
  const seen = new Set<string>();
  return file.scripts.flatMap((script) => {
    const map = script as ScriptMap;
    const scripts = hits.get(map.textHash) ?? [];
    if (scripts.length === 0 || seen.has(map.textHash)) return [];
    seen.add(map.textHash);
    const place: Place = map.mapped
      ? (_script, line) => {
          const start = source.codeStarts[line - 1] ?? -1;
          if (start < 0) return null;
          return map.generatedOffset(file.path, line, start - (file.lineStarts[line - 1] ?? 0));
        }
      : undefined;
    return [{ scripts, place }];
  });
}

function linesOf(file: AnalysedFile, source: SourceFile, hits: HitsByHash): (number | null)[] {
  return sum(
    countedScripts(file, source, hits).map(({ scripts, place }) => lineHits(source, scripts, place)),
  );
}

function callsOf(
  file: AnalysedFile,
  source: SourceFile,
  one: SourceFile['functions'][number],
  hits: HitsByHash,
): number | null {
  const calls = countedScripts(file, source, hits)
    .map(({ scripts, place }) => functionCalls(source, one, scripts, place))
    .filter((each) => each !== null);
  return calls.length === 0 ? null : calls.reduce((a, b) => a + b, 0);
}

function sum(lists: readonly (readonly (number | null)[])[]): (number | null)[] {
  const [first, ...rest] = lists;
  if (first === undefined) return [];
  return first.map((value, index) =>
    rest.reduce((total, list) => {
      const other = list[index] ?? null;
      return other === null ? total : (total ?? 0) + other;
    }, value),
  );
}
