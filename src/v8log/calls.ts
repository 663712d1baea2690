/**
 * Calls in the machine code that V8 makes, read from the instruction that a return address lies behind.
 * x64 and arm64; on other machines nothing is found.
 */

/** `function`: through the register that holds a JavaScript function's code; else the address of a direct call. */
export type Call = number | 'function';

/**
 * The call that ends at `returnOffset` of code made at the address `madeAt` (direct calls are relative to where
 * the code lay when its bytes were written down). Null for any other kind of call.
 */
export function callBefore(
  code: Buffer,
  returnOffset: number,
  madeAt: number,
  architecture: string,
): Call | null {
  const at = returnOffset;
  if (at < 5 || at > code.length) return null;
  if (architecture === 'x64') {
    // `call rcx`: V8's kJavaScriptCallCodeStartRegister. With the prefix 41 it would be r9.
    if (code[at - 2] === 0xff && code[at - 1] === 0xd1 && code[at - 3] !== 0x41) return 'function';
    return code[at - 5] === 0xe8 ? madeAt + at + code.readInt32LE(at - 4) : null;
  }
  if (architecture === 'arm64' && at % 4 === 0) {
    const word = code.readInt32LE(at - 4);
    // `blr x2`: kJavaScriptCallCodeStartRegister; `bl` has 26 bits of words.
    if (word === (0xd63f0040 | 0)) return 'function';
    return word >>> 26 === 0x25 ? madeAt + at - 4 + ((word << 6) >> 6) * 4 : null;
  }
  return null;
}

/** A direct call: where it returns to, as an offset into the code, and the address of what it calls. */
export interface DirectCall {
  readonly at: number;
  readonly target: number;
}

/** The direct calls in code made at `madeAt` whose target `isCode` accepts. */
export function directCalls(
  code: Buffer,
  madeAt: number,
  architecture: string,
  isCode: (target: number) => boolean,
): DirectCall[] {
  const found: DirectCall[] = [];
  const note = (at: number, target: number): void => {
    if (isCode(target)) found.push({ at, target });
  };
  if (architecture === 'x64') {
    // Instructions are not decoded: other bytes hardly ever make an address where a builtin starts.
    for (let at = code.indexOf(0xe8); at >= 0 && at + 5 <= code.length; at = code.indexOf(0xe8, at + 1))
      note(at + 5, madeAt + at + 5 + code.readInt32LE(at + 1));
  } else if (architecture === 'arm64') {
    for (let at = 0; at + 4 <= code.length; at += 4) {
      const word = code.readInt32LE(at);
      if (word >>> 26 === 0x25) note(at + 4, madeAt + at + ((word << 6) >> 6) * 4);
    }
  }
  return found;
}

/** Targets of the jumps that leave code made at `madeAt`: its tail calls. */
export function jumpsOut(code: Buffer, madeAt: number, architecture: string): number[] {
  const targets: number[] = [];
  const note = (target: number): void => {
    if (target < 0 || target >= code.length) targets.push(madeAt + target);
  };
  if (architecture === 'x64') {
    // `jmp rel32`, and `jcc rel32` behind 0F.
    for (let at = code.indexOf(0xe9); at >= 0 && at + 5 <= code.length; at = code.indexOf(0xe9, at + 1))
      note(at + 5 + code.readInt32LE(at + 1));
    for (let at = code.indexOf(0x0f); at >= 0 && at + 6 <= code.length; at = code.indexOf(0x0f, at + 1))
      if ((code[at + 1]! & 0xf0) === 0x80) note(at + 6 + code.readInt32LE(at + 2));
  } else if (architecture === 'arm64') {
    for (let at = 0; at + 4 <= code.length; at += 4) {
      const word = code.readInt32LE(at);
      if (word >>> 26 === 0x05) note(at + ((word << 6) >> 6) * 4);
      else if (word >>> 24 === 0x54) note(at + ((word << 8) >> 13) * 4);
    }
  }
  return targets;
}

/**
 * Whether optimised code has its frame set up at an offset, as far as a look at its bytes tells: behind the
 * entry's `push rbp; mov rbp, rsp` and not close behind a `mov rsp, rbp; pop rbp`. False when in doubt.
 */
export function hasFrameAt(code: Buffer, offset: number, architecture: string): boolean {
  const [setUp, tearDown] =
    architecture === 'x64' ? [SET_UP_X64, TEAR_DOWN_X64] : [SET_UP_ARM64, TEAR_DOWN_ARM64];
  const entered = code.indexOf(setUp);
  if (entered < 0 || offset < entered + 8) return false;
  const left = code.lastIndexOf(tearDown, offset);
  return left < 0 || offset - left > EPILOGUE;
}

/** Whether code is still without a frame at an offset: before its first `push rbp`, or without any. */
export function isBeforeFrame(code: Buffer, offset: number, architecture: string): boolean {
  const entered = code.indexOf(architecture === 'x64' ? SET_UP_X64 : SET_UP_ARM64);
  return entered < 0 || offset <= entered + 1;
}

const EPILOGUE = 48;
const SET_UP_X64 = Buffer.from([0x55, 0x48, 0x89, 0xe5]);
const TEAR_DOWN_X64 = Buffer.from([0x48, 0x8b, 0xe5, 0x5d]);
/** `stp fp, lr, [sp, #-16]!` and `ldp fp, lr, [sp], #16`. */
const SET_UP_ARM64 = Buffer.from([0xfd, 0x7b, 0xbf, 0xa9]);
const TEAR_DOWN_ARM64 = Buffer.from([0xfd, 0x7b, 0xc1, 0xa8]);
