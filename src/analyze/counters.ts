/** Counters by id that grow as ids are given out. */
export interface Counters {
  add(id: number, count: number): void;
  get(id: number): number;
}

/** All zero. */
export function createCounters(): Counters {
  let counts = new Float64Array(256);
  return {
    add(id, count) {
      if (id >= counts.length) {
        const larger = new Float64Array(Math.max(id + 1, counts.length * 2));
        larger.set(counts);
        counts = larger;
      }
      counts[id]! += count;
    },
    get: (id) => counts[id] ?? 0,
  };
}

/**
 * In how many samples an id was present: it enters and leaves as frames come and go on the stack, any number of
 * times over (recursion), and counts once a sample. `now` is the number of samples before the present one.
 */
export interface Presence {
  enter(id: number, now: number): void;
  leave(id: number, now: number): void;
  get(id: number): number;
}

/** Nothing present. */
export function createPresence(): Presence {
  const counts = createCounters();
  let depths = new Int32Array(256);
  let since = new Float64Array(256);
  return {
    enter(id, now) {
      if (id >= depths.length) {
        const size = Math.max(id + 1, depths.length * 2);
        const largerDepths = new Int32Array(size);
        largerDepths.set(depths);
        depths = largerDepths;
        const largerSince = new Float64Array(size);
        largerSince.set(since);
        since = largerSince;
      }
      if (depths[id]!++ === 0) since[id] = now;
    },
    leave(id, now) {
      if (--depths[id]! === 0) counts.add(id, now - since[id]!);
    },
    get: counts.get,
  };
}

/** The same, split by the kind (0 … kinds-1) of each sample; `totals[kind]` counts the samples before the present one. */
export interface SplitPresence {
  enter(id: number): void;
  leave(id: number): void;
  get(id: number, kind: number): number;
}

/** Nothing present; `totals` is kept up by the caller. */
export function createSplitPresence(totals: Float64Array): SplitPresence {
  const kinds = totals.length;
  let depths = new Int32Array(256);
  /** What must be subtracted from or has been added up for each id and kind. */
  let counts = new Float64Array(256 * kinds);
  return {
    enter(id) {
      if (id >= depths.length) {
        const size = Math.max(id + 1, depths.length * 2);
        const largerDepths = new Int32Array(size);
        largerDepths.set(depths);
        depths = largerDepths;
        const largerCounts = new Float64Array(size * kinds);
        largerCounts.set(counts);
        counts = largerCounts;
      }
      if (depths[id]!++ === 0)
        for (let kind = 0; kind < kinds; kind++) counts[id * kinds + kind]! -= totals[kind]!;
    },
    leave(id) {
      if (--depths[id]! === 0)
        for (let kind = 0; kind < kinds; kind++) counts[id * kinds + kind]! += totals[kind]!;
    },
    get: (id, kind) => counts[id * kinds + kind] ?? 0,
  };
}
