/** When a statement was under way: [number, from, to] in milliseconds since 1970. */
export type Span = [point: number, from: number, to: number];

/** Spans kept; later ones are left out. */
const MOST_SPANS = 20_000;
/** Calls looked through at a sample, the outermost first: a deep recursion is on few lines. */
const MOST_LOOKED = 256;
/** Calls followed at once: generators that are left behind never end. */
const MOST_CALLS = 4096;
/** Two samples and a bit: a statement seen at both is taken to have been under way in between. */
const JOIN_MILLIS = 25;

/** Follows which statements are under way, in the calls of chosen functions. */
export interface Spans {
  readonly spans: readonly Span[];
  enter(slot: number): void;
  at(slot: number, point: number): void;
  leave(slot: number): void;
  /** The call waits, or goes on. */
  wait(slot: number, waits: boolean): void;
  /** A sample was taken since the last look, at `from`: what was under way then, is known now. */
  sampled(from: number): void;
}

interface Call {
  /** The statement under way; -1: none. */
  point: number;
  /** When it began, where that was looked at; -1: it was not. */
  from: number;
  waits: boolean;
}

/**
 * The first time of every statement is timed from its begin to its end, however short; of later ones those are
 * known that were under way at a sample. A clock for all of them would slow the program down.
 */
export function followSpans(now: () => number): Spans {
  const spans: Span[] = [];
  const calls = new Map<number, Call>();
  const seen = new Set<number>();
  const last = new Map<number, Span>();
  const add = (point: number, from: number, to: number): void => {
    const before = last.get(point);
    if (before !== undefined && from - before[2] <= JOIN_MILLIS) {
      before[2] = Math.max(before[2], to);
    } else if (spans.length < MOST_SPANS) {
      const span: Span = [point, from, to];
      spans.push(span);
      last.set(point, span);
    }
  };
  const close = (call: Call): void => {
    if (call.from >= 0) add(call.point, call.from, now());
    call.from = -1;
  };
  return {
    spans,
    enter(slot) {
      if (calls.size < MOST_CALLS) calls.set(slot, { point: -1, from: -1, waits: false });
    },
    at(slot, point) {
      const call = calls.get(slot);
      if (call === undefined) return;
      close(call);
      call.point = point;
      if (!seen.has(point)) {
        seen.add(point);
        call.from = now();
      }
    },
    leave(slot) {
      const call = calls.get(slot);
      if (call === undefined) return;
      close(call);
      calls.delete(slot);
    },
    wait(slot, waits) {
      const call = calls.get(slot);
      if (call === undefined) return;
      close(call);
      call.waits = waits;
    },
    sampled(from) {
      const to = now();
      let looked = 0;
      for (const { point, from: timed, waits } of calls.values()) {
        if (point >= 0 && timed < 0 && !waits) add(point, from, to);
        if (++looked === MOST_LOOKED) return;
      }
    },
  };
}
