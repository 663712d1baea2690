import { type AnalysedFile, createFileTable } from '../analyze/files.ts';
import { functionIndexAt } from '../analyze/function-at.ts';
import type { InputScriptMap } from '../analyze/input.ts';
import { scriptKind } from '../analyze/kinds.ts';
import type { SourceFile, SourceFunction } from '../model/source.ts';
import { lineStartsOf } from '../source/lines.ts';
import type { CpuProfileNode } from './cpuprofile-file.ts';
import { originalLines } from './cpuprofile-ticks.ts';

type CallFrame = CpuProfileNode['callFrame'];

/** A function of the user's own source; one object for each. */
export interface OwnFunction {
  readonly file: AnalysedFile;
  readonly fn: SourceFunction;
  /** Itself first, then what it is written inside of, the module last. */
  readonly chain: readonly OwnFunction[];
}

/** Where samples belong: a function, and a line of it (1-based) where that is known. */
export interface TickPlace {
  readonly owner: OwnFunction;
  readonly line: number | null;
}

/** What the files on this machine say about the call frames of a profile. */
export interface CpuPlaces {
  /** The function of a call frame; null where its source is not the user's own or not to be had. */
  functionOf(frame: CallFrame): OwnFunction | null;
  /**
   * Where samples on a line (1-based, of the script) of a frame belong. A line outside of the frame's function is
   * an inlined callee's: the function that holds the line has them. Null: nowhere that is known.
   */
  placeOf(frame: CallFrame, line: number): TickPlace | null;
  /** Whether a call frame is in the user's own code and on this machine. */
  isOwn(frame: CallFrame): boolean;
  /** What could not be used, in words. */
  notes(): readonly string[];
}

interface Script {
  readonly map: InputScriptMap;
  readonly lineStarts: readonly number[];
}

/** `open` finds the script of a URL on this machine, or null; `parse` throws for what is no JavaScript. */
export function createCpuPlaces(
  open: (url: string) => InputScriptMap | null,
  parse: (text: string, file: string) => SourceFile,
): CpuPlaces {
  const files = createFileTable(parse);
  const scripts = new Map<string, Script | null>();
  const owners = new Map<string, OwnFunction[]>();
  const byFrame = new Map<string, OwnFunction | null>();
  const notes = new Set<string>();

  const scriptOf = (url: string): Script | null => {
    let script = scripts.get(url);
    if (script === undefined) {
      const map = url === '' || url.startsWith('node:') ? null : open(url);
      script = map && { map, lineStarts: lineStartsOf(map.text) };
      scripts.set(url, script);
      if (map?.note) notes.add(`${map.note[0]!.toUpperCase()}${map.note.slice(1)}.`);
      if (map === null && /^(file|https?):|^\/|^[a-z]:\\/i.test(url)) {
        notes.add(`${url} is not on this machine: its functions are not shown.`);
      }
    }
    return script;
  };
  const functionsOf = (path: string, script: Script): readonly OwnFunction[] => {
    let known = owners.get(path);
    if (known === undefined) {
      const own = scriptKind(path, path) === 'own';
      const file = own ? files.get(path, script.map) : null;
      known = file === null ? [] : ownFunctions(file);
      if (file?.problem()) notes.add(`${path} could not be read as JavaScript or TypeScript.`);
      owners.set(path, known);
    }
    return known;
  };
  const find = (frame: CallFrame): OwnFunction | null => {
    const { url, lineNumber, columnNumber } = frame;
    const script = scriptOf(url);
    if (script === null) return null;
    const { map, lineStarts } = script;
    const isModule = lineNumber <= 0 && columnNumber <= 0;
    // A bundle's outermost function has code of many files.
    if (isModule) {
      return map.mapped && map.files.length !== 1
        ? null
        : (functionsOf(map.files[0] ?? url, script)[0] ?? null);
    }
    const offset = (lineStarts[lineNumber] ?? Number.NaN) + columnNumber;
    if (!(offset < (lineStarts[lineNumber + 1] ?? map.text.length + 1))) {
      notes.add(`${map.path ?? url} is not as it was: it has no line ${lineNumber + 1} that is so long.`);
      return null;
    }
    const position = map.atLoaded(offset);
    if (position === null) return null;
    const known = functionsOf(position.file, script);
    const [first] = known;
    if (first === undefined) return null;
    const at = (first.file.lineStarts[position.line - 1] ?? 0) + position.column;
    return (
      known[
        functionIndexAt(
          known.map(({ fn }) => fn),
          at,
        )
      ] ?? null
    );
  };
  const functionOf = (frame: CallFrame): OwnFunction | null => {
    const key = `${frame.lineNumber}:${frame.columnNumber}:${frame.url}`;
    let owner = byFrame.get(key);
    if (owner === undefined) {
      owner = find(frame);
      byFrame.set(key, owner);
    }
    return owner;
  };
  const placeOf = (frame: CallFrame, line: number): TickPlace | null => {
    const script = scriptOf(frame.url);
    if (script === null) return null;
    const owner = functionOf(frame);
    // Of a file that is not as it was, no line says anything.
    if (owner === null && !script.map.mapped) return null;
    const lines = originalLines(script.map, script.lineStarts, line);
    const inside = lines.filter((one) => owner !== null && isOn(owner, one.file, one.line));
    const [own, other] = inside;
    if (owner !== null && own !== undefined) return { owner, line: other === undefined ? own.line : null };
    const [only, ...more] = lines;
    if (only === undefined || more.length > 0) return null;
    const holder = innermostOn(functionsOf(only.file, script), only.line);
    if (holder === null) return null;
    // Code outside of all functions runs in a module's own frame, and a bundle's stands for them all.
    const isModule = holder.fn.kind === 'module';
    return isModule && !(script.map.mapped && owner === null) ? null : { owner: holder, line: only.line };
  };
  return {
    functionOf,
    placeOf,
    isOwn: ({ url }) => {
      const map = scriptOf(url)?.map;
      return map !== undefined && scriptKind(map.path, url) === 'own';
    },
    notes: () => [...notes],
  };
}

function ownFunctions(file: AnalysedFile): OwnFunction[] {
  const owners: OwnFunction[] = [];
  for (const fn of file.source()?.functions ?? []) {
    const chain: OwnFunction[] = [];
    const owner = { file, fn, chain };
    chain.push(owner, ...(fn.parent === null ? [] : owners[fn.parent]!.chain));
    owners.push(owner);
  }
  return owners;
}

function isOn({ file, fn }: OwnFunction, path: string, line: number): boolean {
  return file.path === path && fn.line <= line && line <= fn.endLine;
}

/** The shortest of the functions that have the line, the first of equals. */
function innermostOn(functions: readonly OwnFunction[], line: number): OwnFunction | null {
  let best: OwnFunction | null = null;
  for (const one of functions) {
    if (one.fn.line > line || one.fn.endLine < line) continue;
    if (best === null || one.fn.endLine - one.fn.line < best.fn.endLine - best.fn.line) best = one;
  }
  return best;
}
