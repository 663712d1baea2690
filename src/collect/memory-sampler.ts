import { Session } from 'node:inspector';

/** What V8's sampling heap profiler found. */
export interface HeapSamples {
  /** Bytes allocated since the start, by all but this bundle. Exact when each was sampled, else estimated. */
  readonly bytes: number;
  readonly count: number;
  /** Sizes of sampled objects that have not been collected, the newest last (bytes). */
  readonly sizes: readonly number[];
}

/** V8's sampling heap profiler on this thread, which sees each object by itself: no page, and no page's end. */
export interface HeapSampler {
  /**
   * Begins.
   * @param every bytes from one sample to the next, on average (exponentially distributed); 1: every object
   * @param all also keep those that are collected meanwhile
   */
  start(every: number, all: boolean): void;
  /** Ends; null when it had not begun. */
  stop(): HeapSamples | null;
}

/** What is used of `HeapProfiler.SamplingHeapProfile` in the DevTools protocol. */
interface SamplingNode {
  readonly callFrame: { readonly url: string };
  readonly selfSize: number;
  readonly children: readonly SamplingNode[];
}
interface SamplingProfile {
  readonly head: SamplingNode;
  readonly samples: readonly { readonly size: number; readonly ordinal: number }[];
}

/** Null where V8's inspector is not there. */
export function openSampler(): HeapSampler | null {
  let session: Session;
  try {
    session = new Session();
    session.connect();
  } catch {
    return null;
  }
  /** In the session's own thread answers come before `post` returns. */
  const post = <T>(method: string, params: object): T | null => {
    let answer: T | null = null;
    session.post(method, params, (error, result) => {
      if (error === null) answer = result as T;
    });
    return answer;
  };
  return {
    start(every, all) {
      post('HeapProfiler.startSampling', {
        samplingInterval: every,
        includeObjectsCollectedByMajorGC: all,
        includeObjectsCollectedByMinorGC: all,
      });
    },
    stop() {
      const profile = post<{ profile: SamplingProfile }>('HeapProfiler.stopSampling', {})?.profile;
      if (profile === undefined) return null;
      const samples = [...profile.samples].sort((a, b) => a.ordinal - b.ordinal);
      return { bytes: bytesOf(profile.head), count: samples.length, sizes: samples.map(({ size }) => size) };
    },
  };
}

/** Of a node and those below it, but for what this bundle called. A program's calls may be nested deeply. */
function bytesOf(head: SamplingNode): number {
  let bytes = 0;
  for (const open = [head]; open.length > 0; ) {
    const node = open.pop()!;
    if (node.callFrame.url === __filename) continue;
    bytes += node.selfSize;
    open.push(...node.children);
  }
  return bytes;
}
