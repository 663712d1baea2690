import { readSync } from 'node:fs';

const NEWLINE = 10;
const FIRST_SIZE = 1 << 20;

/**
 * Called for each whole line: its bytes are `bytes[from, to)` (line end left out), valid only during the call;
 * `position` is where the line starts in the file. False: it is too early for this line, hand it out again later.
 */
export type LineSink = (bytes: Buffer, from: number, to: number, position: number) => boolean;

/** The lines of a file that may still grow. */
export interface LineReader {
  /**
   * Hands out the lines not yet taken that end before the file position `until` (bytes), as far as they have been
   * written; lets others run in between. Throws what reading throws.
   */
  read(until: number, sink: LineSink): Promise<void>;
  /** Bytes behind the last line that was taken: a killed process leaves its last line cut. */
  readonly left: number;
  /** Where the first line not yet taken starts. */
  readonly position: number;
}

/** Reads an open file in chunks, from its start; the buffer only grows for a line longer than itself. */
export function createLineReader(descriptor: number): LineReader {
  let buffer = Buffer.allocUnsafeSlow(FIRST_SIZE);
  let filled = 0;
  /** Of the buffer's first byte. */
  let position = 0;

  /** Takes the buffer's whole lines; false when the sink wants no more now. */
  const take = (scanFrom: number, until: number, sink: LineSink): boolean => {
    let from = 0;
    let goesOn = true;
    for (let scan = scanFrom; goesOn; scan = from) {
      const newline = buffer.indexOf(NEWLINE, scan);
      if (newline < 0 || newline >= filled) break;
      const to = newline > from && buffer[newline - 1] === 13 ? newline - 1 : newline;
      goesOn = position + newline < until && sink(buffer, from, to, position + from);
      if (goesOn) from = newline + 1;
    }
    position += from;
    filled -= from;
    if (from > 0) buffer.copyWithin(0, from, from + filled);
    return goesOn;
  };

  return {
    get left() {
      return filled;
    },
    get position() {
      return position;
    },
    async read(until, sink) {
      if (!take(0, until, sink)) return;
      for (;;) {
        if (filled === buffer.length) {
          const larger = Buffer.allocUnsafeSlow(buffer.length * 2);
          buffer.copy(larger, 0, 0, filled);
          buffer = larger;
        }
        // Not by a promise: a log lies in the file cache, and a turn of the thread pool takes longer than reading it.
        const bytesRead = readSync(descriptor, buffer, filled, buffer.length - filled, position + filled);
        if (bytesRead === 0) return;
        const scanFrom = filled;
        filled += bytesRead;
        if (!take(scanFrom, until, sink)) return;
        await new Promise((resolve) => setImmediate(resolve));
      }
    },
  };
}
