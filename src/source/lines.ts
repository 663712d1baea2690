/** Offsets at which the lines of a text start, as editors and V8 count lines (`\n`, `\r\n`, `\r`, U+2028, U+2029). */
export function lineStartsOf(text: string): number[] {
  const starts = [0];
  const ends = /\r\n|[\n\r\u2028\u2029]/g;
  while (ends.exec(text) !== null) starts.push(ends.lastIndex);
  return starts;
}

/** The 0-based index of the last entry of an ascending list that is not above `value`; -1 when all are above. */
export function lastNotAbove(ascending: ArrayLike<number>, value: number): number {
  let low = 0;
  let high = ascending.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (ascending[middle]! <= value) low = middle + 1;
    else high = middle;
  }
  return low - 1;
}
