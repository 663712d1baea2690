import { createRequire } from 'node:module';
import { join } from 'node:path';
import type { RawProfile, Sampler } from './sampler.ts';

/** The part of v8-profiler-next 1.10 that is used. */
interface AddOn {
  setGenerateType(type: 1): void;
  setSamplingInterval(micros: number): void;
  setProfilesCleanupLimit(limit: number): void;
  startProfiling(title: string, recordSamples: boolean, loggingMode: 1): void;
  stopProfiling(title: string): AddOnProfile;
}

interface AddOnProfile extends Omit<RawProfile, 'nodes'> {
  readonly nodes: readonly AddOnNode[];
  delete(): void;
}

interface AddOnNode {
  readonly id: number;
  readonly hitCount: number;
  readonly children: number[];
  readonly callFrame: {
    readonly functionName: string;
    readonly scriptId: number;
    readonly url: string;
    /** 1-based, 0: none. */
    readonly lineNumber: number;
    readonly columnNumber: number;
    readonly lineTicks?: readonly { readonly line: number; readonly hitCount: number }[];
  };
}

/** V8 keeps account of code while the add-on keeps its profiler, which it does for so many profiles: always. */
const NEVER_CLEAN_UP = 0x7fffffff;

/** V8's profiler through the add-on: it may rest without forgetting code, for its logging mode is eager. */
export function addOnSampler(addOn: AddOn, intervalMicros: number): Sampler {
  let number = 0;
  const title = (): string => `lineprof ${number}`;
  const start = (): void => {
    if (number === 0) {
      addOn.setGenerateType(1);
      addOn.setSamplingInterval(intervalMicros);
      addOn.setProfilesCleanupLimit(NEVER_CLEAN_UP);
    }
    number++;
    addOn.startProfiling(title(), true, 1);
  };
  const end = (which: string): RawProfile => {
    const profile = addOn.stopProfiling(which);
    const raw = rawOf(profile);
    // It would stay in a list of the add-on's.
    profile.delete();
    return raw;
  };
  return {
    name: 'v8-profiler-next',
    restMillis: 5_000,
    start,
    drain() {
      const before = title();
      start();
      return end(before);
    },
    stop: () => end(title()),
  };
}

function rawOf({ nodes, startTime, endTime, samples, timeDeltas }: AddOnProfile): RawProfile {
  return {
    startTime,
    endTime,
    ...(samples !== undefined && { samples }),
    ...(timeDeltas !== undefined && { timeDeltas }),
    nodes: nodes.map(({ id, hitCount, children, callFrame }) => ({
      id,
      hitCount,
      children,
      callFrame: {
        functionName: callFrame.functionName,
        scriptId: String(callFrame.scriptId),
        url: callFrame.url,
        lineNumber: callFrame.lineNumber - 1,
        columnNumber: callFrame.columnNumber - 1,
      },
      positionTicks: (callFrame.lineTicks ?? []).map(({ line, hitCount: ticks }) => ({ line, ticks })),
    })),
  };
}

/** The add-on, or why there is none: `problem` is null where it is simply not installed. */
export type FoundAddOn =
  | { readonly addOn: AddOn; readonly path: string }
  | { readonly addOn: null; readonly path: string | null; readonly problem: string | null };

/** Looks for v8-profiler-next as the program in `cwd`, and then as this package, would find it. */
export function findAddOn(cwd: string, here: string): FoundAddOn {
  for (const from of [join(cwd, 'package.json'), here]) {
    const require = createRequire(from);
    let path: string;
    try {
      path = require.resolve('v8-profiler-next');
    } catch {
      continue;
    }
    try {
      return { addOn: require(path) as AddOn, path };
    } catch (error) {
      return { addOn: null, path, problem: error instanceof Error ? error.message : String(error) };
    }
  }
  return { addOn: null, path: null, problem: null };
}
