import type { LogFunction } from './code.ts';

/**
 * One position on a stack, the same object for the same position whatever code (tier, inlining) ran it.
 * - `js`: `offset` in the script of `fn`, -1 when V8 does not know it; `fn` is null for functions of Node's own
 *   start-up snapshot, which V8 does not log, and, with the name `LOST`, for one that V8 left out of a stack.
 * - `builtin`, `native`: by name only.
 */
export interface Frame {
  readonly id: number;
  readonly kind: 'js' | 'builtin' | 'native';
  readonly fn: LogFunction | null;
  /** UTF-16 offset in the text as V8 compiled it. */
  readonly offset: number;
  readonly name: string;
  /** The frame may as well be at one of these offsets: V8 did not record it, see `lost-frames.ts`. */
  readonly otherOffsets?: readonly number[];
}

/** The name of a function that was on the stack and that nothing in the log names. */
export const LOST = '(function not recorded)';

/** Interned frames of one log; `list[id]` is the frame with that id. */
export interface FrameTable {
  readonly list: readonly Frame[];
  js(fn: LogFunction | null, offset: number): number;
  /** At one of several offsets, ascending and without repetitions. */
  jsAtOneOf(fn: LogFunction | null, offsets: readonly number[]): number;
  lost(): number;
  named(kind: 'builtin' | 'native', name: string): number;
}

/** An empty table. */
export function createFrameTable(): FrameTable {
  const list: Frame[] = [];
  const byFunction = new Map<LogFunction | null, Map<number, number>>();
  const byName = new Map<string, number>();
  const bySeveral = new Map<LogFunction | null, Map<string, number>>();
  let lost = -1;
  const add = (frame: Omit<Frame, 'id'>): number => list.push({ ...frame, id: list.length }) - 1;
  return {
    list,
    js(fn, offset) {
      let offsets = byFunction.get(fn);
      if (offsets === undefined) {
        offsets = new Map();
        byFunction.set(fn, offsets);
      }
      let id = offsets.get(offset);
      if (id === undefined) {
        id = add({ kind: 'js', fn, offset, name: fn?.name ?? '' });
        offsets.set(offset, id);
      }
      return id;
    },
    jsAtOneOf(fn, offsets) {
      const [offset = -1, ...otherOffsets] = offsets;
      if (otherOffsets.length === 0) return this.js(fn, offset);
      let several = bySeveral.get(fn);
      if (several === undefined) {
        several = new Map();
        bySeveral.set(fn, several);
      }
      const key = offsets.join();
      let id = several.get(key);
      if (id === undefined) {
        id = add({ kind: 'js', fn, offset, name: fn?.name ?? '', otherOffsets });
        several.set(key, id);
      }
      return id;
    },
    lost() {
      if (lost < 0) lost = add({ kind: 'js', fn: null, offset: -1, name: LOST });
      return lost;
    },
    named(kind, name) {
      const key = `${kind} ${name}`;
      let id = byName.get(key);
      if (id === undefined) {
        id = add({ kind, fn: null, offset: -1, name });
        byName.set(key, id);
      }
      return id;
    },
  };
}
