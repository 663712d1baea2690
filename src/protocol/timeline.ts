import { readRecords } from './memory.ts';

/** Of a run for memory over time: records like those of `memory-<pid>-<thread>.log`, of the kinds below. */
export const timelineLogName = (pid: number): string => `timeline-${pid}.log`;
/** Beside it, as float64: milliseconds since 1970 and bytes of the resident set, in turn. */
export const residentName = (pid: number): string => `timeline-${pid}.rss`;
export const TIMELINE_FILE = /^timeline-(\d+)\.log$/;

/** Kinds of records; the value is a time in milliseconds since 1970, or bytes. */
export const STARTED = 0;
/** A reading of the heap: its time, then what is used, then what is outside of it. */
export const READ_AT = 1;
export const USED = 2;
export const EXTERNAL = 3;
/** Was made since the last reading; the slot is 1 for one of the whole heap. */
export const COLLECTED = 4;
/** A call of the function of this number begins, in this slot, or the one in this slot ends. */
export const OPENED = 5;
export const CLOSED = 6;
/** The statement of this number was under way; the slot is 0 where it began, 1 where that ended. */
export const SPAN = 7;

/** A process's memory over time; milliseconds since 1970, bytes. */
export interface TimelineReading {
  readonly pid: number;
  readonly startMillis: number;
  readonly rss: readonly (readonly [millis: number, bytes: number])[];
  readonly heap: readonly (readonly [millis: number, used: number, external: number])[];
  readonly brackets: readonly (readonly [fn: number, from: number, to: number])[];
  /** When statements were under way: the first time of each, and where a sample was taken. */
  readonly spans: readonly (readonly [point: number, from: number, to: number])[];
  /** 1: of the whole heap. */
  readonly collections: readonly (readonly [millis: number, kind: number])[];
}

/** Reads both files of a process; calls under way at their end are ended there, as an abort leaves them. */
export function readTimeline(pid: number, log: Uint8Array, resident: Uint8Array): TimelineReading {
  const numbers = new Float64Array(resident.slice().buffer, 0, (resident.length >>> 4) * 2);
  const rss = Array.from({ length: numbers.length / 2 }, (_, i): [number, number] => [
    numbers[2 * i]!,
    numbers[2 * i + 1]!,
  ]);
  const heap: [number, number, number][] = [];
  const brackets: [number, number, number][] = [];
  const spans: [number, number, number][] = [];
  const collections: [number, number][] = [];
  const open = new Map<number, { readonly fn: number; readonly from: number }>();
  let startMillis = rss[0]?.[0] ?? 0;
  let last = rss.at(-1)?.[0] ?? 0;
  let [at, used, from] = [0, 0, 0];
  readRecords(log, (kind, number, slot, value) => {
    if (kind !== USED && kind !== EXTERNAL) last = Math.max(last, value);
    if (kind === STARTED) startMillis = value;
    else if (kind === READ_AT) at = value;
    else if (kind === USED) used = value;
    else if (kind === EXTERNAL) heap.push([at, used, value]);
    else if (kind === COLLECTED) collections.push([value, slot]);
    else if (kind === OPENED) open.set(slot, { fn: number, from: value });
    else if (kind === CLOSED) {
      const call = open.get(slot);
      if (call !== undefined) brackets.push([call.fn, call.from, value]);
      open.delete(slot);
    } else if (slot === 0) from = value;
    else spans.push([number, from, value]);
  });
  for (const { fn, from: start } of open.values()) brackets.push([fn, start, last]);
  return { pid, startMillis, rss, heap, brackets, spans, collections };
}
