/**
 * V8's position tables as `code-source-info` writes them: `C<code offset>O<script offset>` with
 * `I<inlining id>` for inlined code; an entry covers the code from its offset to the next entry's.
 * Inlining tables: `F<inlined function>O<call's offset in the parent>` with `I<parent id>` when nested.
 */
export interface PositionTable {
  readonly codeOffsets: Int32Array;
  readonly scriptOffsets: Int32Array;
  /** -1: not inlined. */
  readonly inliningIds: Int32Array;
}

/** One inlined call: `callee` indexes the code's inlined functions (-1: none known), `parent` this table (-1: the code's own function). */
export interface InlinedCall {
  readonly callee: number;
  readonly callOffset: number;
  readonly parent: number;
}

/** Decodes a position table; what follows a malformed entry is left out. */
export function decodePositions(text: string): PositionTable {
  const codeOffsets: number[] = [];
  const scriptOffsets: number[] = [];
  const inliningIds: number[] = [];
  forEachEntry(text, 'C', (codeOffset, scriptOffset, id) => {
    // Several entries at one code offset: the last one holds, as in V8's own lookup.
    const last = codeOffsets.length - 1;
    const at = last >= 0 && codeOffsets[last] === codeOffset ? last : last + 1;
    codeOffsets[at] = codeOffset;
    scriptOffsets[at] = scriptOffset;
    inliningIds[at] = id;
  });
  return {
    codeOffsets: Int32Array.from(codeOffsets),
    scriptOffsets: Int32Array.from(scriptOffsets),
    inliningIds: Int32Array.from(inliningIds),
  };
}

/** Decodes an inlining table, indexed by inlining id. */
export function decodeInlining(text: string): InlinedCall[] {
  const calls: InlinedCall[] = [];
  forEachEntry(text, 'F', (callee, callOffset, parent) => calls.push({ callee, callOffset, parent }));
  return calls;
}

/** Addresses of the inlined functions' SharedFunctionInfos (`S0x…S0x…`). */
export function decodeInlinedFunctions(text: string): number[] {
  return text === '' ? [] : text.slice(1).split('S').map(Number);
}

/** Index of the entry that covers `codeOffset`, or -1 when it lies before the first. */
export function entryAt(table: PositionTable, codeOffset: number): number {
  const { codeOffsets } = table;
  let low = 0;
  let high = codeOffsets.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (codeOffsets[middle]! <= codeOffset) low = middle + 1;
    else high = middle;
  }
  return low - 1;
}

function forEachEntry(text: string, first: 'C' | 'F', use: (a: number, b: number, c: number) => void): void {
  const letter = first.charCodeAt(0);
  let at = 0;
  let value = -1;
  const number = (): void => {
    let code = text.charCodeAt(at);
    const negative = code === 0x2d;
    if (negative) code = text.charCodeAt(++at);
    const from = at;
    value = 0;
    while (code >= 0x30 && code <= 0x39) {
      value = value * 10 + (code - 0x30);
      code = text.charCodeAt(++at);
    }
    if (at === from || negative) value = -1;
  };
  while (at < text.length) {
    if (text.charCodeAt(at++) !== letter) return;
    number();
    const a = value;
    if (text.charCodeAt(at++) !== 0x4f) return;
    number();
    const b = value;
    let c = -1;
    if (text.charCodeAt(at) === 0x49) {
      at++;
      number();
      c = value;
    }
    use(a, b, c);
  }
}
