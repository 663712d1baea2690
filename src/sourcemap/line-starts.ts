/** Offsets (UTF-16) where the lines of a text start, as V8 counts them (`\n`, `\r\n`, `\r`, U+2028, U+2029); index 0 is line 1. */
export function lineStartsOf(text: string): Int32Array {
  const starts: number[] = [0];
  const ends = /\r\n|[\n\r\u2028\u2029]/g;
  while (ends.exec(text) !== null) starts.push(ends.lastIndex);
  return Int32Array.from(starts);
}

/** Index of the line (0-based) that holds an offset; offsets past the end fall on the last line. */
export function lineIndexAt(starts: Int32Array, offset: number): number {
  let low = 0;
  let high = starts.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (starts[middle]! <= offset) low = middle + 1;
    else high = middle;
  }
  return Math.max(0, low - 1);
}
