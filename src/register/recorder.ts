import type { Aggregate } from './aggregate.ts';
import type { Sampler } from './samplers/sampler.ts';
import { tellOnce } from './tell.ts';
import type { Windows } from './windows.ts';

/** Switches a sampler on and off, and moves what it sampled into the aggregate. */
export interface Recorder {
  /** Sampling is on when this returns. */
  wake(): void;
  /** Takes over what was sampled if that was not done for a while. */
  look(): void;
  /** Takes over what was sampled until now. */
  drain(): void;
  /** Whether there was ever something to sample. */
  started(): boolean;
}

export interface RecorderHost {
  readonly sampler: Sampler;
  readonly windows: Windows;
  readonly aggregate: Aggregate;
  /** Microseconds. */
  readonly now: () => number;
  readonly beforeStart: () => void;
}

/** Samples are moved so often: what V8 keeps of them until then is a few hundred kilobytes. */
const LOOK_MILLIS = 5000;

/** The recorder of a thread. A sampler that fails is told of once; the program goes on without it. */
export function makeRecorder({ sampler, windows, aggregate, now, beforeStart }: RecorderHost): Recorder {
  let on = false;
  let failed = false;
  let begun = false;
  let last = 0;
  let started = 0;
  const guarded = (act: () => void): void => {
    try {
      act();
    } catch (error) {
      failed = true;
      on = false;
      tellOnce(
        `${sampler.name} failed, nothing more is sampled: ${error instanceof Error ? error.message : String(error)}`,
      );
    }
  };
  const start = (): void =>
    guarded(() => {
      if (!begun) {
        beforeStart();
        setInterval(look, LOOK_MILLIS).unref();
      }
      begun = true;
      sampler.start();
      on = true;
      started = last = now();
    });
  const drain = (): void => {
    if (!on) return;
    last = now();
    guarded(() => aggregate.add(sampler.drain(), windows.take()));
  };
  const look = (): void => {
    if (!on || now() - last < (LOOK_MILLIS * 1000) / 2) return;
    const idleMillis = (now() - Math.max(windows.lastOpen(), started)) / 1000;
    if (sampler.restMillis !== null && !windows.isOpen() && idleMillis > sampler.restMillis) {
      on = false;
      guarded(() => aggregate.add(sampler.stop(), windows.take()));
    } else drain();
  };
  return {
    wake() {
      if (!on && !failed) start();
    },
    look,
    drain,
    started: () => begun,
  };
}
