import type { CallTree, TreeFrame, TreeNode } from '../model/profile.ts';
import { createCounters } from './counters.ts';
import { createPairTable } from './pair-table.ts';

/** While samples come in, this many call paths are kept; samples of further ones stay with their caller. */
export const MAX_PATHS = 200_000;
/** The finished tree holds this many nodes, the hottest; the self samples of others go to their caller. */
export const MAX_NODES = 10_000;

/** Call paths with their samples; node 0 is the root. */
export interface TreeBuilder {
  readonly root: number;
  /** The child of `node` for a function; `node` itself when the tree is full. */
  child(node: number, functionId: number): number;
  /** One sample ended at `node`. */
  count(node: number): void;
  finish(frameOf: (functionId: number) => TreeFrame): CallTree;
}

/** A tree of the root alone. */
export function createTreeBuilder(maxPaths = MAX_PATHS, maxNodes = MAX_NODES): TreeBuilder {
  // Ids of the pairs are the nodes; the root has the first of them.
  const nodes = createPairTable();
  const parents: number[] = [-1];
  const functionIds: number[] = [-1];
  const selfs = createCounters();
  nodes.id(-2, 0);

  return {
    root: 0,
    child(node, functionId) {
      if (nodes.size >= maxPaths) {
        const known = nodes.find(node, functionId);
        return known < 0 ? node : known;
      }
      const id = nodes.id(node, functionId);
      if (id === parents.length) {
        parents.push(node);
        functionIds.push(functionId);
      }
      return id;
    },
    count: (node) => selfs.add(node, 1),
    finish(frameOf) {
      const self = Float64Array.from(parents, (_, id) => selfs.get(id));
      const total = sumsUpwards(parents, self);
      const kept = hottest(total, maxNodes);
      for (let id = parents.length - 1; id > 0; id--) if (kept[id] === 0) self[parents[id]!]! += self[id]!;
      return preorder(parents, functionIds, self, total, kept, frameOf);
    },
  };
}

/** Parents have lower ids than their children. */
function sumsUpwards(parents: readonly number[], self: Float64Array): Float64Array {
  const total = Float64Array.from(self);
  for (let id = parents.length - 1; id > 0; id--) total[parents[id]!]! += total[id]!;
  return total;
}

/** Of nodes with as many samples the first are taken: a parent has at least its child's and a lower id. */
function hottest(total: Float64Array, count: number): Uint8Array {
  const kept = new Uint8Array(total.length);
  if (total.length <= count) return kept.fill(1);
  const least = Float64Array.from(total).sort()[total.length - count]!;
  let left = count;
  for (const samples of total) if (samples > least) left--;
  total.forEach((samples, id) => {
    if (samples > least) kept[id] = 1;
    else if (samples === least && left-- > 0) kept[id] = 1;
  });
  return kept;
}

function preorder(
  parents: readonly number[],
  functionIds: readonly number[],
  self: Float64Array,
  total: Float64Array,
  kept: Uint8Array,
  frameOf: (functionId: number) => TreeFrame,
): CallTree {
  const children: number[][] = [];
  for (let id = parents.length - 1; id > 0; id--) {
    if (kept[id] === 0) continue;
    const siblings = children[parents[id]!];
    if (siblings === undefined) children[parents[id]!] = [id];
    else siblings.push(id);
  }
  for (const siblings of children) siblings?.sort((a, b) => total[a]! - total[b]! || b - a);
  const frames: TreeFrame[] = [{ name: '(root)', kind: 'root', file: null, line: null, column: null }];
  const frameIds = new Map<number, number>([[-1, 0]]);
  const nodes: TreeNode[] = [];
  const waiting: [id: number, parent: number][] = [[0, -1]];
  for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) {
    const [id, parent] = next;
    let frame = frameIds.get(functionIds[id]!);
    if (frame === undefined) {
      frame = frames.push(frameOf(functionIds[id]!)) - 1;
      frameIds.set(functionIds[id]!, frame);
    }
    const index = nodes.push({ frame, parent, selfSamples: self[id]!, samples: total[id]! }) - 1;
    for (const child of children[id] ?? []) waiting.push([child, index]);
  }
  return { frames, nodes };
}
