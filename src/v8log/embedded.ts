const ALIGNMENT = 0x40000;
const CODE_RANGE_SIZE = 0x20000000;

/**
 * Node 20 runs a copy of the builtins that lies at the end of V8's code range, near the code that calls them
 * (`CodeRange::RemapEmbeddedBuiltins`, src/heap/code-range.cc), but logs where the originals lie. The copy
 * starts at the range's end less the builtins' size, in steps of 256 KiB; the range is 512 MiB on x64. Newer
 * versions log the copy.
 */
export interface EmbeddedBuiltins {
  /** A builtin or bytecode handler was logged. */
  note(start: number, size: number): void;
  codeRange(start: number): void;
  /** Address in the logged builtins for one in their copy; -1 for any other address. */
  original(address: number): number;
  /** Whether machine code made by V8 lies there, known or not. */
  inCodeRange(address: number): boolean;
}

/** Knows nothing yet. */
export function createEmbeddedBuiltins(): EmbeddedBuiltins {
  let first = Number.POSITIVE_INFINITY;
  let end = 0;
  let range = Number.NaN;
  return {
    note(start, size) {
      first = Math.min(first, start);
      end = Math.max(end, start + size);
    },
    codeRange(start) {
      range = start;
    },
    original(address) {
      const size = end - first;
      const copy = range + CODE_RANGE_SIZE - Math.ceil(size / ALIGNMENT) * ALIGNMENT;
      const isCopy = address >= copy && address < copy + size;
      return isCopy ? address - copy + first : -1;
    },
    inCodeRange: (address) => address >= range && address < range + CODE_RANGE_SIZE,
  };
}
