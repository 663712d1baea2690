import {
  AT,
  AT_MOST,
  ENTER,
  EXIT,
  FIRST_ASYNC_SLOT,
  LIVE,
  LUMP,
  readRecords,
  WAIT,
} from '../protocol/memory.ts';

/** A log's records as columns, LIVE records put beside the reading before them. */
export interface Records {
  readonly length: number;
  readonly kind: Uint8Array;
  /** Of a function for ENTER, of a statement for AT and LUMP. */
  readonly number: Int32Array;
  readonly slot: Int32Array;
  /** Bytes allocated since the thread's start; that of the reading before for ENTER. */
  readonly allocated: Float64Array;
  /** Live bytes after a collection at this reading; NaN where none was made. */
  readonly live: Float64Array;
  /** No more lives at this reading, the first after a collection of V8's own; NaN where there was none. */
  readonly atMost: Float64Array;
}

/** Reads a log. */
export function columnsOf(log: Uint8Array): Records {
  const room = Math.floor(log.byteLength / 16);
  const kinds = new Uint8Array(room);
  const numbers = new Int32Array(room);
  const slots = new Int32Array(room);
  const allocated = new Float64Array(room);
  const live = new Float64Array(room).fill(Number.NaN);
  const atMost = new Float64Array(room).fill(Number.NaN);
  let length = 0;
  readRecords(log, (kind, number, slot, bytes) => {
    if (kind === LIVE || kind === AT_MOST) {
      if (length > 0) (kind === LIVE ? live : atMost)[length - 1] = bytes;
      return;
    }
    kinds[length] = kind;
    numbers[length] = number;
    slots[length] = slot;
    allocated[length] = kind === ENTER ? (allocated[length - 1] ?? 0) : bytes;
    length++;
  });
  return { length, kind: kinds, number: numbers, slot: slots, allocated, live, atMost };
}

/** One call under way. */
export interface Call {
  readonly slot: number;
  /** Number of its function. */
  readonly fn: number;
  /** Statement that runs now; -1: none yet. */
  point: number;
  /** It is read to its end by itself. */
  isWhole: boolean;
  waits: boolean;
}

/** What is told of a log, in order. */
export interface Walker {
  /** A call begins; its statements follow. */
  readonly entered?: (call: Call, index: number) => void;
  /** A statement begins, or a call goes on. */
  readonly began?: (call: Call, index: number) => void;
  /** A statement ends, or a call stops to wait (`stops`). */
  readonly ended?: (call: Call, index: number, stops: boolean) => void;
  readonly left?: (call: Call, index: number) => void;
  /** Between this reading and the one before, what ran was a statement of `call` itself; null: other code. */
  readonly passed?: (call: Call | null, index: number) => void;
}

/** Follows the calls of a log. Those under way at its end are ended there. */
export function walk(records: Records, walker: Walker): void {
  const { length, kind, number, slot } = records;
  const calls = new Map<number, Call>();
  /** The calls that run now, innermost last; a call that waits is not among them. */
  const running: Call[] = [];
  const stop = (call: Call, index: number, stops: boolean): void => {
    if (call.point >= 0 && !call.waits) walker.ended?.(call, index, stops);
  };
  const leave = (call: Call, index: number): void => {
    stop(call, index, false);
    walker.left?.(call, index);
    calls.delete(call.slot);
    const at = running.lastIndexOf(call);
    if (at >= 0) running.splice(at, 1);
  };
  /** Calls above one that reads again have ended by a throw, without a word. */
  const unwind = (to: number, index: number): void => {
    if (to >= FIRST_ASYNC_SLOT) return;
    for (let top = running.at(-1); top !== undefined && top.slot < FIRST_ASYNC_SLOT && top.slot > to; ) {
      leave(top, index);
      top = running.at(-1);
    }
  };
  for (let i = 0; i < length; i++) {
    const at = slot[i]!;
    if (kind[i] === ENTER) {
      const before = calls.get(at);
      if (before !== undefined) leave(before, i);
      const call: Call = { slot: at, fn: number[i]!, point: -1, isWhole: true, waits: false };
      calls.set(at, call);
      running.push(call);
      walker.entered?.(call, i);
      continue;
    }
    walker.passed?.(running.at(-1) ?? null, i);
    const call = calls.get(at);
    if (call === undefined) continue;
    if (kind[i] === EXIT) {
      unwind(at, i);
      leave(call, i);
      continue;
    }
    if (kind[i] === WAIT) {
      stop(call, i, true);
      call.waits = true;
      const place = running.lastIndexOf(call);
      if (place >= 0) running.splice(place, 1);
      continue;
    }
    if (call.waits) {
      call.waits = false;
      running.push(call);
      if (call.point >= 0) walker.began?.(call, i);
    }
    unwind(at, i);
    if (kind[i] === AT || kind[i] === LUMP) {
      stop(call, i, false);
      call.point = number[i]!;
      call.isWhole = kind[i] === AT;
      walker.began?.(call, i);
    }
  }
  for (const call of [...calls.values()].reverse()) leave(call, length - 1);
}
