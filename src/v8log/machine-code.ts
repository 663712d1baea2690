import { closeSync, fstatSync, openSync, readSync } from 'node:fs';

/**
 * The machine code that V8 made, from the file that `--ll-prof` writes beside a log (`<log>.ll`): the only place
 * where it is kept. Format: V8's `LowLevelLogger` (src/logging/log.cc): the architecture's name, then records
 * of a tag byte and a C struct in the machine's own byte order (all that Node runs on here are little-endian).
 */
export interface MachineCode {
  /** `x64`, `arm64`, …, as V8 names it. */
  readonly architecture: string;
  /**
   * The code of a `code-creation` event. Both files tell of the same events in the same order, so each call takes
   * the next record of that address and size. Null when there is none.
   */
  take(address: number, size: number): Buffer | null;
  /** Every record has been taken or passed over: one that was not found may still be on its way into the file. */
  readonly isUsedUp: boolean;
  /** Reads what was written since. A record that is not whole yet is left for the next time. */
  readMore(): void;
  close(): void;
}

/** Tags and struct sizes: `C` name size (int32), address (8 bytes), code size (int32), each 8-aligned. */
const CREATE = { tag: 0x43, size: 24 } as const;
const MOVE = { tag: 0x4d, size: 16 } as const;
const COLLECTED = { tag: 0x47, size: 0 } as const;

/** A record's code: `bytes[at, at + size)`; `order` counts the records of the file. */
interface CodeRecord {
  readonly bytes: Buffer;
  readonly at: number;
  readonly size: number;
  readonly order: number;
}

/** Opens a log's machine code and reads what there is; null when there is no such file, or nothing in it yet. */
export function openMachineCode(logPath: string): MachineCode | null {
  let descriptor: number;
  try {
    descriptor = openSync(`${logPath}.ll`, 'r');
  } catch {
    return null;
  }
  const records = new Map<number, CodeRecord[]>();
  let count = 0;
  let lastTaken = -1;
  /** Where the next record starts in the file. */
  let position = 0;

  const readRecords = (bytes: Buffer): void => {
    let at = 0;
    for (let from = 0; at < bytes.length; from = at) {
      const tag = bytes[at++];
      if (tag === MOVE.tag) at += MOVE.size;
      else if (tag === CREATE.tag) {
        const size = at + CREATE.size <= bytes.length ? bytes.readInt32LE(at + 16) : bytes.length;
        const code = at + CREATE.size + (at + 4 <= bytes.length ? bytes.readInt32LE(at) : 0);
        if (size < 0 || code + size > bytes.length) {
          at = from;
          break;
        }
        const address = Number(bytes.readBigUInt64LE(at + 8));
        const record = { bytes, at: code, size, order: count++ };
        const list = records.get(address);
        if (list === undefined) records.set(address, [record]);
        else list.push(record);
        at = code + size;
      } else if (tag !== COLLECTED.tag) {
        at = from;
        break;
      }
      if (at > bytes.length) {
        at = from;
        break;
      }
    }
    position += at;
  };

  const readMore = (): void => readRecords(readFrom(descriptor, position));

  const first = readFrom(descriptor, 0);
  const nameEnd = first.indexOf(0);
  if (nameEnd < 0) {
    closeSync(descriptor);
    return null;
  }
  position = nameEnd + 1;
  readRecords(first.subarray(position));
  return {
    architecture: first.toString('latin1', 0, nameEnd),
    take(address, size) {
      const list = records.get(address);
      const index = list?.findIndex((record) => record.size === size) ?? -1;
      if (list === undefined || index < 0) return null;
      const [found] = list.splice(0, index + 1).slice(-1);
      if (found === undefined) return null;
      lastTaken = Math.max(lastTaken, found.order);
      return found.bytes.subarray(found.at, found.at + found.size);
    },
    get isUsedUp() {
      return lastTaken >= count - 1;
    },
    readMore,
    close: () => closeSync(descriptor),
  };
}

/** The bytes of a file from a position to its present end. */
function readFrom(descriptor: number, position: number): Buffer {
  const bytes = Buffer.allocUnsafeSlow(Math.max(0, fstatSync(descriptor).size - position));
  let filled = 0;
  while (filled < bytes.length) {
    const read = readSync(descriptor, bytes, filled, bytes.length - filled, position + filled);
    if (read === 0) break;
    filled += read;
  }
  return bytes.subarray(0, filled);
}
