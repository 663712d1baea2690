import { performance } from 'node:perf_hooks';
import {
  AT,
  AT_MOST,
  ENTER,
  EXIT,
  FIRST_ASYNC_SLOT,
  LIVE,
  LUMP,
  type MemoryPlan,
  type ProbeCalls,
  RESUME,
  WAIT,
} from '../protocol/memory.ts';
import { type Heap, OUTSIDE, REST } from './memory-heap.ts';
import type { LogWriter } from './memory-log.ts';
import {
  COLLECT_MILLIS,
  COLLECTIONS,
  COST,
  countOne,
  LEFT_OUT,
  type MemoryState,
  OWN_COLLECTIONS,
  READINGS,
} from './memory-state.ts';

/** Calls of functions that can wait and are under way at once; further ones are not read. */
const ASYNC_SLOTS = 1 << 16;
/** Calls on the stack that are read; deeper ones are not. */
const STACK_SLOTS = FIRST_ASYNC_SLOT;

/** First occurrences of a statement, and calls from outside, that are worth a collection of their own. */
const FIRST_FEW = 2;
/** Collections in between are at least so many times as far apart as they are long. */
const APART = 3;

/** Calls from outside of all that get a collection at their end whatever it costs. */
const FIRST_CALLS = 20;

/** How much of the time for collections may be spent when another is wanted. */
interface Share {
  readonly ofBudget: number;
  readonly ofRun: number;
}

/** First occurrences tell one line from the next; the others, between, only how a loop goes on. */
const OTHERS: Share = { ofBudget: 0.25, ofRun: 0.25 };
const FIRSTS: Share = { ofBudget: 1, ofRun: 1 };
/** What began with a collection must end with one to be worth it. */
const ENDS: Share = { ofBudget: 1.5, ofRun: 1.2 };
/** Without one at its end nobody knows what a call kept. */
const OUTER_ENDS: Share = { ofBudget: Infinity, ofRun: Infinity };

function shareOf(kind: number, isFirst: boolean, closes: boolean): Share {
  if (kind === EXIT && isFirst) return OUTER_ENDS;
  return closes ? ENDS : isFirst ? FIRSTS : OTHERS;
}

/** Numbers used to warm up are below this. */
export const WARM_NUMBERS = 8;

/** Occurrences that are told apart when it is decided how seldom a statement is read. */
const MOST_OFTEN = 1 << 29;

/** Records left in the ring at which it is emptied. */
const LITTLE_ROOM = 1 << 14;

/** Indices into `times`, in milliseconds. */
const LAST_END = 0;
const LAST_COST = 1;
const STARTED = 2;
const COLLECT = 3;

/**
 * Indices into `ints`. Between the end of a reading and the beginning of the next one all is done in small integers:
 * other numbers allocate until V8 has optimised the code, which on a busy machine takes hundreds of readings.
 */
const DEPTH = 0;
const FREE = 1;
const RANDOM = 2;
const OUTER = 3;
const RAN = 4;
const OWN_SEEN = 5;
const ALL_READ = 6;

/** The probe of a thread. */
export interface Probe {
  readonly calls: ProbeCalls;
  /** Does something whose memory is Lineprof's own: none of it counts for the program. */
  own<T>(work: () => T): T;
  /** Begins anew, by another plan: what was counted until here was to warm up. */
  reset(plan: MemoryPlan): void;
}

/**
 * The probe that instrumented code calls. What it needs lies in shared buffers, which V8 does not count as this
 * thread's memory.
 */
export function makeProbe(
  first: MemoryPlan,
  heap: Heap,
  log: LogWriter,
  { counts, skipped, facts }: MemoryState,
): Probe {
  /** By number: occurrences until one is read again. */
  const until = new Int32Array(new SharedArrayBuffer(counts.low.byteLength));
  /** By slot: 1 while a statement is read to its end, 2 when that end wants a collection, 3 both. */
  const open = new Uint8Array(new SharedArrayBuffer(STACK_SLOTS + ASYNC_SLOTS));
  const freeSlots = new Int32Array(new SharedArrayBuffer(4 * ASYNC_SLOTS));
  for (let i = 0; i < ASYNC_SLOTS; i++) freeSlots[i] = ASYNC_SLOTS - 1 - i;
  const ints = new Int32Array(7);
  const times = new Float64Array(4);
  const reset = (plan: MemoryPlan, outerCalls = 0): void => {
    const { collectMillis, allRead } = plan;
    times.set([0, 0, performance.now(), collectMillis]);
    ints.set([0, ASYNC_SLOTS, 123456789, outerCalls, OUTSIDE, 0, allRead]);
    for (const { low, high } of [counts, skipped]) {
      low.fill(0, 0, WARM_NUMBERS);
      high.fill(0, 0, WARM_NUMBERS);
    }
    until.fill(0, 0, WARM_NUMBERS);
    facts.fill(0);
    log.reset();
    heap.reset(plan);
  };
  // To warm up, two are enough of those that get a collection.
  reset(first, FIRST_CALLS - 2);

  /** 24 random bits; Marsaglia's xorshift, whose steps all are of 32 bits. */
  const random = (): number => {
    let x = ints[RANDOM]!;
    x ^= x << 13;
    x ^= x >>> 17;
    x ^= x << 5;
    ints[RANDOM] = x;
    return x >>> 8;
  };
  /** Whether this occurrence is read; past `allRead` every 2nd, 4th, 8th… on average, never in step with a loop. */
  const isRead = (number: number): boolean => {
    if (until[number]! > 0) {
      until[number] = until[number]! - 1;
      return false;
    }
    if (counts.low[number]! >= ints[ALL_READ]! || counts.high[number]! > 0) until[number] = gapAfter(number);
    return true;
  };
  const gapAfter = (number: number): number => {
    const seen = counts.high[number]! > 0 ? MOST_OFTEN : Math.min(counts.low[number]!, MOST_OFTEN);
    let step = 1;
    while (step * ints[ALL_READ]! <= seen) step *= 2;
    return random() % (2 * step - 1);
  };
  /** Collects within a reading, if there is time for it. */
  const collect = (slot: number, share: Share): boolean => {
    const now = performance.now();
    const spent = facts[COLLECT_MILLIS]!;
    const ran = now - times[STARTED]! - spent;
    if (spent + times[LAST_COST]! > Math.max(times[COLLECT]! * share.ofBudget, ran * share.ofRun)) {
      facts[LEFT_OUT] = 1;
      return false;
    }
    log.add(LIVE, slot, heap.collect());
    const end = performance.now();
    times[LAST_END] = end;
    times[LAST_COST] = end - now;
    facts[COLLECT_MILLIS] = spent + end - now;
    facts[COLLECTIONS] = facts[COLLECTIONS]! + 1;
    return true;
  };
  /** Whether calls of chosen functions are under way after a reading of this kind. */
  const isWithin = (kind: number): boolean =>
    ints[DEPTH]! + ASYNC_SLOTS - ints[FREE]! > (kind === EXIT ? 1 : 0);
  /** After `heap.take`. `isFirst`: live bytes are wanted at both ends of what begins now, or here of what ends. */
  const read = (kind: number, number: number, slot: number, isFirst: boolean): void => {
    log.add(kind | (number << 3), slot, heap.begin(ints[RAN]!));
    facts[READINGS] = facts[READINGS]! + 1;
    ints[RAN] = kind === AT || kind === LUMP ? number : isWithin(kind) ? REST : OUTSIDE;
    if (heap.counts.own !== ints[OWN_SEEN]) {
      ints[OWN_SEEN] = heap.counts.own;
      log.add(AT_MOST, slot, heap.inUse());
    }
    const closes = (open[slot]! & 2) !== 0;
    const isDue = performance.now() - times[LAST_END]! >= APART * times[LAST_COST]!;
    const collected = (isFirst || closes || isDue) && collect(slot, shareOf(kind, isFirst, closes));
    const wantsEnd = collected && (isFirst || !closes);
    open[slot] = (kind === AT ? 1 : 0) | (kind !== EXIT && wantsEnd ? 2 : 0);
    log.publish();
    if (log.room() < LITTLE_ROOM) log.makeRoom();
    facts[COST] = heap.cost();
    facts[OWN_COLLECTIONS] = heap.counts.own;
    heap.end(kind === AT ? number : -1, ints[RAN]!);
  };
  /** Calls upon calls without a reading: their records may fill the ring. */
  const hasRoom = (): boolean => {
    if (log.room() < 2) own(log.makeRoom);
    return log.room() >= 2;
  };
  const own: Probe['own'] = (work) => {
    heap.take();
    heap.begin(ints[RAN]!);
    try {
      return work();
    } finally {
      heap.end(-1, ints[RAN]!);
    }
  };
  /** The ends of the first calls that no other chosen function made. */
  const isOuterEnd = (slot: number): boolean => {
    if (slot !== 0 && slot < FIRST_ASYNC_SLOT) return false;
    ints[OUTER] = ints[OUTER]! + 1;
    return ints[OUTER]! <= FIRST_CALLS;
  };

  const calls: ProbeCalls = {
    e(fn) {
      countOne(counts, fn);
      if (ints[DEPTH]! >= STACK_SLOTS || !isRead(fn) || !hasRoom()) return -1;
      const slot = ints[DEPTH]!;
      ints[DEPTH] = slot + 1;
      open[slot] = 0;
      log.add(ENTER | (fn << 3), slot, 0);
      return slot;
    },
    E(fn) {
      countOne(counts, fn);
      if (ints[FREE] === 0 || !isRead(fn) || !hasRoom()) return -1;
      ints[FREE] = ints[FREE]! - 1;
      const slot = FIRST_ASYNC_SLOT + freeSlots[ints[1]]!;
      open[slot] = 0;
      log.add(ENTER | (fn << 3), slot, 0);
      return slot;
    },
    a(slot, point) {
      countOne(counts, point);
      if (slot < 0) return;
      // Deeper calls that ended by a throw without a word.
      if (slot < FIRST_ASYNC_SLOT) ints[DEPTH] = slot + 1;
      if (isRead(point)) {
        heap.take();
        read(AT, point, slot, counts.low[point]! <= FIRST_FEW && counts.high[point] === 0);
        return;
      }
      countOne(skipped, point);
      if (open[slot] === 0) return;
      heap.take();
      read(LUMP, point, slot, false);
    },
    x(slot, value) {
      if (slot < 0) return value;
      heap.take();
      read(EXIT, 0, slot, isOuterEnd(slot));
      if (slot < FIRST_ASYNC_SLOT) ints[DEPTH] = slot;
      else {
        freeSlots[ints[FREE]!] = slot - FIRST_ASYNC_SLOT;
        ints[FREE] = ints[FREE]! + 1;
      }
      return value;
    },
    w(slot, value) {
      if (slot < 0) return value;
      heap.take();
      read(WAIT, 0, slot, false);
      return value;
    },
    r(slot, value) {
      if (slot < 0) return value;
      heap.take();
      read(RESUME, 0, slot, false);
      return value;
    },
  };
  return { calls, own, reset };
}
