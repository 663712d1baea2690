/**
 * The JavaScript stack of the last sample. A tick of the garbage collector has no stack of its own: it counts for
 * the line that ran last before it.
 */
export interface LastStack {
  /** Keeps a sample's stack: the first `depth` of `frames`. */
  keep(frames: Int32Array, depth: number, cut: boolean): void;
  /** `frames` has room for one more; reused: holds until the next call of `keep`. */
  frames: Int32Array;
  depth: number;
  cut: boolean;
}

/** No sample yet: an empty stack. */
export function createLastStack(): LastStack {
  return {
    frames: new Int32Array(1024),
    depth: 0,
    cut: false,
    keep(frames, depth, cut) {
      if (this.frames.length < depth + 1) this.frames = new Int32Array(depth * 2);
      for (let i = 0; i < depth; i++) this.frames[i] = frames[i]!;
      this.depth = depth;
      this.cut = cut;
    },
  };
}
