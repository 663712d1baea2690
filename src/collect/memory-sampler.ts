import type { SampledHeap } from '../protocol/memory.ts';
import { openInspector } from './memory-inspector.ts';

/** V8's sampling heap profiler on this thread, which sees each object by itself: no page, and no page's end. */
export interface HeapSampler {
  /**
   * Begins. Objects that are collected meanwhile are kept in mind too.
   * @param every bytes from one sample to the next, on average (exponentially distributed); 1: every object
   */
  start(every: number): void;
  /** Ends; null when it had not begun. V8 collects first, and asks nobody. */
  stop(): SampledHeap | null;
}

/** Null where V8's inspector is not there. */
export function openSampler(): HeapSampler | null {
  const inspector = openInspector();
  if (inspector === null) return null;
  return {
    start: (every) =>
      void inspector.ask('HeapProfiler.startSampling', {
        samplingInterval: every,
        includeObjectsCollectedByMajorGC: true,
        includeObjectsCollectedByMinorGC: true,
      }),
    stop: () => inspector.ask<{ profile: SampledHeap }>('HeapProfiler.stopSampling')?.profile ?? null,
  };
}

/** Bytes of what was sampled, but for what this bundle allocated. */
export function programBytes({ head }: SampledHeap): number {
  let bytes = 0;
  // No recursion: a program's calls may be nested deeply.
  for (const open = [head]; open.length > 0; ) {
    const node = open.pop()!;
    if (node.callFrame.url === __filename) continue;
    bytes += node.selfSize;
    open.push(...node.children);
  }
  return bytes;
}
