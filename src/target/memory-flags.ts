import type { NodeInfo } from './node.ts';

/**
 * V8's flags for a run in which every allocated byte is seen, known to Node 20 to 26:
 * - a young generation so large that V8 rarely collects; its pages become memory only as they are used;
 * - optimised code made on the program's thread, in its turn: on threads of its own V8 allocates in the middle of
 *   any line (whole pages of 256 KB), differently each time; the same for Sparkplug, which has no such flag on
 *   every version and so is off; Maglev is off too, as loops made by it on the program's thread stay in it: three
 *   times slower on Node 24 and 26 than in TurboFan, and allocating what TurboFan does not;
 * - feedback allocated when a function is first called, not on whatever line it has run long enough;
 * - buffers freed in a collection, not by a thread later;
 * - no pretenuring: objects are born in the young generation, whose pages the probe keeps an eye on;
 * - a page of the young generation that is left is left for good: V8 else goes back to its end later, and what is
 *   used shrinks without a collection;
 * - compiled code kept, so that no line compiles it again.
 */
export function memoryFlags(youngMib: number, node: Pick<NodeInfo, 'maglevLoopPeeling'>): readonly string[] {
  return [
    `--max-semi-space-size=${youngMib}`,
    `--min-semi-space-size=${youngMib}`,
    '--no-concurrent-recompilation',
    '--no-sparkplug',
    // V8 has Maglev since it knows this flag.
    ...(node.maglevLoopPeeling ? ['--no-maglev'] : []),
    '--no-lazy-feedback-allocation',
    '--no-concurrent-array-buffer-sweeping',
    '--no-allocation-site-pretenuring',
    '--no-flush-bytecode',
    '--no-allocation-buffer-parking',
  ];
}

/** The largest young generation that is asked for, in MiB. */
export const MOST_YOUNG_MIB = 64;
const LEAST_YOUNG_MIB = 16;

/** The young generation for a machine with so many bytes of memory: at most an eighth of it, a power of two MiB. */
export function youngMibFor(memoryBytes: number): number {
  const eighth = memoryBytes / 8 / 2 ** 20;
  const power = 2 ** Math.floor(Math.log2(Math.max(1, eighth)));
  return Math.min(MOST_YOUNG_MIB, Math.max(LEAST_YOUNG_MIB, power));
}
