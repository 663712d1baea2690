import { existsSync, readFileSync } from 'node:fs';
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
      return { addOn: load(createRequire(path), path), path };
    } catch (error) {
      return { addOn: null, path, problem: error instanceof Error ? error.message : String(error) };
    }
  }
  return { addOn: null, path: null, problem: null };
}

/** What the add-on finds its machine code with. */
const FINDER = '@xprofiler/node-pre-gyp';

/**
 * Loads the add-on. It has a package find its file that takes far longer and more memory to load than the add-on, in each
 * process: where the file lies as the add-on's package.json says, that package is not loaded.
 */
function load(require: NodeJS.Require, path: string): AddOn {
  const file = builtFile(require);
  const finder = file === null ? null : resolved(require, FINDER);
  if (file === null || finder === null || require.cache[finder] !== undefined) return require(path) as AddOn;
  require.cache[finder] = {
    id: finder,
    filename: finder,
    loaded: true,
    exports: { find: () => file },
  } as never;
  try {
    return require(path) as AddOn;
  } finally {
    delete require.cache[finder];
  }
}

/** The add-on's machine code for this Node, by its package.json; null: not there. */
function builtFile(require: NodeJS.Require): string | null {
  try {
    const place = require.resolve('./package.json');
    const { binary } = JSON.parse(readFileSync(place, 'utf8')) as {
      binary: { module_name: string; module_path: string };
    };
    const values: Readonly<Record<string, string>> = {
      configuration: 'Release',
      node_abi: `node-v${process.versions.modules}`,
      platform: process.platform,
      arch: process.arch,
    };
    const folder = binary.module_path.replace(/\{(\w+)\}/g, (whole, name: string) => values[name] ?? whole);
    const file = join(place, '..', folder, `${binary.module_name}.node`);
    return existsSync(file) ? file : null;
  } catch {
    return null;
  }
}

function resolved(require: NodeJS.Require, name: string): string | null {
  try {
    return require.resolve(name);
  } catch {
    return null;
  }
}
