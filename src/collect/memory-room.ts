import { getHeapSpaceStatistics } from 'node:v8';
import { MOST_NUMBERS } from './memory-state.ts';

/** V8 puts no object onto a page that is larger. */
const LARGEST_BYTES = 128 * 1024;
/** No object that a reading allocates is larger. */
export const GAP_BYTES = 512;

/** A page of 256 KiB that next to nothing was put onto. */
const WHOLE_PAGE = 244 * 1024;
/** A store that has no room left is replaced by one at most so many times as large. */
const GROWTH = 2;
/** First occurrences of a statement, of which nothing is known yet. */
export const FIRST_FEW = 2;
/** At most what V8 keeps of a page for itself, twice. */
const HEADER_BYTES = 16 * 1024;
const CRUMB_BYTES = 256;
/** An array and the header of its elements, and a word. */
const ARRAY_BYTES = 56;
/** What a look at the spaces allocates before it comes to the young generation. */
const LOOK_BYTES = 4096;
const PAGES_IN_MIB = 4;
const LARGE_SPACES = /^(?:new_)?large_object_space$/;

/** Indices into `state`. */
const ROOM = 0;
const ROOM_AT = 1;
const LARGE = 2;

/** The pages of V8's young generation, and what statements put onto them. */
export interface PageRoom {
  /** Whether a page has just been begun: no more than `grown` was put onto it since. */
  isNewPage(grown: number): boolean;
  /**
   * Gives a statement a page that its next large object fits into, at first a whole one. Else V8 leaves the rest of
   * the page empty, and counts it as used: up to the object's own size too much.
   * @param inUse bytes of the heap, as last seen
   */
  make(next: number, inUse: number): void;
  /** A statement allocated so many bytes. */
  learn(ran: number, grown: number): void;
  /**
   * What of the bytes that the heap grew by while a statement ran may hold ends of pages: not what has places of its
   * own, and nothing where it fits onto the page that the statement was given.
   */
  onPages(ran: number, heapGrown: number): number;
  /** Looks what has places of its own: V8 has collected. */
  look(): void;
  reset(): void;
}

/** What it needs of the heap. */
export interface RoomHeap {
  /** Asks V8 for the bytes of the heap in use. */
  readonly inUse: () => number;
  /** Holds an object until V8 is asked next. */
  readonly hold: (value: unknown) => void;
}

/** @param occurrences by number: how often a statement was given a page, the first few times at least */
export function watchRoom(youngMib: number, occurrences: Uint8Array, heap: RoomHeap): PageRoom {
  /** By number: the most a statement allocated at once. */
  const largest = new Float64Array(new SharedArrayBuffer(8 * (MOST_NUMBERS + 1)));
  const state = new Float64Array(3);
  /** Looks how many bytes the page has left. */
  const lookForRoom = (): void => {
    let all = 0;
    let room = 0;
    for (const { space_name, space_used_size, space_available_size } of getHeapSpaceStatistics()) {
      all += space_used_size;
      if (space_name !== 'new_space') continue;
      const page = (space_available_size + space_used_size) / (youngMib * PAGES_IN_MIB);
      room = page - (space_used_size % page);
    }
    const inUse = heap.inUse();
    // All but the young generation is as it was when that was looked at, so what has been allocated since lies there.
    state[ROOM] = room - (inUse - all);
    state[ROOM_AT] = inUse;
  };
  /** What large-object spaces grew by since the last look. */
  const largeGrown = (): number => {
    let large = 0;
    for (const { space_name, space_used_size } of getHeapSpaceStatistics()) {
      if (LARGE_SPACES.test(space_name)) large += space_used_size;
    }
    const grown = large - state[LARGE]!;
    state[LARGE] = large;
    return Math.max(0, grown);
  };
  return {
    isNewPage(grown) {
      const young = getHeapSpaceStatistics().find(({ space_name }) => space_name === 'new_space');
      if (young === undefined) return false;
      const page = (young.space_available_size + young.space_used_size) / (youngMib * PAGES_IN_MIB);
      return young.space_used_size % page < grown + LOOK_BYTES;
    },
    make(next, inUse) {
      let wanted = Math.min(largest[next]! * GROWTH, LARGEST_BYTES);
      if (occurrences[next]! < FIRST_FEW) wanted = WHOLE_PAGE;
      if (wanted < GAP_BYTES) return;
      const since = inUse - state[ROOM_AT]!;
      if (since >= 0 && since <= state[ROOM]! - wanted) return;
      lookForRoom();
      if (state[ROOM]! >= wanted) return;
      // All are held: V8 makes none that is not. The last few are small: a page's header may be up to so large.
      const filling: unknown[] = [];
      for (let room = state[ROOM]!; room > 0; ) {
        const bytes =
          room > HEADER_BYTES ? Math.min(room - HEADER_BYTES / 2, LARGEST_BYTES / 2) : CRUMB_BYTES;
        filling.push(new Array(Math.floor((bytes - ARRAY_BYTES) / 8)));
        room -= bytes;
      }
      heap.hold(filling);
      state[ROOM] = 0;
    },
    learn(ran, grown) {
      if (grown >= GAP_BYTES && grown > largest[ran]!) largest[ran] = grown;
    },
    onPages(ran, heapGrown) {
      if (heapGrown < LARGEST_BYTES) return 0;
      const bytes = heapGrown - largeGrown();
      if (bytes < LARGEST_BYTES) return 0;
      return occurrences[ran]! <= FIRST_FEW && bytes < WHOLE_PAGE ? 0 : bytes;
    },
    look: () => void largeGrown(),
    reset: () => void largest.fill(0),
  };
}
