import { type CallSites, isJs } from './callees.ts';
import { fieldEnd, hexField } from './fields.ts';
import type { Resolution, Symbols } from './symbols.ts';

const COMMA = 0x2c;

/** Reads the stack of a tick into frames, outermost first, and notes which functions call which. */
export interface StackReader {
  /**
   * Reads the entries between `from` and `to` (absolute addresses, or `+0x`/`-0x` relative to the one before,
   * the first to `pc`). Returns the number of entries, or -1 when malformed.
   */
  read(bytes: Buffer, from: number, to: number, pc: number): number;
  /** Frames of the stack that was read, the first `count` of them. Others may be appended behind those. */
  frames: Int32Array;
  readonly count: number;
  /** V8 wrote that the stack was cut. */
  readonly overflow: boolean;
  /** What the entries mean, outermost first, the first `entries` of them. */
  readonly resolutions: readonly Resolution[];
  readonly entries: number;
  /** The address of the innermost entry; NaN without entries. */
  innermostAddress(): number;
  /** Stands for the addresses of all entries: equal for equal stacks. */
  path(): number;
  /** Makes room for some frames behind the stack. */
  reserve(more: number): void;
}

/**
 * Consecutive ticks share most of their outer stack, byte for byte: only what differs is read anew. Valid as
 * long as no code has come or gone in between.
 */
export function createStackReader(symbols: Symbols, calls: CallSites): StackReader {
  let previous = Buffer.alloc(4096);
  let previousView: DataView = new DataView(previous.buffer, previous.byteOffset, previous.length);
  let viewed: Buffer | null = null;
  let view: DataView = previousView;
  let previousLength = 0;
  let version = -1;
  /** For each entry, outermost first: bytes from its start to the line's end, and frames up to and with it. */
  let entryBytes = new Int32Array(512);
  let entryFrames = new Int32Array(512);
  let entryPaths = new Int32Array(512);
  const resolutions: Resolution[] = [];
  let innermost = Number.NaN;
  let entries = 0;
  let relative = false;
  let addresses = new Float64Array(512);

  const commonBytes = (bytes: Buffer, from: number, to: number): number => {
    const most = Math.min(to - from, previousLength);
    if (bytes !== viewed) {
      viewed = bytes;
      view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
    }
    let common = 0;
    // Four bytes a step: this loop sees nearly every byte of the log.
    while (
      common + 4 <= most &&
      view.getInt32(to - 4 - common) === previousView.getInt32(previousLength - 4 - common)
    ) {
      common += 4;
    }
    while (common < most && bytes[to - 1 - common] === previous[previousLength - 1 - common]) common++;
    return common;
  };

  /** How many outer entries of the previous stack are this one's as well. */
  const sharedEntries = (bytes: Buffer, from: number, to: number): number => {
    if (version !== symbols.version() || relative) return 0;
    const common = commonBytes(bytes, from, to);
    let shared = 0;
    while (shared < entries && entryBytes[shared]! <= common) shared++;
    if (shared > 0) {
      const start = to - entryBytes[shared - 1]!;
      if (start !== from && bytes[start - 1] !== COMMA) shared--;
    }
    return shared;
  };

  const keep = (bytes: Buffer, from: number, to: number): void => {
    if (previous.length < to - from) {
      previous = Buffer.alloc((to - from) * 2);
      previousView = new DataView(previous.buffer, previous.byteOffset, previous.length);
    }
    bytes.copy(previous, 0, from, to);
    previousLength = to - from;
    version = symbols.version();
  };

  /** Addresses of the entries in [from, to), innermost first, with their distance to the end; -1 if malformed. */
  const readAddresses = (bytes: Buffer, from: number, to: number, end: number, pc: number): number => {
    let count = 0;
    let last = pc;
    for (let at = from; at < to; ) {
      const next = fieldEnd(bytes, at, to);
      const first = bytes[at];
      if (first === 0x6f /* overflow */) reader.overflow = true;
      else {
        let address: number;
        if (first === 0x2b || first === 0x2d) {
          relative = true;
          const step = hexField(bytes, at + 1, next);
          address = first === 0x2b ? last + step : last - step;
        } else address = hexField(bytes, at, next);
        if (!(address >= 0)) return -1;
        last = address;
        if ((count + 1) * 2 > addresses.length)
          addresses = doubled(addresses, new Float64Array(addresses.length * 2));
        addresses[count * 2] = address;
        addresses[count * 2 + 1] = end - at;
        count++;
      }
      at = next + 1;
    }
    return count;
  };

  /** Of the outermost `count` entries. */
  const pathTo = (count: number): number => (count === 0 ? 0 : entryPaths[count - 1]! * 512 + count);

  const reader = {
    frames: new Int32Array(1024),
    count: 0,
    overflow: false,
    resolutions,
    get entries() {
      return entries;
    },
    innermostAddress: () => innermost,
    path: () => pathTo(entries),
    reserve(more: number): void {
      if (reader.count + more > reader.frames.length) {
        reader.frames = doubled(reader.frames, new Int32Array((reader.count + more) * 2));
      }
    },
    read(bytes: Buffer, from: number, to: number, pc: number): number {
      reader.overflow = false;
      const shared = sharedEntries(bytes, from, to);
      const end = shared === 0 ? to : Math.max(from, to - entryBytes[shared - 1]! - 1);
      relative = false;
      const fresh = readAddresses(bytes, from, end, to, pc);
      if (fresh < 0) {
        version = -1;
        return -1;
      }
      entries = shared + fresh;
      // A shorter stack than the one before ends in an entry of that one.
      if (fresh > 0) innermost = addresses[0]!;
      else innermost = entries === 0 ? Number.NaN : hexField(bytes, from, fieldEnd(bytes, from, to));
      if (entries > entryBytes.length) {
        entryBytes = doubled(entryBytes, new Int32Array(entries * 2));
        entryFrames = doubled(entryFrames, new Int32Array(entries * 2));
        entryPaths = doubled(entryPaths, new Int32Array(entries * 2));
      }
      reader.count = shared === 0 ? 0 : entryFrames[shared - 1]!;
      for (let i = fresh - 1, at = shared; i >= 0; i--, at++) {
        const resolution = symbols.atReturn(addresses[i * 2]!);
        // Native code between JavaScript frames (C++ entries) says nothing that its callers do not.
        if (resolution.kind !== 'native' && resolution.frames.length > 0) {
          reader.reserve(resolution.frames.length);
          for (let k = 0; k < resolution.frames.length; k++)
            reader.frames[reader.count++] = resolution.frames[k]!;
        }
        resolutions[at] = resolution;
        if (isJs(resolution)) calls.note(resolutions, at, resolution, pathTo(at));
        entryPaths[at] = mixed(at === 0 ? 0 : entryPaths[at - 1]!, addresses[i * 2]!);
        entryBytes[at] = addresses[i * 2 + 1]!;
        entryFrames[at] = reader.count;
      }
      keep(bytes, from, to);
      return entries;
    },
  };
  return reader;
}

/** One step of a hash over addresses (MurmurHash3's mixing). */
function mixed(hash: number, address: number): number {
  const low = Math.imul(hash ^ (address | 0), 0x85ebca6b);
  const all = Math.imul((low ^ (low >>> 13)) + ((address / 0x100000000) | 0), 0xc2b2ae35);
  return all ^ (all >>> 16);
}

function doubled<A extends Int32Array | Float64Array>(old: A, larger: A): A {
  larger.set(old);
  return larger;
}
