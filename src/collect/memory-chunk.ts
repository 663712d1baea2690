import { getHeapSpaceStatistics } from 'node:v8';

/**
 * The chunk that V8 has set aside in the old generation for objects to come, on V8 before 12 (Node 20). There
 * `used_heap_size` counts a chunk as used from the moment it is taken (up to a page of 256 KiB), so that one small
 * object seems to be a large one. What is left of it is found by having V8 give it up for objects that need more.
 */
export interface OldChunk {
  /**
   * What is left of the chunk, counted but not used (bytes). Afterwards nothing is left: the next object that is
   * born there is seen. Allocates some hundred KB itself.
   */
  finish(): number;
  /** Whether V8 has taken one since, for an object that was born there. */
  isTaken(): boolean;
}

/** Chunks are no smaller, as a rule. */
const CHUNK_BYTES = 256;

/** V8 puts no larger object onto a page (`kMaxRegularHeapObjectSize`, 11.3), nor two of these onto one. */
const LARGE_BYTES = 131_072 - 64;
/** A string's map, hash and length. */
const STRING_HEADER = 16;
/** `Page::kPageSize`. */
const PAGE_BYTES = 262_144;
/** Chunks that `finish` goes through before it comes to a new page. */
const MOST_CHUNKS = 64;
const MOST_TRIES = 4;
const WARM_UP = 20;

/** Null where V8 counts exactly: from 12 on. */
export function openOldChunk(): OldChunk | null {
  if (Number.parseInt(process.versions.v8, 10) >= 12) return null;
  const text = Buffer.allocUnsafeSlow(LARGE_BYTES).fill('x');
  const target = {};
  const keep: { last: unknown } = { last: null };
  /**
   * Used, size and what is free of the old generation, and what was used when its chunk was last finished; texts made
   * so far; a page's room, and as last seen.
   */
  const state = new Float64Array(7);
  const [USED, SIZE, FREE, FINISHED, NAMES, ROOM, SEEN] = [0, 1, 2, 3, 4, 5, 6] as const;
  const grown = new Float64Array(MOST_CHUNKS);

  const look = (): void => {
    for (const {
      space_name,
      space_size,
      space_used_size,
      space_available_size,
    } of getHeapSpaceStatistics()) {
      if (space_name !== 'old_space') continue;
      state[USED] = space_used_size;
      state[SIZE] = space_size;
      state[FREE] = space_available_size;
    }
  };
  /** An object of so many bytes in the old generation: names of properties are born there. */
  const put = (bytes: number): void => {
    state[NAMES] = state[NAMES]! + 1;
    text.writeDoubleLE(state[NAMES]!, 0);
    keep.last = text.toString('latin1', 0, bytes - STRING_HEADER);
    keep.last = Reflect.get(target, keep.last as string) as unknown;
  };
  /**
   * Puts large objects until V8 takes a new page for one. Each either fits into the chunk, or V8 gives that up
   * for another: then what is used has grown by the new chunk less what was left of the old one. A new page's size is
   * known, so is what was left before it, and so on back to the first.
   */
  const leftOf = (): number | null => {
    look();
    for (let i = 0; i < MOST_CHUNKS; i++) {
      const used = state[USED]!;
      const size = state[SIZE]!;
      const free = state[FREE]!;
      put(LARGE_BYTES);
      look();
      grown[i] = state[USED]! - used;
      if (state[SIZE]! - size !== PAGE_BYTES) continue;
      // What was left of the chunk before is free now, so that a page's room shows; unless V8 sweeps meanwhile.
      state[SEEN] = grown[i]! + state[FREE]! - free;
      let left = state[ROOM]! - grown[i]!;
      for (let k = i - 1; k >= 0; k--) left += LARGE_BYTES - grown[k]!;
      return left;
    }
    return null;
  };
  const finish = (): number => {
    let first: number | null = null;
    for (let tries = 0; tries < MOST_TRIES; tries++) {
      const left = leftOf();
      if (left === null) break;
      first ??= left;
      put(state[ROOM]! - LARGE_BYTES);
      const used = state[USED]!;
      look();
      // Else V8 itself put something there in between.
      if (state[USED] === used) break;
    }
    state[FINISHED] = state[USED]!;
    return Math.max(0, first ?? 0);
  };
  const seen = Float64Array.from({ length: WARM_UP }, () => {
    leftOf();
    return state[SEEN]!;
  });
  state[ROOM] = seen.sort()[WARM_UP / 2]!;
  return {
    finish,
    isTaken() {
      look();
      return state[USED]! - state[FINISHED]! >= CHUNK_BYTES;
    },
  };
}
