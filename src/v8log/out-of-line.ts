/**
 * Optimised code has a tail that V8's position tables do not cover: out-of-line code (write barriers, slow
 * paths), written behind the last instruction that has a position (`CodeGenerator::AssembleCode` in V8's
 * src/compiler/backend/code-generator.cc). Looked up in the table it would all be the last entry's, which is
 * often a loop's header: seen to take 38 % of a function's time from the lines that store into objects. Each
 * piece is entered by a jump from the instruction it belongs to, so the jump's position is the piece's.
 */
export interface OutOfLine {
  /** Where the code at an offset in the tail was entered from; the offset itself when nothing jumps there. */
  origin(codeOffset: number): number;
}

/** Finds the jumps into the code behind `tail`, an offset into it. Null for architectures not known here. */
export function findOutOfLine(code: Buffer, architecture: string, tail: number): OutOfLine | null {
  const jumps = new Map<number, number>();
  const note = (from: number, target: number): void => {
    if (target > tail && target < code.length && from < target && !jumps.has(target)) jumps.set(target, from);
  };
  if (architecture === 'x64') jumpsOfX64(code, note);
  else if (architecture === 'arm64') jumpsOfArm64(code, note);
  else return null;
  const targets = [...jumps.keys()].sort((a, b) => a - b);
  return {
    origin(codeOffset) {
      let at = codeOffset;
      // A piece may be entered from another piece; every step leads to a lower offset.
      while (at > tail) {
        const target = lastNotAbove(targets, at);
        if (target === null) return at;
        at = jumps.get(target)!;
      }
      return at;
    },
  };
}

function lastNotAbove(ascending: readonly number[], value: number): number | null {
  let low = 0;
  let high = ascending.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (ascending[middle]! <= value) low = middle + 1;
    else high = middle;
  }
  return ascending[low - 1] ?? null;
}

/**
 * Jumps to code that is written later are always `jcc rel32` (0F 8x) in V8. Instructions are not
 * decoded: that other bytes look like a jump into the few hundred of the tail is next to impossible for the
 * six-byte form. `jmp` (E9) ends each piece, and enters none.
 */
function jumpsOfX64(code: Buffer, note: (from: number, target: number) => void): void {
  for (let at = 0; at + 6 <= code.length; at++) {
    if (code[at] === 0x0f && (code[at + 1]! & 0xf0) === 0x80) note(at, at + 6 + code.readInt32LE(at + 2));
  }
}

/** `b.cond`, `cbz`/`cbnz` (19 bits of words), `tbz`/`tbnz` (14 bits), `b` (26 bits): Arm's A64 encodings. */
function jumpsOfArm64(code: Buffer, note: (from: number, target: number) => void): void {
  for (let at = 0; at + 4 <= code.length; at += 4) {
    const word = code.readInt32LE(at);
    const top = (word >>> 24) & 0xff;
    if (top === 0x54 || (top & 0x7e) === 0x34) note(at, at + ((word << 8) >> 13) * 4);
    else if ((top & 0x7e) === 0x36) note(at, at + ((word << 13) >> 18) * 4);
    else if ((top & 0xfc) === 0x14) note(at, at + ((word << 6) >> 6) * 4);
  }
}
