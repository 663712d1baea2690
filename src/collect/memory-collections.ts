import { GCProfiler, setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';

/** What collections freed on this thread. */
export interface Collections {
  /**
   * Bytes freed since the last look, heap and buffers; the first `skipped` collections are left out. Those that
   * remain are added to `counts.own`.
   */
  freed(skipped?: number): number;
  /** The heap's part of what `freed` last gave. */
  freedHeap(): number;
  /** Collections since the last look were for want of room that a reading took: not the program's. */
  forget(): void;
  /** Collects. */
  collect(): void;
  /** `own`: collections that were the program's. */
  readonly counts: { own: number };
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

/** Begins to watch. */
export function watchCollections(): Collections {
  const profiler = new GCProfiler();
  const counts = { own: 0 };
  const state = new Float64Array(1);
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
    state[0] = heap;
    return heap + external;
  };
  profiler.start();
  return {
    freed,
    freedHeap: () => state[0]!,
    forget() {
      const { own } = counts;
      freed();
      counts.own = own;
    },
    collect: exposeGc(),
    counts,
  };
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
