import type { FrameKind } from '../model/profile.ts';
import type { SourceFunction } from '../model/source.ts';
import type { AnalysedFile, FileTable } from './files.ts';
import { functionIndexAt, functionIndexOnLine } from './function-at.ts';
import type {
  InputFrame,
  InputFunction,
  InputPosition,
  InputScript,
  InputScriptMap,
  InputTables,
} from './input.ts';
import { scriptKind } from './kinds.ts';
import { createPairTable, type PairTable } from './pair-table.ts';

/**
 * A function of the run. Own code is known by its original source (`source` then holds it), packages and
 * Node's code by V8's ranges, builtins and native code by name.
 */
export interface PlacedFunction {
  readonly id: number;
  readonly kind: FrameKind;
  readonly name: string;
  /** Absolute path or URL; null for builtins and native code. */
  readonly path: string | null;
  readonly line: number | null;
  readonly column: number | null;
  readonly source: SourceFunction | null;
}

/** A line of a function, as stacks hold it. */
export interface Place {
  readonly id: number;
  /** The innermost function. */
  readonly functionId: number;
  readonly isJs: boolean;
  /** The innermost function and those it is written inside of. */
  readonly chain: Int32Array;
  /** For each of `chain`, the slot of this line within it; empty where the line is not known. */
  readonly slots: Int32Array;
}

export interface Places {
  readonly functions: readonly PlacedFunction[];
  readonly list: readonly Place[];
  /** (function id, line) → slot. */
  readonly slots: PairTable;
  /** Notes on scripts whose source map or text could not be used. */
  notes(): readonly string[];
  /** Resolves the frames of one log. */
  resolver(tables: InputTables): (frameId: number) => Place;
  /** The id of a source function that was met on a stack, or -1. */
  find(path: string, fn: SourceFunction): number;
}

export interface PlacesOptions {
  readonly open: (script: InputScript) => InputScriptMap;
  readonly files: FileTable;
  /** Whose code it is; overrides the rule of `scriptKind` where it answers. */
  readonly kindOf: (path: string | null, url: string) => FrameKind | null;
  /** Whether lines of the script's functions are asked for (own code always is). */
  readonly detailed: (path: string) => boolean;
}

/** No places yet. */
export function createPlaces(options: PlacesOptions): Places {
  const functions: PlacedFunction[] = [];
  const functionIds = new Map<string, number>();
  const slots = createPairTable();
  const list: Place[] = [];
  const placeIds = createPairTable();
  const notes = new Set<string>();

  const functionId = (key: string, make: () => Omit<PlacedFunction, 'id'>): number => {
    let id = functionIds.get(key);
    if (id === undefined) {
      id = functions.length;
      functions.push({ id, ...make() });
      functionIds.set(key, id);
    }
    return id;
  };
  const sourceId = (file: AnalysedFile, fn: SourceFunction, kind: FrameKind): number =>
    functionId(sourceKey(file.path, fn), () => ({
      kind,
      name: fn.name,
      path: file.path,
      line: fn.line,
      column: fn.column,
      source: fn,
    }));
  const placeOf = (
    innermost: number,
    line: number,
    isJs: boolean,
    chain: readonly number[],
    withLine: boolean,
  ) => {
    const id = placeIds.id(innermost, line);
    const known = list[id];
    if (known !== undefined) return known;
    const place: Place = {
      id,
      functionId: innermost,
      isJs,
      chain: Int32Array.from(chain),
      slots: withLine ? Int32Array.from(chain, (fn) => slots.id(fn, line)) : new Int32Array(0),
    };
    list[id] = place;
    return place;
  };

  /** By V8's own range: all there is for packages, Node's code and code without a source. */
  const engineFunction = (
    fn: InputFunction,
    script: InputScript | undefined,
    kind: FrameKind,
    path: string | null,
  ) => {
    const url = script?.url ?? '';
    const where = path ?? (url === '' ? null : url);
    const key = `v8 ${where ?? `script ${fn.scriptId}`} ${fn.start} ${fn.end}`;
    const id = functionId(key, () => ({
      kind,
      name: fn.name === '' ? (fn.start === 0 ? '<module>' : '<anonymous>') : fn.name,
      path: where,
      line: where === null ? null : fn.line,
      column: where === null ? null : fn.column,
      source: null,
    }));
    return placeOf(id, 0, true, [id], false);
  };

  const inSource = (
    position: InputPosition,
    script: InputScriptMap,
    name: string,
    hasLine: boolean,
  ): Place | null => {
    const file = options.files.get(position.file, script);
    const source = file?.source() ?? null;
    if (file === null && options.files.find(position.file) !== null)
      notes.add(`${position.file} was loaded with several texts: lines are those of the first alone.`);
    if (file === null || source === null) {
      if (file !== null) notes.add(`${position.file} does not parse: ${file.problem()}`);
      return null;
    }
    const start = file.lineStarts[position.line - 1];
    if (start === undefined) return null;
    const kind =
      options.kindOf(position.file, script.url) ??
      scriptKind(script.mapped ? position.file : script.path, script.url);
    const chain: number[] = [];
    let index: number | null = script.hasColumns
      ? functionIndexAt(source.functions, start + position.column)
      : functionIndexOnLine(source.functions, start, position.line, name);
    while (index !== null) {
      const fn: SourceFunction = source.functions[index]!;
      chain.push(sourceId(file, fn, kind));
      index = fn.parent;
    }
    return placeOf(chain[0]!, hasLine ? position.line : 0, true, chain, hasLine);
  };

  const resolveJs = (
    frame: InputFrame,
    tables: InputTables,
    maps: Map<number, InputScriptMap | null>,
  ): Place => {
    const { fn } = frame;
    if (fn === null) {
      // Node's own functions of its start-up snapshot have no name; a frame that V8 left out has.
      const isLost = frame.name !== '';
      const id = functionId(`unknown ${frame.name}`, () => ({
        kind: isLost ? 'native' : 'node',
        name: isLost ? frame.name : '(node internals)',
        path: null,
        line: null,
        column: null,
        source: null,
      }));
      return placeOf(id, 0, true, [], false);
    }
    if (frame.otherOffsets !== undefined) {
      const { otherOffsets, ...at } = frame;
      const all = [frame.offset, ...otherOffsets].map((offset) => resolveJs({ ...at, offset }, tables, maps));
      return all.every((place) => place === all[0])
        ? all[0]!
        : resolveJs({ ...at, offset: -1 }, tables, maps);
    }
    const script = tables.scripts.get(fn.scriptId);
    const url = script?.url ?? '';
    if (script === undefined || url === '') return engineFunction(fn, script, 'own', null);
    let map = maps.get(fn.scriptId);
    if (map === undefined) {
      const path = plainPath(url);
      const kind = options.kindOf(path, url) ?? scriptKind(path, url);
      map = kind === 'own' || (path !== null && options.detailed(path)) ? options.open(script) : null;
      if (map !== null && map.note !== null) notes.add(map.note);
      maps.set(fn.scriptId, map);
    }
    if (map === null) {
      const path = plainPath(url);
      return engineFunction(fn, script, options.kindOf(path, url) ?? scriptKind(path, url), path);
    }
    const hasLine = frame.offset >= 0;
    // An arrow's result is positioned at its end, which is already the text around it.
    const position = map.at(hasLine ? Math.min(frame.offset, Math.max(fn.start, fn.end - 1)) : fn.start);
    const place = position === null ? null : inSource(position, map, fn.name, hasLine);
    return (
      place ??
      engineFunction(fn, script, options.kindOf(map.path, url) ?? scriptKind(map.path, url), map.path)
    );
  };

  return {
    functions,
    list,
    slots,
    notes: () => [...notes],
    find: (path, fn) => functionIds.get(sourceKey(path, fn)) ?? -1,
    resolver(tables) {
      const known: Place[] = [];
      const maps = new Map<number, InputScriptMap | null>();
      return (frameId) => {
        let place = known[frameId];
        if (place === undefined) {
          const frame = tables.frames[frameId]!;
          if (frame.kind === 'js') place = resolveJs(frame, tables, maps);
          else {
            const { kind, name } = frame;
            const id = functionId(`${kind} ${name}`, () => ({
              kind,
              name,
              path: null,
              line: null,
              column: null,
              source: null,
            }));
            place = placeOf(id, 0, false, [], false);
          }
          known[frameId] = place;
        }
        return place;
      };
    },
  };
}

function sourceKey(path: string, fn: SourceFunction): string {
  return `source ${path} ${fn.start} ${fn.end} ${fn.kind}`;
}

/** The path in a script's URL, for telling kinds apart; exact paths come from the script's map. */
function plainPath(url: string): string | null {
  if (url.startsWith('file://')) {
    try {
      return decodeURIComponent(
        url.slice(url.startsWith('file:///') && /^file:\/\/\/[a-z]:/i.test(url) ? 8 : 7),
      );
    } catch {
      return url.slice(7);
    }
  }
  return /^(?:\/|[a-z]:[\\/]|\\\\)/i.test(url) ? url : null;
}
