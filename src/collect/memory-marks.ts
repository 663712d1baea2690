import type { ObjectMarks } from '../protocol/memory.ts';
import { type Inspector, openInspector } from './memory-inspector.ts';
import { MOST_NUMBERS } from './memory-state.ts';

/** First occurrences of a statement that get a stretch of their own. */
const FIRST_FEW = 2;
/** Numbers that are kept of stretches. */
const ROOM = 1 << 17;
/** What is counted may be negative. */
const ZERO = MOST_NUMBERS + 2;

/** Marks of one call: which of its statements ran between which object ids. */
export interface Marks {
  /** Marks the call's beginning. */
  begin(): void;
  /** Something begins: a statement, or what else `ObjectMarks` tells apart. */
  at(what: number): void;
  /** Marks the call's end. */
  end(): void;
  /** A snapshot has been taken: the ids are not needed any more. Null when V8 told none. */
  result(): Pick<ObjectMarks, 'from' | 'stretches'> | null;
}

/**
 * Marks of a call that is about to begin. A mark collects and gives an id to every object that is new, so objects
 * made later have larger ones. It takes as long as two collections or more. What is kept meanwhile lies in shared
 * buffers, so that it is not among the objects that the call left.
 * @param millis how long marks may take in all: what follows is one stretch
 * @returns null where V8's inspector is not there
 */
export function makeMarks(millis: number): Marks | null {
  const inspector = openInspector();
  if (inspector === null) return null;
  /** Ids, each followed by how many pairs of what ran there and how often follow. */
  const kept = new Float64Array(new SharedArrayBuffer(8 * ROOM));
  const [begun, times] = [counters(2 * ZERO), counters(2 * ZERO)];
  /** What ran in this stretch, and how many of them. */
  const ran = counters(MOST_NUMBERS);
  const state = new Float64Array([millis, 0, 0, 1]);
  const [LEFT, RAN, USED, ALONE] = [0, 1, 2, 3] as const;
  const mark = (): void => {
    const from = performance.now();
    kept[state[USED]!] = largestId(inspector);
    state[LEFT] = state[LEFT]! - (performance.now() - from);
  };
  const close = (): void => {
    const many = state[RAN]!;
    state[RAN] = 0;
    const at = state[USED]! + 2;
    if (many === 0 || at + 2 * many >= ROOM) return;
    mark();
    kept[at - 1] = many;
    for (let i = 0; i < many; i++) {
      const index = ran[i]!;
      kept[at + 2 * i] = index - ZERO;
      kept[at + 2 * i + 1] = times[index]!;
      times[index] = 0;
    }
    state[USED] = at + 2 * many;
  };
  return {
    begin() {
      mark();
      state[USED] = 1;
    },
    at(what) {
      const index = what + ZERO;
      const isFirst = begun[index]! < FIRST_FEW;
      begun[index] = begun[index]! + 1;
      // What began alone ends alone.
      if ((isFirst || state[ALONE] === 1) && state[LEFT]! > 0) {
        close();
        state[ALONE] = isFirst ? 1 : 0;
      }
      if (times[index] === 0) {
        ran[state[RAN]!] = index;
        state[RAN] = state[RAN]! + 1;
      }
      times[index] = times[index]! + 1;
    },
    end: close,
    result() {
      inspector.close();
      const stretches: ObjectMarks['stretches'][number][] = [];
      for (let at = 1; at < state[USED]!; at += 2 + 2 * kept[at + 1]!) {
        const pairs = Array.from({ length: kept[at + 1]! }, (_, i): [number, number] => [
          kept[at + 2 + 2 * i]!,
          kept[at + 3 + 2 * i]!,
        ]);
        stretches.push({ to: kept[at]!, ran: pairs });
      }
      const isKnown = kept[0]! > 0 && stretches.every(({ to }) => to > 0);
      return isKnown ? { from: kept[0]!, stretches } : null;
    },
  };
}

function counters(length: number): Int32Array {
  return new Int32Array(new SharedArrayBuffer(4 * length));
}

/** Gives ids to all objects that have none, and the largest of them; 0 when V8 tells none. */
function largestId({ ask }: Inspector): number {
  const giveIds = (): void => void ask('HeapProfiler.startTrackingHeapObjects', { trackAllocations: false });
  giveIds();
  // An object of the mark's own: its id is above all given until now, below all given later.
  const made = ask<{ result: { objectId: string } }>('Runtime.evaluate', { expression: '({})' });
  giveIds();
  if (made === null) return 0;
  const { objectId } = made.result;
  const found = ask<{ heapSnapshotObjectId: string }>('HeapProfiler.getHeapObjectId', { objectId });
  ask('Runtime.releaseObject', { objectId });
  return Number(found?.heapSnapshotObjectId ?? 0);
}
