import { type CallSites, isJs } from './callees.ts';
import { callBefore, type DirectCall, directCalls, hasFrameAt, isBeforeFrame } from './calls.ts';
import type { Code, LogFunction } from './code.ts';
import type { FrameTable } from './frames.ts';
import type { StackReader } from './stack.ts';
import type { Resolution, Symbols } from './symbols.ts';
import { createTailCalls } from './tail-calls.ts';

/**
 * Builtins that need no frame of their own (`LoadIC_Megamorphic`, `NumberToString`, …) run on the frame of the
 * function that called them. V8's stack walker (`SafeStackFrameIterator` in src/execution/frames.cc) takes
 * that frame to be the builtin's, so the function is missing from the stack and the tick would be its
 * caller's. It shows: the return address that comes next lies behind a call that is not one of the builtin.
 */
export interface LostFrames {
  /** Builtins, bytecode handlers, and functions' code once its source is known. */
  note(code: Code): void;
  /** Which function's frame is missing between the stack that was read and a builtin at `pc`; null: none. */
  find(builtin: Code, pc: number, stack: StackReader): LostFrame | null;
  /** Whether the code of a function at `pc` surely runs in its own frame, so that the next entry called it. */
  isInFrame(code: Code, pc: number): boolean;
}

/** A frame that V8 left out. */
export interface LostFrame {
  /**
   * - `found`: the function and its call, or a few calls of which one it was;
   * - `function`: the function, not where in it;
   * - `unknown`: a function of which nothing is known.
   */
  readonly known: 'found' | 'function' | 'unknown';
  /** Frame ids, outermost first. */
  readonly frames: readonly number[];
}

/** Builtins that call what they are given, with its arguments. */
const CALLS = /^Call(?:_|Function|BoundFunction|Proxy|Varargs|With|ForwardVarargs)/;
/** Bytecodes that call a function without a frame of a builtin in between. */
const CALL_BYTECODES = /^Call(?:AnyReceiver|Property|UndefinedReceiver|WithSpread)/;
/** Builtins that are never functions of the language: where they run, something called them. */
const HELPERS =
  /IC(?:_|Trampoline|$)|IC$|^Call|^(?:Number|BigInt|Object|Name|ToString)To|^To[A-Z]|^String(?:Add|Equal|LessThan|GreaterThan|Substring|CharCodeAt|FromCodePointAt|IndexOf$)|^(?:Add|Subtract|Multiply|Divide|Modulus|Equal|StrictEqual|LessThan|GreaterThan|Typeof|InstanceOf)|^(?:Fast|Grow|CopyFast|Create|RecordWrite|FindOrdered)/;
/** Where functions are entered: they are jumped to, so their own frame is not there yet or is the callee's. */
const ENTRIES =
  /^(?:CompileLazy|Instantiate|JSEntry|JSRunMicro|Deopt|Baseline|InterpreterOnStack)|Tier|Optimiz|Maglev/;

/** Nothing is found without the machine code (`--ll-prof`). */
export function createLostFrames(
  symbols: Symbols,
  frames: FrameTable,
  calls: CallSites,
  architecture: string,
): LostFrames {
  /** By opcode: V8 logs the handlers in the order of the bytecodes, `Wide` first. */
  const handlers: Code[] = [];
  const optimised = new Map<LogFunction, Code[]>();
  const tailCalls = createTailCalls(symbols, architecture);
  const inFrame = new Map<Code, Map<number, boolean>>();
  const directCallsOf = new Map<Code, readonly DirectCall[]>();
  const found = new Map<
    LogFunction,
    Map<Code, { readonly codes: readonly Code[]; readonly lost: LostFrame }>
  >();
  const UNKNOWN: LostFrame = { known: 'unknown', frames: [frames.lost()] };

  const sorts = new Map<Code, 'entry' | 'helper' | 'other'>();
  const sortOf = (builtin: Code): 'entry' | 'helper' | 'other' => {
    let sort = sorts.get(builtin);
    if (sort === undefined) {
      sort = ENTRIES.test(builtin.name) ? 'entry' : HELPERS.test(builtin.name) ? 'helper' : 'other';
      sorts.set(builtin, sort);
    }
    return sort;
  };

  const targetAt = (address: number): Code | null => {
    const code = symbols.codeAt(address);
    return code !== null && symbols.offsetIn(code, address) === 0 ? code : null;
  };

  /**
   * How the function inside the innermost entry of a stack was called: by V8's choice one function only
   * (`known`), perhaps several or a builtin (`open`), or not at all, since the builtin is what was called (null).
   */
  const callOf = (builtin: Code, address: number): 'known' | 'open' | null => {
    const code = symbols.codeAt(address - 1);
    const bytes = code?.bytes;
    if (code === null || !bytes) return null;
    if (code.kind === 'interpreted') {
      const handler = handlers[0]?.name === 'Wide' ? handlers[bytes[address - code.start]!] : undefined;
      if (handler === undefined || !CALL_BYTECODES.test(handler.name)) return null;
      const isHandlers = (target: number): boolean => symbols.codeAt(target) === builtin;
      const own = directCalls(
        handler.bytes ?? Buffer.alloc(0),
        handler.madeAt ?? 0,
        architecture,
        isHandlers,
      );
      return own.length === 0 ? 'open' : null;
    }
    const call = callBefore(bytes, symbols.offsetIn(code, address - 1) + 1, code.madeAt ?? 0, architecture);
    // Of a builtin's own call nothing is fixed.
    if (call === 'function') return code.kind === 'builtin' ? 'open' : 'known';
    const target = call === null ? null : targetAt(call);
    return target !== null && target !== builtin && CALLS.test(target.name) ? 'open' : null;
  };

  /** The nearest JavaScript of the stack, past builtins that call on; null where it is not known. */
  const callerIn = (stack: StackReader): Resolution | null => {
    for (let i = stack.entries - 1; i >= 0; i--) {
      const entry = stack.resolutions[i]!;
      if (isJs(entry)) return entry.code === null ? null : entry;
      if (entry.kind !== 'builtin' && entry.kind !== 'interpreter') return null;
    }
    return null;
  };

  /** The one function that can have been called there. */
  const calleeAt = (caller: Resolution, call: 'known' | 'open'): LogFunction | null => {
    const here = caller.callees;
    // Of a call with one function by V8's choice a few stacks that say otherwise are torn ones.
    if (here !== null && call === 'known') return here.others * 20 <= here.count ? here.fn : null;
    const any = calls.inSource(caller);
    return any !== null && any.others === 0 && !any.throughBuiltin ? any.fn : null;
  };

  const callsIn = (code: Code): readonly DirectCall[] => {
    let known = directCallsOf.get(code);
    if (known === undefined) {
      const isCode = (target: number): boolean => symbols.codeAt(target) !== null;
      known = directCalls(code.bytes!, code.madeAt!, architecture, isCode);
      directCallsOf.set(code, known);
    }
    return known;
  };

  /** Where the function's code calls the builtin, as chains of frames. */
  const chainsIn = (codes: readonly Code[], builtin: Code): (readonly number[])[] => {
    const chains = new Map<string, readonly number[]>();
    for (const code of codes) {
      for (const { at, target } of callsIn(code)) {
        if (!tailCalls.reaches(target, builtin)) continue;
        const chain = symbols.framesIn(code, at - 1);
        chains.set(chain.join(), chain);
      }
    }
    return [...chains.values()];
  };

  const framesOf = (fn: LogFunction, chains: readonly (readonly number[])[]): LostFrame => {
    if (chains.length === 0) return { known: 'function', frames: [frames.js(fn, -1)] };
    const out: number[] = [];
    for (let depth = 0; ; depth++) {
      const here = chains
        .map((chain) => chain[depth])
        .map((id) => (id === undefined ? null : frames.list[id]!));
      const first = here[0]!;
      if (here.every((frame) => frame === null)) return { known: 'found', frames: out };
      if (here.some((frame) => frame === null || frame.fn === null || frame.fn !== first?.fn)) {
        // Inlined here and not there.
        out.push(frames.lost());
        return { known: depth === 0 ? 'unknown' : 'function', frames: out };
      }
      const offsets = [...new Set(here.map((frame) => frame!.offset))].sort((a, b) => a - b);
      out.push(frames.jsAtOneOf(first.fn, offsets));
    }
  };

  const lostIn = (fn: LogFunction, builtin: Code): LostFrame => {
    const codes = (optimised.get(fn) ?? []).filter(({ alive }) => alive);
    let ofFunction = found.get(fn);
    if (ofFunction === undefined) {
      ofFunction = new Map();
      found.set(fn, ofFunction);
    }
    const before = ofFunction.get(builtin);
    if (before !== undefined && same(before.codes, codes)) return before.lost;
    const lost = framesOf(fn, chainsIn(codes, builtin));
    ofFunction.set(builtin, { codes, lost });
    return lost;
  };

  return {
    note(code) {
      if (code.kind === 'interpreter' && !code.name.startsWith('Interpreter')) handlers.push(code);
      if (code.kind === 'builtin') tailCalls.note(code);
      if ((code.kind !== 'turbofan' && code.kind !== 'maglev') || !code.bytes || code.source === null) return;
      const { fn } = code.source;
      const codes = (optimised.get(fn) ?? []).filter(({ alive }) => alive);
      optimised.set(fn, [...codes, code]);
    },
    isInFrame(code, pc) {
      if (!code.bytes) return false;
      const offset = pc - code.start;
      let known = inFrame.get(code);
      if (known === undefined) {
        known = new Map();
        inFrame.set(code, known);
      }
      let is = known.get(offset);
      if (is === undefined) {
        is = hasFrameAt(code.bytes, offset, architecture);
        known.set(offset, is);
      }
      return is;
    },
    find(builtin, pc, stack) {
      const sort = sortOf(builtin);
      if (!builtin.bytes || stack.entries === 0 || sort === 'entry') return null;
      const isEntry = builtin.kind === 'interpreter';
      if (isEntry && !isBeforeFrame(builtin.bytes, symbols.offsetIn(builtin, pc), architecture)) return null;
      const isHelper = isEntry || sort === 'helper';
      const innermost = stack.resolutions[stack.entries - 1]!;
      if (innermost.code === null) {
        // Node's snapshot, or native code. Where functions are called, a builtin runs for one of them.
        const seen = isHelper ? calls.inPath(stack.path()) : null;
        return seen !== null && seen.others === 0 ? lostIn(seen.fn, builtin) : null;
      }
      const call = callOf(builtin, stack.innermostAddress());
      if (call === null || (call === 'open' && !isHelper)) return null;
      const caller = callerIn(stack);
      if (caller === null) return null;
      const callee = calleeAt(caller, call);
      return callee === null ? UNKNOWN : lostIn(callee, builtin);
    },
  };
}

function same(one: readonly Code[], other: readonly Code[]): boolean {
  return one.length === other.length && one.every((code, i) => code === other[i]);
}
