import type { Code } from './code.ts';

const PAGE = 4096;

/**
 * Which code lies at an address, now: V8 moves and deletes code and reuses its addresses, so the map is only
 * right for the place in the log that has been read. Buckets of 4 KiB pages keep every change cheap.
 */
export interface CodeMap {
  /** Adds code at `code.start`; whatever it overlaps is gone. */
  add(code: Code): void;
  /** The code at [start, start + size) moved to `to`. False when no code starts at `from`. */
  move(from: number, to: number): boolean;
  /** The code that starts at `start` is gone. False when there is none. */
  remove(start: number): boolean;
  find(address: number): Code | null;
  /** The code that starts exactly at `start`. */
  startingAt(start: number): Code | null;
}

/** An empty map; `onGone` is told of code that left its addresses (moved, deleted or overwritten). */
export function createCodeMap(onGone: (code: Code) => void): CodeMap {
  const pages = new Map<number, Code[]>();

  const detach = (code: Code): void => {
    const last = Math.floor((code.start + Math.max(code.size, 1) - 1) / PAGE);
    for (let page = Math.floor(code.start / PAGE); page <= last; page++) {
      const bucket = pages.get(page);
      const at = bucket?.indexOf(code) ?? -1;
      if (at >= 0) bucket!.splice(at, 1);
    }
    code.alive = false;
    onGone(code);
  };

  const add = (code: Code): void => {
    const end = code.start + Math.max(code.size, 1);
    const last = Math.floor((end - 1) / PAGE);
    for (let page = Math.floor(code.start / PAGE); page <= last; page++) {
      const bucket = pages.get(page);
      if (bucket === undefined) {
        pages.set(page, [code]);
        continue;
      }
      for (let i = bucket.length - 1; i >= 0; i--) {
        const other = bucket[i]!;
        if (other !== code && other.start < end && code.start < other.start + Math.max(other.size, 1))
          detach(other);
      }
      bucket.push(code);
    }
    code.alive = true;
  };

  const startingAt = (start: number): Code | null => {
    const bucket = pages.get(Math.floor(start / PAGE));
    if (bucket === undefined) return null;
    for (const code of bucket) if (code.start === start) return code;
    return null;
  };

  return {
    add,
    startingAt,
    find(address) {
      const bucket = pages.get(Math.floor(address / PAGE));
      if (bucket === undefined) return null;
      for (let i = bucket.length - 1; i >= 0; i--) {
        const code = bucket[i]!;
        if (address >= code.start && address < code.start + code.size) return code;
      }
      return null;
    },
    move(from, to) {
      const code = startingAt(from);
      if (code === null) return false;
      detach(code);
      code.start = to;
      add(code);
      return true;
    },
    remove(start) {
      const code = startingAt(start);
      if (code === null) return false;
      detach(code);
      return true;
    },
  };
}
