import type { Protocol } from 'devtools-protocol';

/** Lines and columns of call frames 0-based, of position ticks 1-based; times in microseconds of `clockMicros`. */
export type RawProfile = Protocol.Profiler.Profile;

/** One of V8's sampling profilers, as it is reached from inside the thread that is sampled. */
export interface Sampler {
  readonly name: 'node:inspector' | 'v8-profiler-next';
  /**
   * After so long without a window it may be stopped until the next one; null: never. To start costs V8 some
   * milliseconds, and more where it has to forget optimised code first.
   */
  readonly restMillis: number | null;
  start(): void;
  /** What was sampled since `start` or the last `drain`; sampling goes on without a gap. */
  drain(): RawProfile;
  /** The same, and sampling ends. */
  stop(): RawProfile;
}

/** The clock that V8 stamps samples with. */
export function clockMicros(): () => number {
  let offset = Number.NEGATIVE_INFINITY;
  // What passes between the two readings, milliseconds the first time, makes the offset too small: the largest holds.
  for (let i = 0; i < OFFSET_READINGS; i++) {
    const [seconds, nanos] = process.hrtime();
    offset = Math.max(offset, seconds * 1e6 + nanos / 1e3 - performance.now() * 1e3);
  }
  return () => performance.now() * 1e3 + offset;
}

const OFFSET_READINGS = 20;
