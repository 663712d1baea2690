import { resolve } from 'node:path';
import { type AnalysedFile, createFileTable, lineText } from '../analyze/files.ts';
import { shownPath } from '../analyze/kinds.ts';
import { functionMadeFrom, placeIn, sameFunction } from '../hits/placing.ts';
import type { ThreadMemory } from '../launch/readings.ts';
import { addLines, lineKey, memoryLines, type ReadFunctionMemory } from '../memory/lines.ts';
import type { FunctionMemory, LineMemory, ObjectsLine, ObjectsMemory } from '../model/memory.ts';
import type { FunctionProfile, LineStats } from '../model/profile.ts';
import type { ProfileRequest } from '../model/request.ts';
import type { SourceFile, SourceFunction } from '../model/source.ts';
import type { MemoryScript } from '../protocol/memory.ts';
import { markedFunctions, type SelectedFunction, selectFunctions } from '../source/select.ts';
import type { KnownMap } from '../sourcemap/find-map.ts';
import { createMapper, type ScriptMap } from '../sourcemap/mapper.ts';
import { noSuchFunction, withUnloaded } from './choose.ts';
import { nothingRead } from './memory.ts';
import { type ObjectsByFunction, type ObjectsLeft, objectsKey } from './objects.ts';
import { namedFiles, parseOnce, readText, realPath } from './sources.ts';
import { staleNotes } from './stale.ts';

/** The functions of a memory run, and what must be known about them all. */
export interface BuiltMemory {
  readonly functions: readonly FunctionProfile[];
  readonly notes: readonly string[];
}

/**
 * Readings of all threads → profiles of the chosen functions.
 * @throws ProfileError `no-such-function`
 */
export function buildMemory(
  threads: readonly ThreadMemory[],
  request: ProfileRequest,
  also: readonly string[],
  objects: ObjectsByFunction,
  savedMap: (textHash: string) => KnownMap | null,
  exitCode: number | null,
): BuiltMemory {
  const mapper = createMapper({ readFile: readText, cwd: request.cwd, savedMap });
  const table = createFileTable(parseOnce());
  const maps = new Map<string, ScriptMap>();
  const mapOf = (script: MemoryScript): ScriptMap => {
    const key = `${script.path}\n${script.textHash}`;
    let map = maps.get(key);
    if (map === undefined) {
      map = mapper.open({ url: script.path, text: () => script.text });
      maps.set(key, map);
      for (const file of map.files) table.get(file, map);
    }
    return map;
  };
  const lines = new Map<string, LineMemory>();
  const texts: ReadText[] = [];
  for (const thread of threads) {
    const read = memoryLines(thread, (script, offset) => mapOf(script).atLoaded(offset));
    for (const [key, line] of read.lines) lines.set(key, addLines(lines.get(key) ?? null, line));
    for (const script of thread.scripts) {
      const functions = read.functions.filter((one) => one.script === script);
      texts.push({ script, map: mapOf(script), functions });
    }
  }
  const files = table.all();
  const { chosen, notes } = choose(files, request, also, exitCode);
  const byPath = new Map(files.map((file) => [file.path, file]));
  const shown = chosen
    .map((one) => ({ one, sum: sumOf(one, texts, byPath.get(one.path) ?? null, objects) }))
    .filter(
      ({ one, sum }) => isShown(one, chosen, request) && (!isPattern(one) || (sum !== null && sum.calls > 0)),
    );
  if (shown.length === 0) throw nothingRead(request);
  return {
    functions: shown.map(({ one, sum }) =>
      profileOf(one, byPath.get(one.path) ?? null, sum, lines, request.cwd),
    ),
    notes: [
      ...notes,
      ...[...maps.values()].flatMap(({ note }) => (note === null ? [] : [note])),
      ...staleNotes(
        shown.map(({ one: { path } }) => ({ path, file: byPath.get(path) ?? {} })),
        request.cwd,
      ),
    ],
  };
}

/** Whether the function was meant among others, by a file or a glob: it is shown if it was called. */
function isPattern({ wholeFile, selector }: SelectedFunction): boolean {
  return wholeFile || /[*?{[(!]/.test(selector ?? '');
}

/** Left out: the called expression behind its module's own text, and nameless functions within chosen ones. */
function isShown(
  one: SelectedFunction,
  chosen: readonly SelectedFunction[],
  { way, cwd }: ProfileRequest,
): boolean {
  const { path, function: fn } = one;
  if (way.kind === 'call' && realPath(resolve(cwd, way.file)) === path) {
    if (fn.start >= (readText(path)?.length ?? Infinity)) return false;
  }
  const isInside = chosen.some(
    (other) =>
      other !== one &&
      other.path === path &&
      other.function.start <= fn.start &&
      fn.end <= other.function.end,
  );
  return !isInside || !isPattern(one) || !fn.name.endsWith('<anonymous>');
}

interface FunctionSum {
  calls: number;
  memory: FunctionMemory;
}

/** A text that one thread loaded, and what its functions did there. */
interface ReadText {
  readonly script: MemoryScript;
  readonly map: ScriptMap;
  readonly functions: readonly ReadFunctionMemory[];
}

/** What a function of a file did in all texts that hold it; null: in none. */
function sumOf(
  { path, source, function: fn }: SelectedFunction,
  texts: readonly ReadText[],
  file: AnalysedFile | null,
  objects: ObjectsByFunction,
): FunctionSum | null {
  if (file === null) return null;
  let sum = null as FunctionSum | null;
  for (const text of texts) {
    const { script, map } = text;
    const found = map.files.includes(path) ? functionIn(text, file, source, fn) : null;
    if (found === null) continue;
    const { start, end, memory } = found;
    const left = objects.get(objectsKey(script.path, script.textHash, start, end)) ?? null;
    const before: FunctionMemory | null = sum?.memory ?? null;
    sum = {
      calls: (sum?.calls ?? 0) + memory.occurrences,
      memory: {
        allocatedBytes: (before?.allocatedBytes ?? 0) + memory.allocated,
        incrementBytes:
          memory.increment === null
            ? (before?.incrementBytes ?? null)
            : (before?.incrementBytes ?? 0) + memory.increment,
        isEstimated: memory.isEstimated || before?.isEstimated === true,
        objects: before?.objects ?? left?.map((one) => withLines(one, map, path)) ?? null,
      },
    };
  }
  return sum;
}

/** The function of a loaded text that was made from a function of a file. */
function functionIn(
  { script, map, functions }: ReadText,
  file: AnalysedFile,
  source: SourceFile,
  fn: SourceFunction,
): ReadFunctionMemory | null {
  const isWhole = ({ start, end }: ReadFunctionMemory): boolean => start === 0 && end === script.text.length;
  if (fn.kind === 'module') {
    const whole = functions.find(isWhole) ?? null;
    return whole !== null && map.atLoaded(firstMapped(map, whole.end))?.file === file.path ? whole : null;
  }
  const inner = functions.filter((one) => !isWhole(one));
  return map.mapped
    ? functionMadeFrom(source, fn, inner, placeIn(map, file.path, file.lineStarts))
    : sameFunction(fn, inner);
}

/** Objects with the lines of `path` that made them. */
function withLines({ name, count, bytes, made }: ObjectsLeft, map: ScriptMap, path: string): ObjectsMemory {
  const lines = new Map<number, ObjectsLine>();
  for (const one of made) {
    const at = map.atLoaded(one.offset);
    if (at === null || at.file !== path) continue;
    const before = lines.get(at.line) ?? { line: at.line, count: 0, bytes: 0 };
    lines.set(at.line, {
      line: at.line,
      count: before.count + one.count,
      bytes: before.bytes + one.bytes,
    });
  }
  if (lines.size === 0) return { name, count, bytes };
  return { name, count, bytes, lines: [...lines.values()].sort((a, b) => b.bytes - a.bytes) };
}

/** The first offset that comes from a source: bundlers put code of their own before it. */
function firstMapped(map: ScriptMap, end: number): number {
  if (!map.mapped) return 0;
  for (let offset = 0; offset < end; offset++) if (map.atLoaded(offset) !== null) return offset;
  return 0;
}

function choose(
  files: readonly AnalysedFile[],
  request: ProfileRequest,
  also: readonly string[],
  exitCode: number | null,
): { readonly chosen: readonly SelectedFunction[]; readonly notes: readonly string[] } {
  const parsed = (list: readonly AnalysedFile[]) =>
    list.flatMap((file) => {
      const source = file.source();
      return source === null ? [] : [{ path: file.path, source }];
    });
  if (request.functions.length > 0) {
    const all = parsed(withUnloaded(files, namedFiles(request)));
    const { functions, unmatched } = selectFunctions(all, request.functions, request.cwd);
    const [missing] = unmatched;
    if (missing === undefined) return { chosen: functions, notes: [] };
    throw noSuchFunction(missing, null, exitCode);
  }
  const marked = markedFunctions(parsed(files));
  if (marked.length > 0) return { chosen: marked, notes: [] };
  const { functions } = selectFunctions(parsed(files), also, request.cwd);
  const what =
    request.way.kind === 'call' ? 'the functions that the expression names' : "the script's own lines";
  return {
    chosen: functions,
    notes: [`No function was chosen (-f) or marked (/** @profile */): ${what}.`],
  };
}

function profileOf(
  { path, function: fn }: SelectedFunction,
  file: AnalysedFile | null,
  sum: FunctionSum | null,
  lines: ReadonlyMap<string, LineMemory>,
  cwd: string,
): FunctionProfile {
  const stats: LineStats[] = [];
  for (let line = fn.line; line <= fn.endLine; line++) {
    const memory = lines.get(lineKey(path, line)) ?? null;
    stats.push({
      line,
      text: file === null ? '' : lineText(file, line),
      hits: null,
      selfSamples: 0,
      samples: 0,
      selfMicros: null,
      totalMicros: null,
      percent: null,
      percentMargin: null,
      percentLow: null,
      percentHigh: null,
      where: {},
      calls: [],
      memory,
    });
  }
  return {
    name: fn.name,
    file: shownPath(path, cwd),
    line: fn.line,
    column: fn.column,
    endLine: fn.endLine,
    calls: sum?.calls ?? null,
    callsInTimedRun: null,
    selfMicros: null,
    totalMicros: null,
    samples: 0,
    selfSamples: 0,
    lines: stats,
    memory: sum?.memory ?? null,
    notes:
      sum === null ? ['Never called in this run, or its file was not loaded: there is nothing to read.'] : [],
  };
}
