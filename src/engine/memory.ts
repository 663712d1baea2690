import { totalmem } from 'node:os';
import { resolve } from 'node:path';

import { makeRunFolder } from '../launch/folder.ts';
import { type Finished, launch } from '../launch/launch.ts';
import { doubtfulNumbers } from '../memory/doubtful.ts';
import { ProfileError } from '../model/error.ts';
import type { LaunchPurpose } from '../model/launch.ts';
import type { MemoryFacts, MemoryTimeline } from '../model/memory.ts';
import type { Profile } from '../model/profile.ts';
import type { Progress } from '../model/progress.ts';
import type { HitsMode, ProfileRequest } from '../model/request.ts';
import type { MemoryPlan } from '../protocol/memory.ts';
import { parseSource } from '../source/parse.ts';
import { pathOfUrl } from '../sourcemap/paths.ts';
import { MOST_YOUNG_MIB, youngMibFor } from '../target/memory-flags.ts';
import { probeNode } from '../target/node.ts';
import { launchFolder, planLaunch } from '../target/plan.ts';
import { runFacts } from './facts.ts';
import { buildMemory } from './memory-build.ts';
import { type ObjectsByFunction, readObjects } from './objects.ts';
import { readText, realSelectors, savedMaps } from './sources.ts';
import { ticking } from './ticking.ts';
import { readTimelines } from './timeline.ts';

/** What a memory run is asked for beside what to run and which functions. */
export interface MemoryOptions {
  /** How long collections may take in all; they may always take as long as the program itself. */
  readonly collectMillis: number;
  /** First occurrences of each line that are all read. */
  readonly allRead: number;
  /** Young generation, in MiB; null: what suits the machine. */
  readonly youngMib: number | null;
  /** Read it again, counting objects, where the first reading leaves doubt: see docs/memory.md, "Read again". */
  readonly recount: boolean;
  /** Run the program a second time, for heap snapshots that tell objects by constructor. */
  readonly objects: boolean;
  /** Run it once more, in V8's own way, for memory over time: of the first process, or of all. */
  readonly timeline: 'none' | 'process' | 'children';
}

/** Why the program is started. */
type MemoryPurpose = LaunchPurpose & ('memory' | 'memory-again' | 'objects' | 'timeline');

/** What the caller provides; as `EngineTools`. */
export interface MemoryTools {
  /** Absolute path of the built collector (`dist/collect`). */
  readonly collectFolder: string;
  readonly onProgress?: (progress: Progress) => void;
  /** Memory of this machine; absent: what the system says. */
  readonly machineBytes?: number;
  /** Ends the program as Ctrl-C would; the readings until then are still shown. */
  readonly signal?: AbortSignal;
  /** How long the program may take to end after that; absent: as launch does. */
  readonly graceMillis?: number;
  /** The program was started: its process group (but on Windows). */
  readonly onStarted?: (pid: number) => void;
}

export const DEFAULT_MEMORY: MemoryOptions = {
  collectMillis: 2000,
  allRead: 131072,
  youngMib: null,
  recount: true,
  objects: false,
  timeline: 'none',
};

/**
 * Runs the program once with readings of the heap between the statements of the chosen functions.
 * @throws ProfileError for everything that keeps a profile from being made
 */
export async function profileMemory(
  asked: ProfileRequest,
  tools: MemoryTools,
  given: Partial<MemoryOptions> = {},
): Promise<Profile> {
  const options = { ...DEFAULT_MEMORY, ...given };
  const request: ProfileRequest = { ...asked, functions: realSelectors(asked), hits: hitsOf(options) };
  const from = performance.now();
  const tell = (phase: 'starting' | 'timing' | 'counting' | 'reading'): void =>
    tools.onProgress?.({ phase, elapsedMillis: performance.now() - from, samples: null });
  tell('starting');
  const node = await probeNode(request.node, request.env, request.cwd);
  const also = request.functions.length > 0 ? [] : defaultSelectors(request);
  const folder = await makeRunFolder();
  try {
    const memory: MemoryPlan = {
      youngMib: options.youngMib ?? youngMibFor(tools.machineBytes ?? machineMemory()),
      collectMillis: options.collectMillis,
      allRead: options.allRead,
      snapshots: false,
      large: [],
    };
    const { signal, graceMillis, onStarted } = tools;
    const start = (purpose: MemoryPurpose, large: MemoryPlan['large'] = []): Promise<Finished> =>
      ticking(
        () => tell(purpose === 'memory' ? 'timing' : 'counting'),
        () => launchFor(purpose, large),
      );
    const launchFor = (purpose: MemoryPurpose, large: MemoryPlan['large']): Promise<Finished> => {
      const plan = planLaunch(request, {
        folder: folder.path,
        collectFolder: tools.collectFolder,
        purpose,
        counters: {
          level: 'memory',
          target: { kind: 'selectors', selectors: request.functions, cwd: request.cwd, also },
        },
        repeats: null,
        node,
        memory: { ...memory, large, snapshots: purpose === 'objects', timeline: purpose === 'timeline' },
      });
      return launch(plan, {
        ...(signal && { signal }),
        ...(graceMillis !== undefined && { graceMillis }),
        ...(onStarted && { onStarted }),
      });
    };
    const startedAt = new Date();
    const finished = await start('memory');
    const isWhole = finished.stopped === null && finished.signal === null;
    /** Once a run was stopped, none follows. */
    let wasStopped = finished.stopped !== null;
    let read: Pick<Finished, 'memory'> & { purpose: MemoryPurpose } = { ...finished, purpose: 'memory' };
    const large = doubtfulNumbers(finished.memory, pathOfUrl);
    if (options.recount && isWhole && large.length > 0) {
      const again = await start('memory-again', large);
      wasStopped = again.stopped !== null;
      // A program that ends otherwise the second time did something else: the first time counts.
      if (!wasStopped && isSameEnd(again, finished) && again.memory.length > 0) {
        read = { ...again, purpose: 'memory-again' };
      }
    }
    let objects: ObjectsByFunction = new Map();
    if (options.objects && isWhole && !wasStopped && finished.memory.length > 0) {
      const again = await start('objects');
      wasStopped = again.stopped !== null;
      tell('reading');
      objects = await readObjects(launchFolder(folder.path, 'objects'), again.memory);
    }
    tell('reading');
    checkSyntax(finished, request);
    let timelines: readonly MemoryTimeline[] = [];
    if (options.timeline !== 'none' && !wasStopped && finished.memory.length > 0) {
      const again = await start('timeline');
      const children = options.timeline === 'children';
      timelines = await readTimelines(launchFolder(folder.path, 'timeline'), again, children, request.cwd);
    }
    const built = buildMemory(
      read.memory,
      request,
      also,
      objects,
      savedMaps(launchFolder(folder.path, read.purpose)),
      finished.exitCode,
    );
    const main = finished.processes.find(({ thread }) => thread === 0);
    const facts = runFacts(
      request,
      { version: main?.nodeVersion ?? node.version, v8: main?.v8Version ?? node.v8 },
      { ...finished, startedAt },
      [],
      null,
      'none',
      [
        ...new Set([
          ...built.notes,
          ...machineNotes(memory),
          ...doubtNotes(read.memory),
          ...endNotes(finished),
          ...finished.processes.flatMap((one) => one.problems),
        ]),
      ],
    );
    return {
      format: 'lineprof/1',
      run: facts,
      functions: built.functions,
      tree: { frames: [], nodes: [] },
      memory: { ...memoryFacts(read, memory), ...(timelines.length > 0 ? { timelines } : {}) },
    };
  } finally {
    await folder.remove();
  }
}

/** No hits are counted; but what comes on stdin is kept for another run. */
function hitsOf({ recount, objects, timeline }: MemoryOptions): HitsMode {
  return recount || objects || timeline !== 'none' ? 'second-run' : 'none';
}

/** What is read when no function is named and none is marked: those that the expression names; the script's top level. */
function defaultSelectors({ way, cwd }: ProfileRequest): readonly string[] {
  if (way.kind === 'exec') return [];
  if (way.kind === 'run') return realSelectors({ functions: [`${resolve(cwd, way.script)}:<module>`], cwd });
  const path = resolve(cwd, way.file);
  const text = readText(path);
  if (text === null) return [];
  const words = new Set(way.expression.match(/[\p{ID_Start}$_][\p{ID_Continue}$]*/gu) ?? []);
  const { functions } = parseSource(text, path);
  const named = functions.filter(({ name }) => words.has(name) || words.has(name.split('.').at(-1)!));
  return realSelectors({ functions: named.map(({ name }) => `${path}:${name}`), cwd });
}

function machineMemory(): number {
  const { constrainedMemory } = process as { constrainedMemory?: () => number };
  const limit = constrainedMemory?.() ?? 0;
  return limit > 0 ? Math.min(limit, totalmem()) : totalmem();
}

function memoryFacts({ memory }: Pick<Finished, 'memory'>, { youngMib, allRead }: MemoryPlan): MemoryFacts {
  const sum = (of: (one: Finished['memory'][number]['counts']) => number): number =>
    memory.reduce((total, { counts }) => total + of(counts), 0);
  return {
    readings: sum(({ readings }) => readings),
    collections: sum(({ collections }) => collections),
    collectMicros: Math.round(sum(({ collectMillis }) => collectMillis) * 1000),
    collectionsLeftOut: memory.some(({ counts }) => counts.collectionsLeftOut),
    ownCollections: sum(({ ownCollections }) => ownCollections),
    youngMib,
    allRead,
  };
}

function isSameEnd(one: Finished, other: Finished): boolean {
  return one.exitCode === other.exitCode && one.signal === other.signal;
}

function doubtNotes(threads: Finished['memory']): string[] {
  if (doubtfulNumbers(threads, pathOfUrl).length === 0) return [];
  return [
    'Allocated may be too much where functions that were not chosen make arrays or maps: V8 counts the ends of pages that these leave empty. A second run, or choosing those functions, tells exactly.',
  ];
}

function machineNotes({ youngMib }: MemoryPlan): string[] {
  if (youngMib >= MOST_YOUNG_MIB) return [];
  return [
    `This machine has room for a young generation of ${youngMib} MiB only, so V8 collected more often than it would with ${MOST_YOUNG_MIB}: what it freed is added back.`,
  ];
}

/** V8 ends a program that is out of memory by an abort; its report has been seen on stderr. */
function endNotes({ signal, exitCode, memory }: Finished): string[] {
  if ((signal !== 'SIGABRT' && exitCode !== 134) || memory.length === 0) return [];
  return ['The program was aborted, as V8 does when it is out of memory: these are the readings until then.'];
}

function checkSyntax({ exitCode, memory }: Finished, { way, cwd }: ProfileRequest): void {
  if (way.kind === 'exec' || exitCode === 0 || memory.length > 0) return;
  const path = resolve(cwd, way.kind === 'run' ? way.script : way.file);
  const text = readText(path);
  if (text !== null) parseSource(text, path);
}

/** Told when nothing was read. */
export function nothingRead(request: ProfileRequest): ProfileError {
  return new ProfileError(
    'no-such-function',
    'no function of the program was read',
    request.way.kind === 'exec'
      ? 'Name functions with -f, or mark them with /** @profile */.'
      : 'Name functions with -f, or mark them with /** @profile */; see what the program printed above.',
  );
}
