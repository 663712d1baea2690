/** Pairs of small non-negative integers → ids 0, 1, 2…, by open addressing: used once a frame of every sample. */
export interface PairTable {
  readonly size: number;
  /** The pair's id, given the first time it is asked for. */
  id(first: number, second: number): number;
  /** The pair's id, or -1. */
  find(first: number, second: number): number;
}

/** An empty table. */
export function createPairTable(): PairTable {
  let mask = 1023;
  let firsts = new Int32Array(mask + 1).fill(-1);
  let seconds = new Int32Array(mask + 1);
  let ids = new Int32Array(mask + 1);
  let size = 0;

  const slotOf = (first: number, second: number): number => {
    // The finalizer of MurmurHash3: neighbouring pairs must not end up in neighbouring slots.
    let hash = Math.imul(first, 0x9e3779b1) + second;
    hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
    hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
    let slot = (hash ^ (hash >>> 16)) & mask;
    while (firsts[slot] !== -1 && (firsts[slot] !== first || seconds[slot] !== second))
      slot = (slot + 1) & mask;
    return slot;
  };
  const grow = (): void => {
    const [oldFirsts, oldSeconds, oldIds] = [firsts, seconds, ids];
    mask = mask * 2 + 1;
    firsts = new Int32Array(mask + 1).fill(-1);
    seconds = new Int32Array(mask + 1);
    ids = new Int32Array(mask + 1);
    for (let i = 0; i < oldFirsts.length; i++) {
      if (oldFirsts[i] === -1) continue;
      const slot = slotOf(oldFirsts[i]!, oldSeconds[i]!);
      firsts[slot] = oldFirsts[i]!;
      seconds[slot] = oldSeconds[i]!;
      ids[slot] = oldIds[i]!;
    }
  };

  return {
    get size() {
      return size;
    },
    id(first, second) {
      let slot = slotOf(first, second);
      if (firsts[slot] !== -1) return ids[slot]!;
      if (size * 2 > mask) {
        grow();
        slot = slotOf(first, second);
      }
      firsts[slot] = first;
      seconds[slot] = second;
      ids[slot] = size;
      return size++;
    },
    find(first, second) {
      const slot = slotOf(first, second);
      return firsts[slot] === -1 ? -1 : ids[slot]!;
    },
  };
}
