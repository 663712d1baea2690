import type { FunctionMemory } from '../model/memory.ts';
import type { CallTree, FunctionProfile, Profile, TreeFrame } from '../model/profile.ts';
import type { FunctionSummary } from '../model/summary.ts';

/** More functions than this that were only seen are left out, the coldest first. */
const MOST_SEEN = 500;

/** All functions of a run: the profiled ones in their order, then those seen in the call tree, hottest first. */
export function summaries({ functions, tree, run }: Profile): FunctionSummary[] {
  const profiled = functions.map((fn): FunctionSummary => {
    const { name, file, line, column, calls, samples, selfSamples, totalMicros, selfMicros, memory } = fn;
    return {
      kind: 'profiled',
      ...{ name, file, line, column, calls, samples, selfSamples, totalMicros, selfMicros },
      ...(memory !== undefined && { memory: withoutObjects(memory) }),
    };
  });
  const seen = framesOf(tree).flatMap(({ frame, samples, selfSamples }): FunctionSummary[] => {
    const { kind, name, file, line, column } = frame;
    if (kind === 'root' || isProfilers(frame) || functions.some((fn) => isSame(fn, frame))) return [];
    const [totalMicros, selfMicros] = [samples * run.intervalMicros, selfSamples * run.intervalMicros];
    return [{ kind, name, file, line, column, calls: null, samples, selfSamples, totalMicros, selfMicros }];
  });
  return [...profiled, ...seen.sort((a, b) => b.samples - a.samples).slice(0, MOST_SEEN)];
}

function withoutObjects(memory: FunctionMemory | null): NonNullable<FunctionSummary['memory']> | null {
  if (memory === null) return null;
  const { allocatedBytes, incrementBytes, isEstimated } = memory;
  return { allocatedBytes, incrementBytes, isEstimated };
}

/** The driver of a `call` stands below everything it calls, and is nobody's interest. */
function isProfilers({ name, file }: TreeFrame): boolean {
  return /[\\/]dist[\\/]collect[\\/]\w+\.[cm]js$/.test(file ?? '') || name.includes("Symbol.for('lineprof.");
}

function isSame(fn: FunctionProfile, frame: TreeFrame): boolean {
  return fn.name === frame.name && fn.line === frame.line && fn.file === frame.file;
}

interface FrameTotals {
  readonly frame: TreeFrame;
  samples: number;
  selfSamples: number;
}

/** Samples of each frame over all its nodes; a frame below itself counts once. */
function framesOf({ frames, nodes }: CallTree): readonly FrameTotals[] {
  const totals = frames.map((frame) => ({ frame, samples: 0, selfSamples: 0 }));
  // Nodes come in preorder: the path from the root to a node is known when it is reached.
  const depths: number[] = [];
  const onPath = frames.map(() => 0);
  const path: number[] = [];
  nodes.forEach(({ frame, parent, samples, selfSamples }, index) => {
    const depth = parent === -1 ? 0 : depths[parent]! + 1;
    depths[index] = depth;
    while (path.length > depth) onPath[path.pop()!]! -= 1;
    const total = totals[frame]!;
    total.selfSamples += selfSamples;
    if (onPath[frame] === 0) total.samples += samples;
    path.push(frame);
    onPath[frame]! += 1;
  });
  return totals.filter(({ samples }) => samples > 0);
}
