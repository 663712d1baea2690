import type { Code, CodeKind, CodeSource, LogFunction, SharedFunction } from './code.ts';
import { decimalField, fieldEnd, hexField, textField } from './fields.ts';
import type { MachineCode } from './machine-code.ts';
import { decodeInlinedFunctions } from './positions.ts';
import type { LogScript } from './scripts.ts';
import type { Symbols } from './symbols.ts';

/** What `code-creation`, `code-source-info`, `code-move`, `code-delete` and `sfi-move` build up. */
export interface CodeEvents {
  /**
   * Each takes the bytes behind the event's name and comma; false (`bad`) when the line is malformed. Code whose
   * machine code has not been written yet is not taken (`early`), unless this is `final`.
   */
  creation(bytes: Buffer, from: number, to: number, final: boolean): 'taken' | 'early' | 'bad';
  sourceInfo(bytes: Buffer, from: number, to: number): boolean;
  move(bytes: Buffer, from: number, to: number): boolean;
  remove(bytes: Buffer, from: number, to: number): boolean;
  sfiMove(bytes: Buffer, from: number, to: number): boolean;
  /** Names of embedder callbacks by their entry address. */
  readonly callbacks: ReadonlyMap<number, string>;
}

/** Feeds `symbols`; functions are interned by script and range. `onCode` is told of code when all is known of it. */
export function createCodeEvents(
  symbols: Symbols,
  scripts: Map<number, LogScript>,
  machineCode: MachineCode | null,
  onCode: (code: Code) => void = () => {},
): CodeEvents {
  const functions = new Map<string, LogFunction>();
  /** By the SharedFunctionInfo's address, as of now. */
  const shared = new Map<number, SharedFunction>();
  const callbacks = new Map<number, string>();

  const functionOf = (scriptId: number, start: number, end: number, codeName: string): LogFunction => {
    const key = `${scriptId},${start},${end}`;
    let fn = functions.get(key);
    if (fn === undefined) {
      if (!scripts.has(scriptId)) noteNodeScript(scripts, scriptId, codeName);
      fn = { scriptId, start, end, ...namedPlace(codeName, scripts.get(scriptId)?.url ?? '') };
      functions.set(key, fn);
    }
    return fn;
  };

  const sharedAt = (sfi: number): SharedFunction => {
    let entry = shared.get(sfi);
    if (entry === undefined) {
      entry = { fn: null, waiting: [] };
      shared.set(sfi, entry);
    }
    return entry;
  };

  return {
    callbacks,
    creation(bytes, from, to, final) {
      const typeEnd = fieldEnd(bytes, from, to);
      const kindEnd = fieldEnd(bytes, typeEnd + 1, to);
      const timeEnd = fieldEnd(bytes, kindEnd + 1, to);
      const startEnd = fieldEnd(bytes, timeEnd + 1, to);
      const sizeEnd = fieldEnd(bytes, startEnd + 1, to);
      const nameEnd = fieldEnd(bytes, sizeEnd + 1, to);
      const start = hexField(bytes, timeEnd + 1, startEnd);
      const size = decimalField(bytes, startEnd + 1, sizeEnd);
      if (!(start >= 0) || !(size >= 0) || sizeEnd >= to) return 'bad';
      const type = bytes.toString('latin1', from, typeEnd);
      const name = textField(bytes, sizeEnd + 1, nameEnd);
      if (type === 'Callback') {
        callbacks.set(start, name);
        return 'taken';
      }
      const instructions = machineCode?.take(start, size) ?? null;
      if (instructions === null && !final && machineCode?.isUsedUp === true) return 'early';
      const sfiEnd = fieldEnd(bytes, nameEnd + 1, to);
      const sfi = nameEnd < to ? hexField(bytes, nameEnd + 1, sfiEnd) : Number.NaN;
      const state = sfiEnd < to ? bytes.toString('latin1', sfiEnd + 1, fieldEnd(bytes, sfiEnd + 1, to)) : '';
      const kind = kindOf(type, name, state);
      if (type === 'Builtin' || type === 'BytecodeHandler') symbols.embedded.note(start, size);
      const code: Code = {
        kind,
        name,
        start,
        size,
        sfi,
        source: null,
        cachedAddresses: [],
        resolved: new Map(),
        alive: true,
        machineCode: kind === 'turbofan' || kind === 'maglev' ? instructions : null,
        bytes: instructions,
        madeAt: start,
      };
      symbols.addCode(code);
      if (kind === 'builtin' || kind === 'interpreter') onCode(code);
      return 'taken';
    },
    sourceInfo(bytes, from, to) {
      const addressEnd = fieldEnd(bytes, from, to);
      const scriptEnd = fieldEnd(bytes, addressEnd + 1, to);
      const startEnd = fieldEnd(bytes, scriptEnd + 1, to);
      const endEnd = fieldEnd(bytes, startEnd + 1, to);
      const positionsEnd = fieldEnd(bytes, endEnd + 1, to);
      const inliningEnd = fieldEnd(bytes, positionsEnd + 1, to);
      const address = hexField(bytes, from, addressEnd);
      const scriptId = decimalField(bytes, addressEnd + 1, scriptEnd);
      const start = decimalField(bytes, scriptEnd + 1, startEnd);
      const end = decimalField(bytes, startEnd + 1, endEnd);
      if (!(address >= 0) || Number.isNaN(scriptId + start + end) || inliningEnd >= to + 1) return false;
      const code = symbols.codes.startingAt(address);
      if (code === null) return false;
      const fn = functionOf(scriptId, start, end, code.name);
      if (code.sfi >= 0) {
        const entry = sharedAt(code.sfi);
        // An address may have been reused for another function.
        if (entry.fn !== null && entry.fn !== fn) shared.set(code.sfi, { fn, waiting: [] });
        else {
          entry.fn = fn;
          for (const waiting of entry.waiting.splice(0)) symbols.changed(waiting);
        }
      }
      const source: CodeSource = {
        fn,
        positionText: bytes.toString('latin1', endEnd + 1, positionsEnd),
        inliningText: bytes.toString('latin1', positionsEnd + 1, inliningEnd),
        inlined: decodeInlinedFunctions(bytes.toString('latin1', inliningEnd + 1, to)).map(sharedAt),
        positions: null,
        inlining: null,
        outOfLine: undefined,
      };
      code.source = source;
      onCode(code);
      return true;
    },
    move(bytes, from, to) {
      const [source, target] = twoAddresses(bytes, from, to);
      if (!(source >= 0 && target >= 0)) return false;
      symbols.codes.move(source, target);
      return true;
    },
    remove(bytes, from, to) {
      const start = hexField(bytes, from, fieldEnd(bytes, from, to));
      if (!(start >= 0)) return false;
      symbols.codes.remove(start);
      return true;
    },
    sfiMove(bytes, from, to) {
      const [source, target] = twoAddresses(bytes, from, to);
      if (!(source >= 0 && target >= 0)) return false;
      const entry = shared.get(source);
      if (entry !== undefined) {
        shared.delete(source);
        shared.set(target, entry);
      }
      return true;
    },
  };
}

/** `code-creation`'s type and state → kind. */
function kindOf(type: string, name: string, state: string): CodeKind {
  if (type === 'BytecodeHandler' || (type === 'Builtin' && name.startsWith('Interpreter')))
    return 'interpreter';
  // `'` marks code that is current, `o` code for on-stack replacement.
  for (const mark of state) {
    if (mark === '~') return 'interpreted';
    if (mark === '^') return 'baseline';
    if (mark === '+') return 'maglev';
    if (mark === '*') return 'turbofan';
  }
  return type === 'Builtin' || type === 'Handler' || type === 'Stub' ? 'builtin' : 'native';
}

/** `readFileSync node:fs:441:22` → the script: Node's own are not in the log when they were loaded before the preload. */
function noteNodeScript(scripts: Map<number, LogScript>, id: number, codeName: string): void {
  const url = /(?:^| )(node:[\w/.-]+):\d+:\d+$/.exec(codeName)?.[1];
  if (url !== undefined) scripts.set(id, { id, url, text: () => '' });
}

/** `work file:///p.mjs:3:14` → name, line, column. The name may hold spaces, the URL is known. */
function namedPlace(codeName: string, url: string): Pick<LogFunction, 'name' | 'line' | 'column'> {
  const place = /^(.*):(\d+):(\d+)$/s.exec(codeName);
  const head = place?.[1] ?? codeName;
  const name = url !== '' && head.endsWith(url) ? head.slice(0, head.length - url.length) : head;
  return {
    name: name.trimEnd(),
    line: Number(place?.[2] ?? 1),
    column: Math.max(0, Number(place?.[3] ?? 1) - 1),
  };
}

function twoAddresses(bytes: Buffer, from: number, to: number): readonly [number, number] {
  const middle = fieldEnd(bytes, from, to);
  return [hexField(bytes, from, middle), hexField(bytes, middle + 1, fieldEnd(bytes, middle + 1, to))];
}
