import {
  GCProfiler,
  getHeapSpaceStatistics,
  getHeapStatistics,
  type HeapInfo,
  setFlagsFromString,
} from 'node:v8';
import { runInNewContext } from 'node:vm';
import type { MemoryPlan } from '../protocol/memory.ts';
import { openOldChunk } from './memory-chunk.ts';
import { watchCode } from './memory-code.ts';
import { type HeapSampler, openSampler, programBytes } from './memory-sampler.ts';
import { MOST_NUMBERS } from './memory-state.ts';

/** Growth between two readings below which no collection is looked for: it would have freed what then was allocated. */
const QUIET_BYTES = 64 * 1024;

/**
 * Below this, growth may be the end of a page of the young generation, left empty as the next object did not fit:
 * no object that a reading allocates is larger.
 */
const GAP_BYTES = 512;
/** V8 puts no object onto a page that is larger. */
const LARGEST_BYTES = 128 * 1024;
/** A page of 256 KiB that next to nothing was put onto. */
const WHOLE_PAGE = 244 * 1024;
/** A store that has no room left is replaced by one at most so many times as large. */
const GROWTH = 2;
/** First occurrences of a statement, of which nothing is known yet. */
const FIRST_FEW = 2;
/** Occurrences before which V8 has not optimised a statement. */
const OFTEN = 200;
/** At most what V8 keeps of a page for itself, twice. */
const HEADER_BYTES = 16 * 1024;
const CRUMB_BYTES = 256;
/** An array and the header of its elements, and a word. */
const ARRAY_BYTES = 56;
/** Checks of one statement that found none: it allocates different amounts, beside which gaps are nothing. */
const MOST_CHECKS = 250;
/** What a look at the spaces allocates before it comes to the young generation. */
const LOOK_BYTES = 4096;
const PAGES_IN_MIB = 4;
/** Looks at what a statement left of such chunks: one that takes them all the time uses them up itself. */
const MOST_CHUNKS = 100;
/** Growth in which code is looked for: machine code and what belongs to it is no less. */
const CODE_BYTES = 2048;

const LARGE_SPACES = /^(?:new_)?large_object_space$/;
/** Samples of one statement in a run that counts every object where it can: at 1.6 µs each, and 0.3 % off if they are not all. */
const WANTED_SAMPLES = 100_000;
const MOST_SAMPLES = 3 * WANTED_SAMPLES;
/** Each costs a collection: a statement that allocated much once, and no more, is let go. */
const MOST_SMALL = 5;

/** Indices into `state`. */
const ALLOCATED = 0;
const LAST = 1;
const COST = 2;
const BEGUN = 3;
const NEXT_COST = 4;
const FIRST = 5;
const CHUNKS = 6;
const HEAP = 7;
const ROOM = 8;
const ROOM_AT = 9;
const FREED_HEAP = 10;
const LARGE = 11;
/** 1 while objects are counted; since when, in milliseconds; and, negative, for how long they still may be. */
const COUNTS = 12;
const SINCE = 13;
const COUNT_MILLIS = 14;
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

interface GcStatistics {
  readonly usedHeapSize: number;
  readonly externalMemory: number;
}

interface GcProfile {
  readonly statistics: readonly {
    readonly beforeGC: { readonly heapStatistics: GcStatistics };
    readonly afterGC: { readonly heapStatistics: GcStatistics };
  }[];
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
  /** By number: the most it allocated at once, and occurrences up to `OFTEN`. */
  const largest = new Float64Array(new SharedArrayBuffer(8 * numbers));
  const occurrences = new Uint8Array(new SharedArrayBuffer(numbers));
  const chunks = new Uint8Array(new SharedArrayBuffer(numbers));
  const state = new Float64Array(15);
  const counts = { own: 0 };
  /** `ended`: what V8 said at the end of the last reading. */
  const keep: { last: unknown; ended: HeapInfo | null } = { last: null, ended: null };
  const profiler = new GCProfiler();
  const gc = exposeGc();
  const oldChunk = openOldChunk();
  const code = watchCode();
  let sampler: HeapSampler | null = null;
  let counted: ReadonlyMap<number, Counted> = new Map();
  profiler.start();

  const used = (): number => {
    const statistics = getHeapStatistics();
    keep.last = statistics;
    state[HEAP] = statistics.used_heap_size;
    return statistics.used_heap_size + statistics.external_memory;
  };
  /** Bytes freed by collections since the last look; the first `skipped` of them are left out. */
  const freed = (skipped = 0): number => {
    const profile = profiler.stop() as unknown as GcProfile | undefined;
    profiler.start();
    let heap = 0;
    let external = 0;
    for (const { beforeGC, afterGC } of (profile?.statistics ?? []).slice(skipped)) {
      counts.own++;
      heap += beforeGC.heapStatistics.usedHeapSize - afterGC.heapStatistics.usedHeapSize;
      external += beforeGC.heapStatistics.externalMemory - afterGC.heapStatistics.externalMemory;
    }
    state[FREED_HEAP] = heap;
    return heap + external;
  };
  /** Collections since the last look were for want of room that a reading took: not the program's. */
  const forget = (): void => {
    const { own } = counts;
    freed();
    counts.own = own;
  };
  /** What large-object spaces hold; what lies there leaves no ends of pages. */
  const lookAtLarge = (): number => {
    let large = 0;
    for (const { space_name, space_used_size } of getHeapSpaceStatistics()) {
      if (LARGE_SPACES.test(space_name)) large += space_used_size;
    }
    const grown = large - state[LARGE]!;
    state[LARGE] = large;
    return grown;
  };
  /** What of it may hold ends of pages: nothing where it fits onto the page that the statement was given. */
  const bytesOnPages = (heapGrown: number, ran: number): number => {
    const onPages = heapGrown - Math.max(0, lookAtLarge());
    if (ran === OUTSIDE || onPages < LARGEST_BYTES) return 0;
    return occurrences[ran]! <= FIRST_FEW && onPages < WHOLE_PAGE ? 0 : onPages;
  };
  /** Counts the objects of the statement that is about to run. */
  const startCounting = (runs: number): void => {
    const one = counted.get(runs);
    if (one === undefined || isEnough(one) || state[COUNT_MILLIS]! >= 0) return;
    state[SINCE] = performance.now();
    sampler!.start(one.every);
    state[COUNTS] = 1;
  };
  /**
   * The ends of pages in what a statement seems to have allocated on the heap: V8's sampling heap profiler sees
   * objects, so the difference is what they left empty. Where there is no time for that, as large a share as where
   * there was.
   */
  const endsOfPages = (heapGrown: number, ran: number): number => {
    const one = counted.get(ran);
    if (one === undefined || state[COUNTS] === 0) {
      const onPages = heapGrown < LARGEST_BYTES ? 0 : bytesOnPages(heapGrown, ran);
      if (one !== undefined && one.grown > 0) return (onPages * one.ends) / one.grown;

      doubtful[ran] = doubtful[ran]! + onPages;
      return 0;
    }
    state[COUNTS] = 0;
    const large = lookAtLarge();
    const samples = sampler!.stop();
    afterCollection();
    state[COUNT_MILLIS] = state[COUNT_MILLIS]! + performance.now() - state[SINCE]!;
    if (samples === null) return 0;
    const ends = Math.max(0, heapGrown - programBytes(samples));
    one.samples += samples.samples.length;
    // An occurrence that filled no page says nothing of those that fill several.
    if (heapGrown < LARGEST_BYTES) {
      one.small++;
      return ends;
    }
    one.small = 0;
    one.grown += Math.max(LARGEST_BYTES, heapGrown - Math.max(0, large));
    one.ends += ends;
    return ends;
  };
  /** Whether a page of the young generation has just been begun. */
  const isNewPage = (grown: number): boolean => {
    const young = getHeapSpaceStatistics().find(({ space_name }) => space_name === 'new_space');
    if (young === undefined) return false;
    const page = (young.space_available_size + young.space_used_size) / (youngMib * PAGES_IN_MIB);
    return young.space_used_size % page < grown + LOOK_BYTES;
  };
  /** Looks how many bytes the page of the young generation has left. */
  const lookForRoom = (): void => {
    let all = 0;
    let room = 0;
    for (const { space_name, space_used_size, space_available_size } of getHeapSpaceStatistics()) {
      all += space_used_size;
      if (space_name !== 'new_space') continue;
      const page = (space_available_size + space_used_size) / (youngMib * PAGES_IN_MIB);
      room = page - (space_used_size % page);
    }
    used();
    // All but the young generation is as it was when that was looked at, so what has been allocated since lies there.
    state[ROOM] = room - (state[HEAP]! - all);
    state[ROOM_AT] = state[HEAP]!;
  };
  /**
   * Gives a statement a page that its next large object fits into, at first a whole one. Else V8 leaves the rest of
   * the page empty, and counts it as used: up to the object's own size too much.
   */
  const makeRoom = (next: number): void => {
    if (next < 0) return;
    let wanted = Math.min(largest[next]! * GROWTH, LARGEST_BYTES);
    if (occurrences[next]! < FIRST_FEW) wanted = WHOLE_PAGE;
    if (occurrences[next]! < OFTEN) occurrences[next] = occurrences[next]! + 1;
    if (wanted < GAP_BYTES) return;
    const since = state[HEAP]! - state[ROOM_AT]!;
    if (since >= 0 && since <= state[ROOM]! - wanted) return;
    lookForRoom();
    if (state[ROOM]! >= wanted) return;
    // All are kept to the end: V8 makes none that is not. The last few are small: a page's header may be up to so large.
    const filling: unknown[] = [];
    for (let room = state[ROOM]!; room > 0; ) {
      const bytes = room > HEADER_BYTES ? Math.min(room - HEADER_BYTES / 2, LARGEST_BYTES / 2) : CRUMB_BYTES;
      filling.push(new Array(Math.floor((bytes - ARRAY_BYTES) / 8)));
      room -= bytes;
    }
    keep.last = filling;
    state[ROOM] = 0;
  };
  /**
   * Takes off the code that V8 made while a statement ran, with the tables that belong to it: these lie in the old
   * generation and are no larger than the code, as a rule somewhat smaller. What then is left of a statement that has
   * run often is V8's too, unless it is more than the code.
   */
  const withoutCode = (grown: number, ran: number): number => {
    code.look();
    const made = code.made();
    if (made === 0) return grown;
    const rest = Math.max(0, grown - made - Math.min(made, code.beside()));
    return occurrences[ran] === OFTEN && rest <= made ? Math.min(rest, usual[ran]!) : rest;
  };
  /** Takes off what a page's end adds to a statement that allocates little or nothing. */
  const withoutGap = (grown: number, ran: number): number => {
    const before = usual[ran]!;
    if (grown === before || checks[ran]! >= MOST_CHECKS) return grown;
    if (isNewPage(grown)) return before;
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
    forget();
    return left;
  };
  /** After a collection that is not the program's. */
  const afterCollection = (): void => {
    forget();
    takeChunks();
    leftOfChunk(true);
    code.look();
    lookAtLarge();
  };
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
  const heap: Heap = {
    take() {
      keep.ended = keep.last as HeapInfo;
      state[BEGUN] = used();
    },
    begin(ran) {
      const now = state[BEGUN]!;
      learnCost();
      let heapGrown = state[HEAP]! - (keep.ended?.used_heap_size ?? 0) - state[COST]!;
      let grown = now - state[LAST]! - state[COST]!;
      // Less at the end of the last reading than in its middle: V8 collected there, and what it freed was not the program's.
      const own = state[LAST]! < state[FIRST]! ? 1 : 0;
      const seen = counts.own;
      if (own > 0 || grown < 0 || grown > QUIET_BYTES) {
        grown += freed(own);
        heapGrown += state[FREED_HEAP]!;
        grown = withoutCode(grown, ran);
      } else if (grown >= CODE_BYTES) grown = withoutCode(grown, ran);
      else if (grown === 0) usual[ran] = 0;
      else if (grown < GAP_BYTES) grown = withoutGap(grown, ran);
      const wasCounted = state[COUNTS] === 1;
      grown -= endsOfPages(heapGrown, ran);
      if (!wasCounted) grown = withoutChunk(grown, ran, counts.own > seen);
      grown = Math.max(0, grown);
      if (grown >= GAP_BYTES && grown > largest[ran]!) largest[ran] = grown;
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
      makeRoom(next);
      startCounting(runs);
      state[FIRST] = used();
      if (wasCollected()) {
        // A collection during the reading: what it freed is not to be added back to the program's.
        freed();
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
      freed();
      gc();
      const live = used();
      afterCollection();
      return live;
    },
    reset({ large, collectMillis }) {
      if (large.length > 0) sampler ??= openSampler();
      counted = countedStatements(sampler === null ? [] : large);
      state[COUNT_MILLIS] = -collectMillis;
      state[ALLOCATED] = 0;
      counts.own = 0;
      usual.fill(0);
      checks.fill(0);
      largest.fill(0);
      occurrences.fill(0);
      chunks.fill(0);
      doubtful.fill(0);
      leftOfChunk(true);
    },
    cost: () => state[COST]!,
    counts,
    isExact: oldChunk === null,
  };
  return heap;
}

/** A statement whose objects are counted. */
interface Counted {
  /** Bytes from one sample to the next. */
  readonly every: number;
  samples: number;
  /** Occurrences in a row that allocated little. */
  small: number;
  /** What it seemed to allocate on the heap, and the ends of pages in that. */
  grown: number;
  ends: number;
}

/** Whether no more of its occurrences are counted. */
function isEnough({ samples, small }: Counted): boolean {
  return samples >= MOST_SAMPLES || small >= MOST_SMALL;
}

function countedStatements(large: MemoryPlan['large']): ReadonlyMap<number, Counted> {
  return new Map(
    large.map(([number, bytes]) => [
      number,
      {
        every: Math.max(1, Math.floor(bytes / WANTED_SAMPLES)),
        samples: 0,
        small: 0,
        grown: 0,
        ends: 0,
      },
    ]),
  );
}

/** V8's `gc`, without a global of that name that the program would see. */
function exposeGc(): () => void {
  try {
    setFlagsFromString('--expose-gc');
    const gc = runInNewContext('gc') as () => void;
    setFlagsFromString('--no-expose-gc');
    return gc;
  } catch {
    return () => {};
  }
}
