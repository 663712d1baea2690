import type { CallTree, TreeFrame, TreeNode } from '../model/profile.ts';

interface Branch {
  readonly frame: number;
  readonly children: Map<number, Branch>;
  selfSamples: number;
  samples: number;
}

/** Several call trees as one: nodes with the same path of frames become one, their samples added up. */
export function mergeTrees(trees: readonly CallTree[]): CallTree {
  const frames: TreeFrame[] = [];
  const frameIds = new Map<string, number>();
  const roots = new Map<number, Branch>();
  const idOf = (frame: TreeFrame): number => {
    const key = JSON.stringify([frame.name, frame.kind, frame.file, frame.line, frame.column]);
    const known = frameIds.get(key);
    if (known !== undefined) return known;
    frameIds.set(key, frames.length);
    return frames.push(frame) - 1;
  };
  for (const tree of trees) addTree(tree, tree.frames.map(idOf), roots);
  return { frames, nodes: preorder(roots) };
}

function addTree(tree: CallTree, ids: readonly number[], roots: Map<number, Branch>): void {
  const branches: Branch[] = [];
  for (const { frame, parent, selfSamples, samples } of tree.nodes) {
    const siblings = parent < 0 ? roots : branches[parent]!.children;
    const id = ids[frame]!;
    let branch = siblings.get(id);
    if (branch === undefined) {
      branch = { frame: id, children: new Map(), selfSamples: 0, samples: 0 };
      siblings.set(id, branch);
    }
    branch.selfSamples += selfSamples;
    branch.samples += samples;
    branches.push(branch);
  }
}

/** Iterative: a recursive program's tree is as deep as its stack. */
function preorder(roots: ReadonlyMap<number, Branch>): TreeNode[] {
  const nodes: TreeNode[] = [];
  const waiting = [...roots.values()].reverse().map((branch) => ({ branch, parent: -1 }));
  for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) {
    const { branch, parent } = next;
    const { frame, selfSamples, samples } = branch;
    const index = nodes.push({ frame, parent, selfSamples, samples }) - 1;
    for (const child of [...branch.children.values()].reverse())
      waiting.push({ branch: child, parent: index });
  }
  return nodes;
}
