import { resolve } from 'node:path';
import { type AnalysedFile, createFileTable, lineText } from '../analyze/files.ts';
import { functionIndexAt } from '../analyze/function-at.ts';
import { shownPath } from '../analyze/kinds.ts';
import type { ThreadMemory } from '../launch/readings.ts';
import { addLines, lineKey, memoryLines, type ReadFunctionMemory } from '../memory/lines.ts';
import { ProfileError } from '../model/error.ts';
import type { FunctionMemory, LineMemory, ObjectsLine, ObjectsMemory } from '../model/memory.ts';
import type { FunctionProfile, LineStats } from '../model/profile.ts';
import type { ProfileRequest } from '../model/request.ts';
import type { MemoryScript } from '../protocol/memory.ts';
import { markedFunctions, type SelectedFunction, selectFunctions } from '../source/select.ts';
import type { KnownMap } from '../sourcemap/find-map.ts';
import { createMapper, type ScriptMap } from '../sourcemap/mapper.ts';
import { nothingRead } from './memory.ts';
import { type ObjectsByFunction, type ObjectsLeft, objectsKey } from './objects.ts';
import { namedFiles, parseOnce, readText, realPath } from './sources.ts';

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
  const functions = new Map<string, FunctionSum>();
  for (const thread of threads) {
    const read = memoryLines(thread, (script, offset) => mapOf(script).atLoaded(offset));
    for (const [key, line] of read.lines) lines.set(key, addLines(lines.get(key) ?? null, line));
    for (const one of read.functions) {
      const { script, start, end } = one;
      const left = objects.get(objectsKey(script.path, script.textHash, start, end)) ?? null;
      addFunction(functions, one, left, mapOf(script), table.find);
    }
  }
  const files = table.all();
  const { chosen, notes } = choose(files, request, also);
  const byPath = new Map(files.map((file) => [file.path, file]));
  const sumOf = ({ path, function: fn }: SelectedFunction) =>
    functions.get(functionKey(path, fn.start, fn.kind));
  const shown = chosen
    .filter((one) => isShown(one, chosen, request) && (!isPattern(one) || (sumOf(one)?.calls ?? 0) > 0))
    .map((one) => ({ one, sum: sumOf(one) }));
  if (shown.length === 0) throw nothingRead(request);
  return {
    functions: shown.map(({ one, sum }) =>
      profileOf(one, byPath.get(one.path) ?? null, sum ?? null, lines, request.cwd),
    ),
    notes: [...notes, ...[...maps.values()].flatMap(({ note }) => (note === null ? [] : [note]))],
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

function functionKey(path: string, start: number, kind: string): string {
  return `${path}\n${start}\n${kind === 'module' ? 'module' : ''}`;
}

/** The original function that a function of a loaded text was made from: the innermost around its parameters. */
function addFunction(
  sums: Map<string, FunctionSum>,
  { script, start, end, memory }: ReadFunctionMemory,
  left: readonly ObjectsLeft[] | null,
  map: ScriptMap,
  find: (path: string) => AnalysedFile | null,
): void {
  const isModule = start === 0 && end === script.text.length;
  const at = isModule ? map.atLoaded(firstMapped(map, end)) : map.atLoaded(start);
  const file = at === null ? null : find(at.file);
  const source = file?.source() ?? null;
  if (at === null || file === null || source === null) return;
  const offset = (file.lineStarts[at.line - 1] ?? 0) + at.column;
  const index = isModule ? 0 : functionIndexAt(source.functions, offset);
  const fn = source.functions[index];
  if (fn === undefined) return;
  const key = functionKey(file.path, fn.start, fn.kind);
  const before = sums.get(key);
  sums.set(key, {
    calls: (before?.calls ?? 0) + memory.occurrences,
    memory: {
      allocatedBytes: (before?.memory.allocatedBytes ?? 0) + memory.allocated,
      incrementBytes:
        memory.increment === null
          ? (before?.memory.incrementBytes ?? null)
          : (before?.memory.incrementBytes ?? 0) + memory.increment,
      isEstimated: memory.isEstimated || before?.memory.isEstimated === true,
      objects: before?.memory.objects ?? left?.map((one) => withLines(one, map, file.path)) ?? null,
    },
  });
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
): { readonly chosen: readonly SelectedFunction[]; readonly notes: readonly string[] } {
  const parsed = (list: readonly AnalysedFile[]) =>
    list.flatMap((file) => {
      const source = file.source();
      return source === null ? [] : [{ path: file.path, source }];
    });
  if (request.functions.length > 0) {
    const extra = namedFiles(request).filter(({ path }) => !files.some((file) => file.path === path));
    const { functions, unmatched } = selectFunctions(
      parsed([...files, ...extra]),
      request.functions,
      request.cwd,
    );
    const [missing] = unmatched;
    if (missing === undefined) return { chosen: functions, notes: [] };
    throw new ProfileError(
      'no-such-function',
      `no function matches '${missing.selector}' in the files that the program loaded`,
      missing.nearest.length > 0
        ? `Nearest names: ${missing.nearest.join(', ')}.`
        : 'Check that the program loads the file, and that it is not in node_modules.',
    );
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
