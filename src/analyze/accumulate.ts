import { WHERES } from '../model/profile.ts';
import {
  type Counters,
  createCounters,
  createPresence,
  createSplitPresence,
  type Presence,
  type SplitPresence,
} from './counters.ts';
import type { Edges } from './edges.ts';
import type { InputTables, InputTick } from './input.ts';
import type { Place, Places } from './places.ts';
import type { TreeBuilder } from './tree.ts';

/** The samples of one isolate, by function, by line of a function (slot), and by call from a line (edge). */
export interface IsolateCounts {
  /** By function id: samples with it on the stack; with the innermost position inside it; with it innermost. */
  readonly totals: Presence;
  readonly selfs: Counters;
  readonly innermost: Counters;
  /** By slot, split by `WHERES`. */
  readonly lines: SplitPresence;
  readonly lineSelfs: Counters;
  /** By edge id. */
  readonly edges: Presence;
  /** Samples in an own function's calls that lie on several lines, of which the log does not tell the one. */
  ambiguous: number;
  /** Real time between two samples; set once the log has been read. */
  intervalMicros: number;
}

export interface Accumulator {
  readonly counts: IsolateCounts;
  tick(tick: InputTick): void;
  /** To be called before anything is looked up: what is still on the stack is counted. More samples may follow. */
  end(): void;
  readonly samples: number;
}

/**
 * Takes the samples of one isolate. Of consecutive samples only the frames that differ are looked at: what
 * stays on the stack is counted when it leaves, by how many samples went by.
 */
export function accumulate(
  places: Places,
  edges: Edges,
  tree: TreeBuilder,
  tables: InputTables,
): Accumulator {
  const resolve = places.resolver(tables);
  const perWhere = new Float64Array(WHERES.length);
  const counts: IsolateCounts = {
    totals: createPresence(),
    selfs: createCounters(),
    innermost: createCounters(),
    lines: createSplitPresence(perWhere),
    lineSelfs: createCounters(),
    edges: createPresence(),
    ambiguous: 0,
    intervalMicros: 0,
  };
  let samples = 0;
  let depth = 0;
  /** The present stack, outermost first: frame ids, tree nodes, and the JavaScript place at or outside each frame. */
  let frames = new Int32Array(512);
  let nodes = new Int32Array(512);
  const js: (Place | null)[] = [];
  /** The calls that made each frame, from the nearest JavaScript frame outside it. */
  const calls: (Int32Array | null)[] = [];

  const push = (frame: number): void => {
    const place = resolve(frame);
    const outer = depth === 0 ? null : js[depth - 1]!;
    nodes[depth] = tree.child(depth === 0 ? tree.root : nodes[depth - 1]!, place.functionId);
    frames[depth] = frame;
    calls[depth] = null;
    js[depth] = outer;
    if (place.isJs) {
      js[depth] = place;
      if (outer !== null && outer.slots.length > 0) {
        const made = edges.of(outer, place.functionId);
        for (let i = 0; i < made.length; i++) counts.edges.enter(made[i]!, samples);
        calls[depth] = made;
      }
      for (let i = 0; i < place.chain.length; i++) counts.totals.enter(place.chain[i]!, samples);
      for (let i = 0; i < place.slots.length; i++) counts.lines.enter(place.slots[i]!);
    }
    depth++;
  };

  const pop = (): void => {
    depth--;
    const place = resolve(frames[depth]!);
    const made = calls[depth]!;
    if (made !== null) for (let i = 0; i < made.length; i++) counts.edges.leave(made[i]!, samples);
    if (!place.isJs) return;
    for (let i = 0; i < place.chain.length; i++) counts.totals.leave(place.chain[i]!, samples);
    for (let i = 0; i < place.slots.length; i++) counts.lines.leave(place.slots[i]!);
  };

  /** Whether the innermost JavaScript has no line because it may be at several. */
  const isAmbiguous = (leaf: Place): boolean => {
    if (leaf.slots.length > 0 || places.functions[leaf.functionId]!.source === null) return false;
    let at = depth - 1;
    while (!resolve(frames[at]!).isJs) at--;
    return tables.frames[frames[at]!]!.otherOffsets !== undefined;
  };

  const countLeaf = (): void => {
    tree.count(depth === 0 ? tree.root : nodes[depth - 1]!);
    const leaf = depth === 0 ? null : js[depth - 1]!;
    if (leaf === null) return;
    if (isAmbiguous(leaf)) counts.ambiguous++;
    counts.innermost.add(leaf.functionId, 1);
    for (let i = 0; i < leaf.chain.length; i++) counts.selfs.add(leaf.chain[i]!, 1);
    for (let i = 0; i < leaf.slots.length; i++) counts.lineSelfs.add(leaf.slots[i]!, 1);
  };

  return {
    counts,
    get samples() {
      return samples;
    },
    tick(tick) {
      if (frames.length < tick.depth) {
        frames = grown(frames, tick.depth * 2);
        nodes = grown(nodes, tick.depth * 2);
      }
      let shared = 0;
      const most = Math.min(depth, tick.depth);
      while (shared < most && frames[shared] === tick.frames[shared]) shared++;
      while (depth > shared) pop();
      while (depth < tick.depth) push(tick.frames[depth]!);
      countLeaf();
      samples++;
      perWhere[tick.where]!++;
    },
    end() {
      while (depth > 0) pop();
    },
  };
}

function grown(old: Int32Array<ArrayBuffer>, size: number): Int32Array<ArrayBuffer> {
  const larger = new Int32Array(size);
  larger.set(old);
  return larger;
}
