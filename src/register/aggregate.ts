import type { RawProfile } from './samplers/sampler.ts';

/** A function in the call tree of everything that was sampled, with the samples that ended in it. */
export interface TreeNode {
  readonly frame: RawProfile['nodes'][number]['callFrame'];
  readonly parent: number;
  readonly children: Map<string, number>;
  ticks: number;
  readonly lines: Map<number, number>;
}

/** Samples in windows, all profiles so far in one tree: it grows with the program's stacks, not with time. */
export interface Aggregate {
  /** Adds a profile's samples that lie in the windows ([begin, end, …], ascending). */
  add(profile: RawProfile, windows: Float64Array): void;
  /** Parents before children, the root first. */
  nodes(): readonly TreeNode[];
  /** Samples in windows, idle ones left out. */
  samples(): number;
  /** Samples in windows in code that V8 no longer knew. */
  lost(): number;
  /** Samples in the profiler's own code. */
  overhead(): number;
  /** Mean time between two samples; 0 before there are two. */
  intervalMicros(): number;
}

/** So many different stacks are told apart; deeper ones count for what called them. */
const MOST_NODES = 10_000;

/**
 * @param isMarked whether a call frame is a marked function's: nothing of its own runs outside of windows, so
 * its lines count in full even where a sample and its window's edge cannot be told apart
 * @param ownFile URL or path of the bundle that this is in: its frames are taken out of stacks
 */
export function makeAggregate(
  isMarked: (frame: TreeNode['frame']) => boolean,
  ownFile: (url: string) => boolean,
): Aggregate {
  const root: TreeNode = {
    frame: { functionName: '(root)', scriptId: '0', url: '', lineNumber: -1, columnNumber: -1 },
    parent: -1,
    children: new Map(),
    ticks: 0,
    lines: new Map(),
  };
  const nodes: TreeNode[] = [root];
  let samples = 0;
  let lost = 0;
  let overhead = 0;
  let spanMicros = 0;
  let spans = 0;

  const childOf = (parent: number, frame: TreeNode['frame']): number => {
    const { functionName, scriptId, lineNumber, columnNumber } = frame;
    const key = `${scriptId}:${lineNumber}:${columnNumber}:${functionName}`;
    const known = nodes[parent]!.children.get(key);
    if (known !== undefined) return known;
    if (nodes.length >= MOST_NODES) return parent;
    const index = nodes.push({ frame, parent, children: new Map(), ticks: 0, lines: new Map() }) - 1;
    nodes[parent]!.children.set(key, index);
    return index;
  };

  return {
    add(profile, windows) {
      const { inside, all } = samplesInWindows(profile, windows);
      const deltas = profile.timeDeltas ?? [];
      for (let at = 1; at < deltas.length; at++) spanMicros += deltas[at]!;
      for (const { hitCount } of profile.nodes) spans += hitCount ?? 0;
      const byId = new Map(profile.nodes.map((node) => [node.id, node]));
      const wanted = withAncestors(profile, inside);
      // [node, its parent in the tree, below our own code]
      const waiting: [number, number, boolean][] = [[profile.nodes[0]!.id, -1, false]];
      for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) {
        const [id, parent, below] = next;
        const node = byId.get(id)!;
        const { callFrame } = node;
        // V8 writes down more stacks than it took samples: one each time that code is deoptimised.
        const share = (inside.get(id) ?? 0) / (all.get(id) ?? 1);
        const isAll = share > 0 && (share === 1 || isMarked(callFrame));
        const count = isAll ? (node.hitCount ?? 0) : Math.round((node.hitCount ?? 0) * share);
        const isOwn = parent >= 0 && (ownFile(callFrame.url) || (below && isInternal(callFrame.url)));
        let index = parent < 0 ? 0 : parent;
        if (isOwn) overhead += count;
        else {
          const isIdle = callFrame.functionName === '(idle)' && callFrame.url === '';
          if (parent >= 0 && !isIdle) {
            index = childOf(parent, callFrame);
            nodes[index]!.ticks += count;
            samples += count;
            if (isLost(callFrame)) lost += count;
            if (isAll) addLines(nodes[index]!, node.positionTicks ?? []);
          }
        }
        for (const child of node.children ?? []) {
          if (wanted.has(child)) waiting.push([child, index, isOwn]);
        }
      }
    },
    nodes: () => nodes,
    samples: () => samples,
    lost: () => lost,
    overhead: () => overhead,
    intervalMicros: () => (spans === 0 ? 0 : spanMicros / spans),
  };
}

function addLines(
  { lines }: TreeNode,
  ticks: readonly { readonly line: number; readonly ticks: number }[],
): void {
  for (const { line, ticks: more } of ticks) lines.set(line, (lines.get(line) ?? 0) + more);
}

/** Code without a name or a script: V8 has lost sight of it. */
function isLost({ functionName, url }: TreeNode['frame']): boolean {
  return (
    url === '' &&
    (functionName === '' || functionName === '(anonymous)' || functionName === '(unresolved function)')
  );
}

function isInternal(url: string): boolean {
  return url === '' || url.startsWith('node:');
}

/** Stacks by node: those in windows, and all. */
function samplesInWindows(
  { samples = [], timeDeltas = [], startTime }: RawProfile,
  windows: Float64Array,
): { readonly inside: ReadonlyMap<number, number>; readonly all: ReadonlyMap<number, number> } {
  const inside = new Map<number, number>();
  const all = new Map<number, number>();
  let time = startTime;
  let at = 0;
  samples.forEach((id, index) => {
    time += timeDeltas[index] ?? 0;
    all.set(id, (all.get(id) ?? 0) + 1);
    // They may be written a little out of order.
    while (at > 0 && time < windows[at]!) at -= 2;
    while (at < windows.length && time > windows[at + 1]!) at += 2;
    if (at < windows.length && time >= windows[at]!) inside.set(id, (inside.get(id) ?? 0) + 1);
  });
  return { inside, all };
}

/** The nodes that have samples inside, and all above them. */
function withAncestors({ nodes }: RawProfile, inside: ReadonlyMap<number, number>): Set<number> {
  const parents = new Map<number, number>();
  for (const { id, children } of nodes) for (const child of children ?? []) parents.set(child, id);
  const wanted = new Set<number>();
  for (const start of inside.keys()) {
    for (let id: number | undefined = start; id !== undefined && !wanted.has(id); id = parents.get(id)) {
      wanted.add(id);
    }
  }
  return wanted;
}
