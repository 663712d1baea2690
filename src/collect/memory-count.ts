import type { MemoryPlan } from '../protocol/memory.ts';
import type { PageRoom } from './memory-room.ts';
import { type HeapSampler, openSampler, programBytes } from './memory-sampler.ts';

/** Samples of one statement in a run that counts every object where it can: at 1.6 µs each, and 0.3 % off if they are not all. */
const WANTED_SAMPLES = 100_000;
const MOST_SAMPLES = 3 * WANTED_SAMPLES;
/** Each costs a collection: a statement that allocated much once, and no more, is let go. */
const MOST_SMALL = 5;

/** Indices into `state`: 1 while objects are counted; since when, and, negative, for how long they still may be (ms). */
const COUNTS = 0;
const SINCE = 1;
const TIME = 2;

/** Counts the objects of statements that fill several pages, whose ends count as used. */
export interface ObjectCount {
  /** Begins, if the objects of what is about to run are to be counted. */
  start(runs: number): void;
  isCounting(): boolean;
  /**
   * The ends of pages in what the heap grew by while a statement ran: V8's sampling heap profiler sees objects, so
   * the difference is what they left empty. Where there is no time for that, as large a share as where there was;
   * where nothing is known, none, and the bytes are added to those in doubt. V8 collects if it counted.
   */
  endsOfPages(ran: number, heapGrown: number): number;
  reset(plan: MemoryPlan): void;
}

/** A statement whose objects are counted. */
interface Counted {
  /** Bytes from one sample to the next. */
  readonly every: number;
  samples: number;
  /** Occurrences in a row that allocated little. */
  small: number;
  /** What it put onto several pages, and the ends of pages in that. */
  grown: number;
  ends: number;
}

/** @param doubtful see `MemoryCounts` */
export function countObjects(
  room: PageRoom,
  doubtful: Float64Array<SharedArrayBuffer>,
  afterCollection: () => void,
): ObjectCount {
  const state = new Float64Array(3);
  let sampler: HeapSampler | null = null;
  let counted: ReadonlyMap<number, Counted> = new Map();
  const count = (one: Counted, ran: number, heapGrown: number): number => {
    state[COUNTS] = 0;
    const onPages = room.onPages(ran, heapGrown);
    const samples = sampler!.stop();
    afterCollection();
    state[TIME] = state[TIME]! + performance.now() - state[SINCE]!;
    if (samples === null) return 0;
    const ends = Math.max(0, heapGrown - programBytes(samples));
    one.samples += samples.samples.length;
    // An occurrence that filled no page says nothing of those that fill several.
    if (onPages === 0) one.small++;
    else {
      one.small = 0;
      one.grown += onPages;
      one.ends += ends;
    }
    return ends;
  };
  return {
    start(runs) {
      const one = counted.get(runs);
      if (one === undefined || isEnough(one) || state[TIME]! >= 0) return;
      state[SINCE] = performance.now();
      sampler!.start(one.every);
      state[COUNTS] = 1;
    },
    isCounting: () => state[COUNTS] === 1,
    endsOfPages(ran, heapGrown) {
      const one = counted.get(ran);
      if (one !== undefined && state[COUNTS] === 1) return count(one, ran, heapGrown);
      const onPages = room.onPages(ran, heapGrown);
      if (one !== undefined && one.grown > 0) return (onPages * one.ends) / one.grown;
      doubtful[ran] = doubtful[ran]! + onPages;
      return 0;
    },
    reset({ large, collectMillis }) {
      if (large.length > 0) sampler ??= openSampler();
      counted = new Map(sampler === null ? [] : large.map(([number, bytes]) => [number, toCount(bytes)]));
      state[TIME] = -collectMillis;
      doubtful.fill(0);
    },
  };
}

function toCount(bytes: number): Counted {
  return { every: Math.max(1, Math.floor(bytes / WANTED_SAMPLES)), samples: 0, small: 0, grown: 0, ends: 0 };
}

/** Whether no more of its occurrences are counted. */
function isEnough({ samples, small }: Counted): boolean {
  return samples >= MOST_SAMPLES || small >= MOST_SMALL;
}
