import type { Activation, WindowCalls } from '../protocol/register.ts';

/** When marked functions ran, and how often each was called. */
export interface Windows {
  readonly calls: WindowCalls;
  /** How often function `id` was called. */
  countOf(id: number): number;
  isOpen(): boolean;
  /** When the last window was closed; `now()` while one is open, 0 before the first. */
  lastOpen(): number;
  /** The windows since they were last taken, as [begin, end, begin, end, …], ascending; an open one is cut here. */
  take(): Float64Array;
}

/** What windows need of their surroundings. */
export interface WindowHost {
  /** Microseconds of the clock that samples are stamped with. */
  readonly now: () => number;
  /** A marked module begins to run, or a window opens: sampling is to be on when this returns. */
  readonly onOpen: () => void;
  /** The windows fill their room, or a window has been open for many calls: they should be taken soon. */
  readonly onBusy: () => void;
}

/** Windows so close to each other are one: two calls in a row need not be told apart. */
const GAP_MICROS = 50;
/** Pairs of times; half a megabyte. */
const ROOM = 1 << 15;
/** Calls inside of open windows between two looks at how long that has been going on. */
const CALLS_PER_LOOK = 4096;

/** Windows of this thread; calls within an open window only count. */
export function makeWindows({ now, onOpen, onBusy }: WindowHost): Windows {
  const counts: number[] = [];
  const times = new Float64Array(2 * ROOM);
  let used = 0;
  let depth = 0;
  let inner = 0;
  let lastEnd = 0;

  const begin = (): void => {
    onOpen();
    const time = now();
    // Its end is taken back.
    if (used > 0 && time - times[used - 1]! < GAP_MICROS) return;
    if (used === times.length) {
      // Either all were taken, this one's beginning included, or it becomes one with the last.
      onBusy();
      return;
    }
    times[used] = time;
    used += 2;
  };
  const enter = (): void => {
    if (depth++ === 0) begin();
    else if (++inner % CALLS_PER_LOOK === 0) onBusy();
  };
  const leave = (): void => {
    if (--depth > 0) return;
    depth = 0;
    lastEnd = now();
    times[used - 1] = lastEnd;
  };
  const count = (id: number): void => {
    counts[id] = (counts[id] ?? 0) + 1;
  };
  const pause = (activation: Activation): void => {
    if (!activation.isOpen) return;
    activation.isOpen = false;
    leave();
  };
  const resume = (activation: Activation): void => {
    if (activation.isOpen) return;
    activation.isOpen = true;
    enter();
  };
  const calls: WindowCalls = {
    start: onOpen,
    in(id) {
      count(id);
      enter();
    },
    out: leave,
    open(id) {
      count(id);
      enter();
      return { isOpen: true };
    },
    close: pause,
    pause(activation, value) {
      pause(activation);
      return value;
    },
    resume(activation, value) {
      resume(activation);
      return value;
    },
    through: (activation, iterable, isAsync) => through(iterable, isAsync, activation, { pause, resume }),
  };
  return {
    calls,
    countOf: (id) => counts[id] ?? 0,
    isOpen: () => depth > 0,
    lastOpen: () => (depth > 0 ? now() : lastEnd),
    take() {
      const time = now();
      if (depth > 0 && used > 0) times[used - 1] = time;
      const taken = times.slice(0, used);
      used = 0;
      if (depth > 0) {
        times[0] = time;
        used = 2;
      }
      return taken;
    },
  };
}

interface Switch {
  readonly pause: (activation: Activation) => void;
  readonly resume: (activation: Activation) => void;
}

type Step = (value?: unknown) => unknown;

/** What `yield*` goes through in place of `iterable`; what is not iterable is left for the language to refuse. */
function through(
  iterable: unknown,
  isAsync: boolean,
  activation: Activation,
  { pause, resume }: Switch,
): unknown {
  if (iterable === null || iterable === undefined) return iterable;
  const methods = iterable as Record<symbol, (() => Record<string, Step | undefined>) | undefined>;
  const key = isAsync && methods[Symbol.asyncIterator] != null ? Symbol.asyncIterator : Symbol.iterator;
  if (typeof methods[key] !== 'function') return iterable;
  const settle = (result: unknown): unknown => {
    if (key === Symbol.iterator) {
      pause(activation);
      return result;
    }
    return Promise.resolve(result).finally(() => pause(activation));
  };
  const step =
    (iterator: Record<string, Step | undefined>, name: string): Step =>
    (value) => {
      resume(activation);
      try {
        return settle(iterator[name]!(value));
      } catch (error) {
        pause(activation);
        throw error;
      }
    };
  return {
    [key]() {
      const iterator = methods[key]!();
      return Object.fromEntries(
        ['next', 'return', 'throw'].flatMap((name) =>
          typeof iterator[name] === 'function' ? [[name, step(iterator, name)]] : [],
        ),
      );
    },
  };
}
