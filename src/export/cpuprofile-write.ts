import type { CpuProfile, CpuProfileNode } from './cpuprofile-file.ts';

/** A node of a call tree; `parent` comes before it (-1: the root, which is the first). */
export interface TreeTicks {
  readonly frame: CpuProfileNode['callFrame'];
  readonly parent: number;
  readonly ticks: number;
  /** 1-based line, ticks. */
  readonly lines: Iterable<readonly [number, number]>;
}

/**
 * A call tree as a CPU profile. Viewers read times out of samples, of which so many would be as large as the run
 * was long: each node that has ticks gets one sample, with all of its time until the next.
 * @param startMicros and `intervalMicros`: when it began, and what a tick stands for
 */
export function cpuProfileOf(
  tree: readonly TreeTicks[],
  startMicros: number,
  intervalMicros: number,
): CpuProfile {
  const children = tree.map((): number[] => []);
  tree.forEach(({ parent }, index) => {
    if (parent >= 0) children[parent]!.push(index + 1);
  });
  const nodes = tree.map(({ frame, ticks, lines }, index): CpuProfileNode => {
    const positionTicks = [...lines].map(([line, count]) => ({ line, ticks: count }));
    return {
      id: index + 1,
      callFrame: frame,
      hitCount: ticks,
      children: children[index]!,
      ...(positionTicks.length > 0 && { positionTicks }),
    };
  });
  const samples: number[] = [];
  const timeDeltas: number[] = [];
  let before = 0;
  for (const { id, hitCount = 0 } of nodes) {
    if (hitCount === 0) continue;
    samples.push(id);
    timeDeltas.push(before);
    before = Math.round(hitCount * intervalMicros);
  }
  // The last sample's time needs an end as well.
  samples.push(1);
  timeDeltas.push(before);
  const micros = timeDeltas.reduce((sum, delta) => sum + delta, 0);
  // Whole microseconds, as V8 writes them: viewers add deltas up to the end.
  const startTime = Math.round(startMicros);
  return { nodes, startTime, endTime: startTime + micros, samples, timeDeltas };
}
