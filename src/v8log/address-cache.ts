/**
 * Address → small integer, by open addressing in typed arrays: a tick has up to 255 addresses and there are
 * millions of ticks, so this is the hottest lookup of all. -1: not there.
 */
export interface AddressCache {
  get(address: number): number;
  set(address: number, value: number): void;
  /** Forgets an address; its slot stays taken until the table grows. */
  forget(address: number): void;
}

/** An empty cache. */
export function createAddressCache(): AddressCache {
  let mask = (1 << 12) - 1;
  let keys = new Float64Array(mask + 1).fill(-1);
  let values = new Int32Array(mask + 1).fill(-1);
  let used = 0;

  const slotOf = (address: number): number => {
    // Addresses are 8 to 48 bits: fold the high half in, then multiply by the golden ratio (Knuth).
    const low = address | 0;
    const high = (address / 0x100000000) | 0;
    let slot = (Math.imul(low ^ Math.imul(high, 0x85ebca6b), 0x9e3779b1) >>> 9) & mask;
    while (keys[slot] !== address && keys[slot] !== -1) slot = (slot + 1) & mask;
    return slot;
  };

  const grow = (): void => {
    const oldKeys = keys;
    const oldValues = values;
    let live = 0;
    for (let i = 0; i < oldKeys.length; i++) if (oldValues[i]! >= 0) live++;
    // Mostly forgotten slots: the same size is enough.
    const size = live * 4 > oldKeys.length ? oldKeys.length * 2 : oldKeys.length;
    mask = size - 1;
    keys = new Float64Array(size).fill(-1);
    values = new Int32Array(size).fill(-1);
    used = live;
    for (let i = 0; i < oldKeys.length; i++) {
      if (oldValues[i]! < 0) continue;
      const slot = slotOf(oldKeys[i]!);
      keys[slot] = oldKeys[i]!;
      values[slot] = oldValues[i]!;
    }
  };

  return {
    get: (address) => values[slotOf(address)]!,
    set(address, value) {
      let slot = slotOf(address);
      if (keys[slot] === -1) {
        if (used * 2 > mask) {
          grow();
          slot = slotOf(address);
        }
        keys[slot] = address;
        used++;
      }
      values[slot] = value;
    },
    forget(address) {
      const slot = slotOf(address);
      if (keys[slot] === address) values[slot] = -1;
    },
  };
}
