import { createAddressCache } from './address-cache.ts';
import type { Callees } from './callees.ts';
import { type Code, type CodeSource, isMachineCode } from './code.ts';
import { type CodeMap, createCodeMap } from './code-map.ts';
import { createEmbeddedBuiltins, type EmbeddedBuiltins } from './embedded.ts';
import type { FrameTable } from './frames.ts';
import { findOutOfLine } from './out-of-line.ts';
import { decodeInlining, decodePositions, entryAt, type PositionTable } from './positions.ts';

/** What an address means: its frames (inlined calls make several), and what kind of code it is in. */
export interface Resolution {
  readonly kind: Code['kind'] | 'unknown';
  /** Ids in the frame table, outermost first; empty for the interpreter's own code and for native code. */
  readonly frames: readonly number[];
  /** JavaScript's and builtins' code; null for the interpreter's own and for native code. */
  readonly code: Code | null;
  /** What was seen to be called from here; see `callees.ts`. */
  callees: Callees | null;
}

/** Addresses → frames, for the moment of the log that has been read. */
export interface Symbols {
  readonly codes: CodeMap;
  readonly embedded: EmbeddedBuiltins;
  addCode(code: Code): void;
  /** More is known about a code: what was resolved in it is to be resolved anew. */
  changed(code: Code): void;
  /** An executable's code lies at [start, end): addresses there are native, others outside known code are not. */
  addLibrary(start: number, end: number): void;
  /** Changes whenever an address may have changed its meaning. */
  version(): number;
  /** A stack entry: a bytecode address, or a return address, which points one instruction too far. */
  atReturn(address: number): Resolution;
  /** The program counter of the innermost frame. */
  atPc(address: number): Resolution;
  /** The code that holds an address, in the logged builtins for one in their copy; null outside known code. */
  codeAt(address: number): Code | null;
  /** Offset of an address in the code that `codeAt` gave for it. */
  offsetIn(code: Code, address: number): number;
  /** The frames of JavaScript code at an offset into it, outermost first. */
  framesIn(code: Code, offset: number): readonly number[];
}

const NATIVE: Resolution = { kind: 'native', frames: [], code: null, callees: null };
const INTERPRETER: Resolution = { kind: 'interpreter', frames: [], code: null, callees: null };

/** No code yet; frames are interned in `frames`. */
export function createSymbols(frames: FrameTable, architecture: string): Symbols {
  const resolutions: Resolution[] = [NATIVE, INTERPRETER];
  const named = new Map<string, number>();
  const returns = createAddressCache();
  const pcs = createAddressCache();
  /** Cached addresses that lay in no code: code may come to lie there. */
  let loose: number[] = [];
  let version = 0;

  const forget = (address: number): void => {
    returns.forget(address);
    pcs.forget(address);
  };
  const gone = (code: Code): void => {
    version++;
    for (const address of code.cachedAddresses) forget(address);
    code.cachedAddresses = [];
  };
  const codes = createCodeMap(gone);
  const embedded = createEmbeddedBuiltins();
  const libraries: (readonly [number, number])[] = [];

  /**
   * V8 logs the functions of Node's start-up snapshot only once they are optimised: a heap address without
   * known code is bytecode of one of those.
   */
  let unknownIndex = -1;
  const unknown = (address: number): number => {
    if (libraries.length === 0 || embedded.inCodeRange(address)) return 0;
    if (unknownIndex < 0) {
      const id = frames.js(null, -1);
      unknownIndex = resolutions.push({ kind: 'interpreted', frames: [id], code: null, callees: null }) - 1;
    }
    return unknownIndex;
  };

  const resolveNamed = (code: Code): number => {
    const key = `${code.kind} ${code.name}`;
    let index = named.get(key);
    if (index === undefined) {
      const kind = code.kind === 'builtin' ? 'builtin' : 'native';
      const id = frames.named(kind, code.name);
      index = resolutions.push({ kind: code.kind, frames: [id], code, callees: null }) - 1;
      named.set(key, index);
    }
    return index;
  };

  const resolveOffset = (code: Code, offset: number): number => {
    if (code.kind === 'interpreter') return 1;
    if (code.kind === 'builtin' || code.kind === 'native') return resolveNamed(code);
    let index = code.resolved.get(offset);
    if (index === undefined) {
      const ids = framesAt(code, offset, frames, architecture);
      index = resolutions.push({ kind: code.kind, frames: ids, code, callees: null }) - 1;
      code.resolved.set(offset, index);
    }
    return index;
  };

  const resolve = (address: number, back: number): number => {
    const original = embedded.original(address - back);
    if (original >= 0 && codes.find(address) === null) {
      const builtin = codes.find(original);
      if (builtin !== null) return resolveOffset(builtin, original - builtin.start);
    }
    const machine = codes.find(address - 1);
    if (back === 1 && machine !== null && isMachineCode(machine.kind)) {
      machine.cachedAddresses.push(address);
      return resolveOffset(machine, address - 1 - machine.start);
    }
    const code = codes.find(address);
    if (code === null) {
      loose.push(address);
      return libraries.some(([start, end]) => address >= start && address < end) ? 0 : unknown(address);
    }
    code.cachedAddresses.push(address);
    return resolveOffset(code, address - code.start);
  };

  const codeAt = (address: number): Code | null =>
    codes.find(address) ?? codes.find(embedded.original(address));

  return {
    codes,
    embedded,
    codeAt,
    offsetIn(code, address) {
      const direct = address - code.start;
      return direct >= 0 && direct < code.size ? direct : embedded.original(address) - code.start;
    },
    framesIn: (code, offset) => framesAt(code, offset, frames, architecture),
    changed(code) {
      code.resolved.clear();
      gone(code);
    },
    addLibrary(start, end) {
      libraries.push([start, end]);
      for (const address of loose) forget(address);
      loose = [];
      version++;
    },
    version: () => version,
    addCode(code) {
      codes.add(code);
      version++;
      if (loose.length === 0) return;
      loose = loose.filter((address) => {
        const inside = address >= code.start && address <= code.start + code.size;
        if (inside) forget(address);
        return !inside;
      });
    },
    atReturn(address) {
      let index = returns.get(address);
      if (index < 0) {
        index = resolve(address, 1);
        returns.set(address, index);
      }
      return resolutions[index]!;
    },
    atPc(address) {
      let index = pcs.get(address);
      if (index < 0) {
        // Native program counters are many and seldom met twice: not worth a place in the cache.
        const code = codes.find(address) ?? codes.find(embedded.original(address));
        if (code === null) return NATIVE;
        const isCopy = address < code.start || address >= code.start + code.size;
        code.cachedAddresses.push(address);
        index = resolveOffset(code, isCopy ? 0 : address - code.start);
        pcs.set(address, index);
      }
      return resolutions[index]!;
    },
  };
}

/** The frames of JavaScript code at an offset into it: the inlined functions outwards, then the code's own function. */
function framesAt(
  code: Code,
  codeOffset: number,
  frames: FrameTable,
  architecture: string,
): readonly number[] {
  const { source } = code;
  if (source === null) return [frames.js(null, -1)];
  source.positions ??= decodePositions(source.positionText);
  source.positionText = '';
  const { positions } = source;
  if (positions.codeOffsets.length === 0) return [frames.js(source.fn, -1)];
  const entry = entryAt(positions, positionedOffset(code, source, positions, codeOffset, architecture));
  // Before the first entry the function is being entered.
  if (entry < 0) return [frames.js(source.fn, source.fn.start)];
  let offset = positions.scriptOffsets[entry]!;
  let id = positions.inliningIds[entry]!;
  source.inlining ??= decodeInlining(source.inliningText);
  const out: number[] = [];
  while (id >= 0 && id < source.inlining.length && out.length <= source.inlining.length) {
    const call = source.inlining[id]!;
    const callee = source.inlined[call.callee];
    const fn = callee?.fn ?? null;
    if (fn === null && callee !== undefined && !callee.waiting.includes(code)) callee.waiting.push(code);
    out.push(frames.js(fn, fn === null ? -1 : offset));
    offset = call.callOffset;
    id = call.parent;
  }
  out.push(frames.js(source.fn, offset));
  return out.reverse();
}

/** The offset to look up in the position table: for code behind its last entry, where that was entered from. */
function positionedOffset(
  { machineCode }: Code,
  source: CodeSource,
  { codeOffsets }: PositionTable,
  codeOffset: number,
  architecture: string,
): number {
  const tail = codeOffsets.at(-1)!;
  if (codeOffset <= tail || machineCode === null) return codeOffset;
  source.outOfLine ??= findOutOfLine(machineCode, architecture, tail);
  return source.outOfLine?.origin(codeOffset) ?? codeOffset;
}
