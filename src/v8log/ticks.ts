import { WHERES, type Where } from '../model/profile.ts';
import type { CallSites } from './callees.ts';
import { decimalField, fieldEnd, hexField } from './fields.ts';
import { type FrameTable, LOST } from './frames.ts';
import { createGaps } from './interval.ts';
import { createLastStack } from './last-stack.ts';
import type { LostFrame, LostFrames } from './lost-frames.ts';
import { createStackReader } from './stack.ts';
import type { Resolution, Symbols } from './symbols.ts';

/** V8's `kMaxFramesCount` (src/profiler/tick-sample.h): a stack this long was cut. */
export const MAX_FRAMES = 255;

/** V8's `StateTag` (include/v8-unwinder.h). */
const STATE = { js: 0, gc: 1, idle: 8, logging: 9 } as const;

const STATE_NAMES: readonly string[] = [
  '(native)',
  '(garbage collector)',
  '(parser)',
  '(bytecode compiler)',
  '(compiler)',
  '(native)',
  '(native)',
  '(atomics wait)',
];

/** One sample. The object and its `frames` are reused: they hold only during the call. */
export interface Tick {
  /** Microseconds since V8 began to log. */
  timeMicros: number;
  /** Index into `WHERES`: what the machine ran for the innermost frame. */
  where: number;
  /** Frame ids, outermost first, of which the first `depth` count. */
  frames: Int32Array;
  depth: number;
  /** The stack was deeper than V8 records; the outermost callers are unknown. */
  cut: boolean;
  /** No JavaScript on the stack. */
  outside: boolean;
  /** The innermost JavaScript frame has no known position. */
  unplaced: boolean;
}

/** Samples with a function missing from the stack that V8 wrote, by what could be found out; see `lost-frames.ts`. */
export type LostCounts = Record<LostFrame['known'], number>;

/** How many ticks of each sort there were; `samples` are all but overhead and idle. */
export interface TickCounts {
  samples: number;
  unplaced: number;
  outside: number;
  cut: number;
  /** V8 was writing this log. */
  overhead: number;
  /** The embedder said that it is idle. */
  idle: number;
}

export interface TickReader {
  /** The bytes behind `tick,`; false when the line is malformed. */
  read(bytes: Buffer, from: number, to: number): boolean;
  readonly counts: Readonly<TickCounts>;
  readonly lost: Readonly<LostCounts>;
  intervalMicros(): number;
}

const whereIndex = (where: Where): number => WHERES.indexOf(where);
const WHERE_OF_KIND: Readonly<Record<string, number>> = {
  interpreted: whereIndex('interpreted'),
  interpreter: whereIndex('interpreted'),
  baseline: whereIndex('baseline'),
  maglev: whereIndex('maglev'),
  turbofan: whereIndex('turbofan'),
  builtin: whereIndex('builtin'),
  native: whereIndex('native'),
};
const NATIVE = whereIndex('native');
const GC = whereIndex('gc');

/** Reads ticks and hands each sample to `sink`. */
export function createTickReader(
  symbols: Symbols,
  frames: FrameTable,
  callbacks: ReadonlyMap<number, string>,
  calls: CallSites,
  lostFrames: LostFrames,
  sink: (tick: Tick) => void,
): TickReader {
  const counts: TickCounts = { samples: 0, unplaced: 0, outside: 0, cut: 0, overhead: 0, idle: 0 };
  /** A frame of the present tick was put back; collections are told by whole stacks only. */
  let isRepaired = false;
  const lost: LostCounts = { found: 0, function: 0, unknown: 0 };
  const gaps = createGaps();
  const stack = createStackReader(symbols, calls);
  let lastTime = Number.NaN;
  /** For the garbage collector's ticks, which have no stack. */
  const last = createLastStack();
  const tick: Tick = {
    timeMicros: 0,
    where: 0,
    frames: stack.frames,
    depth: 0,
    cut: false,
    outside: false,
    unplaced: false,
  };

  /** The garbage collector runs for the line that ran last. */
  const collecting = (): void => {
    tick.where = GC;
    tick.frames = last.frames;
    tick.depth = last.depth;
    tick.cut = last.cut;
    tick.frames[tick.depth++] = frames.named('native', STATE_NAMES[STATE.gc]!);
  };

  /** The function whose frame V8 left out below a builtin that runs on it. */
  const lostBelow = (resolution: Resolution, pc: number): LostFrame | null => {
    if (resolution.kind === 'builtin') return lostFrames.find(resolution.code!, pc, stack);
    if (resolution.kind !== 'interpreter') return null;
    const code = symbols.codeAt(pc);
    return code?.name === 'InterpreterEntryTrampoline' ? lostFrames.find(code, pc, stack) : null;
  };

  /** Appends what the program counter says to the stack that was read. */
  const appendLeaf = (pc: number, state: number, callback: number): void => {
    const resolution = state === STATE.js ? symbols.atPc(pc) : null;
    tick.where = resolution === null ? NATIVE : WHERE_OF_KIND[resolution.kind]!;
    const ids = resolution?.frames ?? [];
    const below = resolution === null ? null : lostBelow(resolution, pc);
    isRepaired = below !== null;
    stack.reserve(ids.length + 1 + (below?.frames.length ?? 0));
    tick.frames = stack.frames;
    tick.depth = stack.count;
    if (below !== null) {
      lost[below.known]++;
      for (let i = 0; i < below.frames.length; i++) tick.frames[tick.depth++] = below.frames[i]!;
    } else if (resolution !== null && (resolution.kind === 'turbofan' || resolution.kind === 'maglev')) {
      const { code } = resolution;
      if (code !== null && lostFrames.isInFrame(code, pc))
        calls.note(stack.resolutions, stack.entries, resolution, stack.path());
    }
    if (ids.length === 0 && resolution?.kind !== 'interpreter') {
      const name = callbacks.get(callback) ?? STATE_NAMES[state] ?? STATE_NAMES[0]!;
      tick.frames[tick.depth++] = frames.named('native', name);
    }
    for (let i = 0; i < ids.length; i++) tick.frames[tick.depth++] = ids[i]!;
  };

  const classify = (): void => {
    tick.outside = true;
    tick.unplaced = false;
    for (let i = tick.depth - 1; i >= 0; i--) {
      const frame = frames.list[tick.frames[i]!]!;
      if (frame.kind !== 'js') continue;
      tick.outside = false;
      tick.unplaced = frame.offset < 0 && (frame.fn !== null || frame.name === LOST);
      return;
    }
  };

  const remember = (): void => {
    const isNative = frames.list[tick.frames[tick.depth - 1]!]!.kind === 'native';
    last.keep(tick.frames, isNative ? tick.depth - 1 : tick.depth, tick.cut);
  };

  const deliver = (): void => {
    counts.samples++;
    if (tick.unplaced) counts.unplaced++;
    if (tick.outside) counts.outside++;
    if (tick.cut) counts.cut++;
    sink(tick);
  };

  return {
    counts,
    lost,
    intervalMicros: () => gaps.mean(),
    read(bytes, from, to) {
      const pcEnd = fieldEnd(bytes, from, to);
      const timeEnd = fieldEnd(bytes, pcEnd + 1, to);
      const externalEnd = fieldEnd(bytes, timeEnd + 1, to);
      const topEnd = fieldEnd(bytes, externalEnd + 1, to);
      const stateEnd = fieldEnd(bytes, topEnd + 1, to);
      const pc = hexField(bytes, from, pcEnd);
      const time = decimalField(bytes, pcEnd + 1, timeEnd);
      const state = decimalField(bytes, topEnd + 1, stateEnd);
      if (!(pc >= 0) || !(time >= 0) || !(state >= 0)) return false;
      const sampled = state !== STATE.logging && state !== STATE.idle;
      if (sampled && state !== STATE.gc) {
        const entries = stack.read(bytes, stateEnd + 1, to, pc);
        if (entries < 0) return false;
        tick.cut = stack.overflow || entries >= MAX_FRAMES;
        const isExternal = bytes[timeEnd + 1] === 0x31;
        appendLeaf(pc, state, isExternal ? hexField(bytes, externalEnd + 1, topEnd) : Number.NaN);
      }
      if (lastTime <= time) gaps.add(time - lastTime);
      lastTime = time;
      if (!sampled) {
        if (state === STATE.idle) counts.idle++;
        else counts.overhead++;
        return true;
      }
      tick.timeMicros = time;
      if (state === STATE.gc) collecting();
      classify();
      // V8 gives up on a tick inside the set-up or tear-down of a frame and leaves its address empty.
      if (pc === 0 && tick.outside) {
        tick.outside = false;
        tick.unplaced = true;
      }
      if (state !== STATE.gc && !tick.outside && tick.depth > 0 && !isRepaired) remember();
      deliver();
      return true;
    },
  };
}
