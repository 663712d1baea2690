import { getHeapStatistics, type HeapInfo } from 'node:v8';
import type { MemoryPlan } from '../protocol/memory.ts';
import { openOldChunk } from './memory-chunk.ts';
import { watchCode } from './memory-code.ts';
import { watchCollections } from './memory-collections.ts';
import { countObjects } from './memory-count.ts';
import { FIRST_FEW, GAP_BYTES, watchRoom } from './memory-room.ts';
import { MOST_NUMBERS } from './memory-state.ts';

/** Growth between two readings below which no collection is looked for: it would have freed what then was allocated. */
const QUIET_BYTES = 64 * 1024;

/** Occurrences before which V8 has not optimised a statement. */
const OFTEN = 200;
/** Checks of one statement that found none: it allocates different amounts, beside which gaps are nothing. */
const MOST_CHECKS = 250;
/** Looks at what a statement left of such chunks: one that takes them all the time uses them up itself. */
const MOST_CHUNKS = 100;
/** Growth in which code is looked for: machine code and what belongs to it is no less. */
const CODE_BYTES = 2048;

/** Indices into `state`. */
const ALLOCATED = 0;
const LAST = 1;
const COST = 2;
const BEGUN = 3;
const NEXT_COST = 4;
const FIRST = 5;
const CHUNKS = 6;
const HEAP = 7;
/** More than a reading allocates itself, by far. */
const MOST_COST = 4096;

/** What runs after a call that was read, in the statement that made it. No statement has number 0. */
export const REST = 0;

/** What runs while no chosen function does: nobody's. */
export const OUTSIDE = MOST_NUMBERS;

/** What V8 says of the heap and of buffers outside it. */
export interface Heap {
  /**
   * Begins a reading: from here on what is allocated is the reading's. It has one path, so that V8 optimises it once,
   * before the program begins; what follows V8 may optimise again and again.
   */
  take(): void;
  /**
   * After `take`: all that was allocated between the last reading's end and this one's beginning is added up.
   * @param ran number of the statement that ran last, or REST, or OUTSIDE
   * @returns bytes allocated since the probe began, what collections freed added back
   */
  begin(ran: number): number;
  /**
   * Ends a reading: what is allocated until the next `take` is the program's.
   * @param next number of the statement that runs then; -1: none that is read
   * @param runs what the next `begin` will be told
   */
  end(next: number, runs: number): void;
  /** Within a reading: bytes in use when it began. */
  inUse(): number;
  /** Within a reading: collects and gives the live bytes. */
  collect(): number;
  /** Begins anew, by another plan. */
  reset(plan: MemoryPlan): void;
  /** Bytes that a reading itself allocates. */
  cost(): number;
  readonly counts: { own: number };
  /** V8 counts as used what is used. */
  readonly isExact: boolean;
}

/**
 * Reads this isolate's heap. All state is in typed arrays, and the function that asks V8 keeps what it gets, so
 * that optimised code cannot leave the object out: a reading then costs the same bytes each time.
 * @param doubtful see `MemoryCounts`
 */
export function makeHeap(youngMib: number, doubtful: Float64Array<SharedArrayBuffer>): Heap {
  const numbers = MOST_NUMBERS + 1;
  /** By number: what the statement last allocated, and checks that found no gap. */
  const usual = new Float64Array(new SharedArrayBuffer(8 * numbers));
  const checks = new Uint8Array(new SharedArrayBuffer(numbers));
  /** By number: occurrences, up to `OFTEN`. */
  const occurrences = new Uint8Array(new SharedArrayBuffer(numbers));
  const chunks = new Uint8Array(new SharedArrayBuffer(numbers));
  const state = new Float64Array(8);
  /** `ended`: what V8 said at the end of the last reading. */
  const keep: { last: unknown; ended: HeapInfo | null } = { last: null, ended: null };
  const collections = watchCollections();
  const { counts } = collections;
  const oldChunk = openOldChunk();
  const code = watchCode();
  const used = (): number => {
    const statistics = getHeapStatistics();
    keep.last = statistics;
    state[HEAP] = statistics.used_heap_size;
    return statistics.used_heap_size + statistics.external_memory;
  };
  const room = watchRoom(youngMib, occurrences, {
    inUse() {
      used();
      return state[HEAP]!;
    },
    hold(value) {
      keep.last = value;
    },
  });
  /**
   * Takes off the code that V8 made while a statement ran, as last looked at, with the tables that belong to it: these lie in the old
   * generation and are no larger than the code, as a rule somewhat smaller. What then is left of a statement that has
   * run often is V8's too, unless it is more than the code.
   */
  const withoutCode = (grown: number, ran: number): number => {
    const made = code.made();
    if (made === 0) return grown;
    const rest = Math.max(0, grown - made - Math.min(made, code.beside()));
    return occurrences[ran] === OFTEN && rest <= made ? Math.min(rest, usual[ran]!) : rest;
  };
  /** Takes off what a page's end adds to a statement that allocates little or nothing. */
  const withoutGap = (grown: number, ran: number): number => {
    const before = usual[ran]!;
    if (grown === before || checks[ran]! >= MOST_CHECKS) return grown;
    if (room.isNewPage(grown)) return before;
    usual[ran] = grown;
    checks[ran] = checks[ran]! + 1;
    return grown;
  };
  /** What is allocated between two readings in a row is what one allocates: that after the second too. */
  const learnCost = (): void => {
    const cost = state[LAST]! - state[FIRST]!;
    // One that differs from all before may hold the end of a page, or a collection.
    if (cost === state[NEXT_COST] && cost >= 0 && cost < MOST_COST) state[COST] = cost;
    state[NEXT_COST] = cost;
  };
  /**
   * After a collection V8 takes a chunk of the old generation, up to a page, for the next object that is born
   * there (a new property name is), and one for machine code, and counts all of them: better now than in a line
   * that makes a small one.
   */
  const takeChunks = (): void => {
    state[CHUNKS] = state[CHUNKS]! + 1;
    const name = `lineprof ${state[CHUNKS]}`;
    keep.last = JSON.parse(`{"${name}":0}`);
    // V8 makes machine code of an expression that runs a second time.
    const expression = new RegExp(`${name}$`);
    expression.test(name);
    expression.test(name);
  };
  /** What is left of the old generation's chunk, if one was taken since the last look; nothing is afterwards. */
  const leftOfChunk = (wasCollected: boolean): number => {
    if (oldChunk === null || !(wasCollected || oldChunk.isTaken())) return 0;
    const left = oldChunk.finish();
    collections.forget();
    return left;
  };
  /** After a collection that is not the program's. */
  const afterCollection = (): void => {
    collections.forget();
    takeChunks();
    leftOfChunk(true);
    code.look();
    room.look();
  };
  const objects = countObjects(room, doubtful, afterCollection);
  /** Takes off what a statement's chunk of the old generation holds for objects to come. */
  const withoutChunk = (grown: number, ran: number, wasCollected: boolean): number => {
    if (oldChunk === null || grown < GAP_BYTES || chunks[ran]! >= MOST_CHUNKS) return grown;
    const left = leftOfChunk(wasCollected);
    if (left > 0) chunks[ran] = chunks[ran]! + 1;
    return Math.max(0, grown - left);
  };
  /**
   * What becomes of a reading until its end. Functions of their own, because what is allocated between `FIRST` and
   * `LAST` is taken for a reading's cost: where V8 has thrown the code of `end` away, its numbers would be boxed.
   */
  const wasCollected = (): boolean => state[FIRST]! < state[BEGUN]!;
  const hasMadeCode = (): boolean => state[FIRST]! - state[BEGUN]! >= CODE_BYTES;
  return {
    take() {
      keep.ended = keep.last as HeapInfo;
      state[BEGUN] = used();
    },
    begin(ran) {
      const change = state[BEGUN]! - state[LAST]!;
      // Less at the end of the last reading than in its middle: V8 collected there, and what it freed was not the program's.
      const own = state[LAST]! < state[FIRST]! ? 1 : 0;
      // First: V8 may make code of what follows, and that is not the statement's.
      if (own > 0 || change < 0 || change >= CODE_BYTES) code.look();
      learnCost();
      let heapGrown = state[HEAP]! - (keep.ended?.used_heap_size ?? 0) - state[COST]!;
      let grown = change - state[COST]!;
      const seen = counts.own;
      if (own > 0 || grown < 0 || grown > QUIET_BYTES) {
        grown += collections.freed(own);
        heapGrown += collections.freedHeap();
        grown = withoutCode(grown, ran);
      } else if (grown >= CODE_BYTES) grown = withoutCode(grown, ran);
      else if (grown === 0) usual[ran] = 0;
      else if (grown < GAP_BYTES) grown = withoutGap(grown, ran);
      const wasCounted = objects.isCounting();
      grown -= objects.endsOfPages(ran, heapGrown);
      if (!wasCounted) grown = withoutChunk(grown, ran, counts.own > seen);
      grown = Math.max(0, grown);
      room.learn(ran, grown);
      state[ALLOCATED] = state[ALLOCATED]! + grown;
      return state[ALLOCATED]!;
    },
    end(next, runs) {
      const begun = state[BEGUN]!;
      // Less is used after a collection. The first look may itself make V8 take a chunk.
      if (oldChunk !== null && Math.abs(used() - begun) >= 2 * GAP_BYTES) {
        leftOfChunk(false);
        leftOfChunk(false);
      }
      if (next >= 0) {
        room.make(next, state[HEAP]!);
        if (occurrences[next]! < OFTEN) occurrences[next] = occurrences[next]! + 1;
      }
      objects.start(runs);
      // The little code that V8 made of the probe meanwhile is not the statement's, nor taken off it.
      if (next >= 0 && occurrences[next]! <= FIRST_FEW) code.look();
      state[FIRST] = used();
      if (wasCollected()) {
        // A collection during the reading: what it freed is not to be added back to the program's.
        collections.freed();
        code.look();
        state[FIRST] = used();
      } else if (hasMadeCode()) {
        // V8 may have made code of the probe.
        code.look();
        state[FIRST] = used();
      }
      // Nothing may follow: code that V8 has not optimised allocates for every number.
      state[LAST] = used();
    },
    inUse: () => state[BEGUN]!,
    collect() {
      collections.freed();
      collections.collect();
      const live = used();
      afterCollection();
      return live;
    },
    reset(plan) {
      objects.reset(plan);
      room.reset();
      state[ALLOCATED] = 0;
      counts.own = 0;
      usual.fill(0);
      checks.fill(0);
      occurrences.fill(0);
      chunks.fill(0);
      leftOfChunk(true);
    },
    cost: () => state[COST]!,
    counts,
    isExact: oldChunk === null,
  };
}
