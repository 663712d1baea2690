import { resolve } from 'node:path';
import { chooseFunctions, inOrder } from './engine/choose.ts';
import { runFacts } from './engine/facts.ts';
import { addHits, type HitsByHash, hitsByHash } from './engine/hits.ts';
import { readLive } from './engine/live.ts';
import type { ReadOptions, TimeReadings } from './engine/read.ts';
import { namedFiles, parseOnce, readText, realSelectors, savedMaps } from './engine/sources.ts';
import { staleNotes } from './engine/stale.ts';
import { ticking } from './engine/ticking.ts';
import { makeRunFolder } from './launch/folder.ts';
import { type Finished, launch } from './launch/launch.ts';
import { ProfileError } from './model/error.ts';
import type { LaunchPurpose } from './model/launch.ts';
import type { FunctionProfile, Profile } from './model/profile.ts';
import type { Progress } from './model/progress.ts';
import type { ProfileRequest } from './model/request.ts';
import type { CountersPlan } from './protocol/collector.ts';
import { parseSource } from './source/parse.ts';
import { type NodeInfo, probeNode } from './target/node.ts';
import { launchFolder, planLaunch } from './target/plan.ts';

export { profileMemory } from './engine/memory.ts';

/** What the engine's caller provides. */
export interface EngineTools {
  /** Absolute path of the built collector (`dist/collect`). */
  readonly collectFolder: string;
  readonly onProgress?: (progress: Progress) => void;
  /** Told the profile so far, about twice a second while the program runs; without hits. */
  readonly onLive?: (profile: Profile) => void;
  /** Ends the program as Ctrl-C would; the profile of what ran until then is still made. */
  readonly signal?: AbortSignal;
  /** How long the program may take to end once `signal` says so, in milliseconds; see `StopOptions`. */
  readonly graceMillis?: number;
  /** Told the process id of each program that is started; on POSIX it leads a group where stdin is no terminal. */
  readonly onStarted?: (pid: number) => void;
}

/**
 * The whole flow once: finds Node, runs the program under V8's profiler, reads its logs, chooses functions, runs
 * it again to count hits (unless told otherwise, or the first run was cut short), and builds the profile.
 * @throws ProfileError for everything that keeps a profile from being made.
 */
export async function profile(asked: ProfileRequest, tools: EngineTools): Promise<Profile> {
  const request = { ...asked, functions: realSelectors(asked) };
  const from = performance.now();
  let samples: number | null = null;
  const tell = (phase: Progress['phase']): void =>
    tools.onProgress?.({ phase, elapsedMillis: performance.now() - from, samples });
  tell('starting');
  const node = await probeNode(request.node, request.env, request.cwd);
  const folder = await makeRunFolder();
  try {
    const start = (
      purpose: LaunchPurpose,
      counters: CountersPlan | null,
      repeats: number | null,
    ): Promise<Finished> => {
      const { collectFolder, signal, graceMillis, onStarted } = tools;
      const plan = planLaunch(request, {
        folder: folder.path,
        collectFolder,
        purpose,
        counters,
        repeats,
        node,
      });
      return launch(plan, {
        ...(signal && { signal }),
        ...(graceMillis !== undefined && { graceMillis }),
        ...(onStarted && { onStarted }),
      });
    };

    const startedAt = new Date();
    const purpose = request.hits === 'single-run' ? 'single' : 'time';
    const named = new Set(namedFiles(request).map(({ path }) => path));
    const reading: ReadOptions = {
      cwd: request.cwd,
      collectFolder: tools.collectFolder,
      readFile: readText,
      savedMap: savedMaps(launchFolder(folder.path, purpose)),
      detailed: (path) => named.has(path),
      parse: parseOnce(),
    };
    const watched = tools.onLive === undefined ? 'unwatched' : 'watched';
    const live = readLive(launchFolder(folder.path, purpose), reading, watched, (times) => {
      samples = samplesOf(times);
      tell('timing');
      tools.onLive?.(liveProfile(request, node, times, startedAt));
    });
    const whileTiming = countersWhileTiming(request);
    let timed: Finished;
    let times: TimeReadings;
    try {
      timed = await ticking(
        () => tell('timing'),
        () => start(purpose, whileTiming, null),
      );
      tell('reading');
      times = await live.finish(timed);
    } finally {
      live.stop();
    }
    samples = samplesOf(times);
    checkSomethingRan(timed, times, request);
    checkSyntax(timed, times, request);
    const choice = chooseFunctions(
      times.analysis,
      request.functions,
      namedFiles(request),
      request.cwd,
      timed.exitCode,
    );
    const chosen = inOrder(choice, times.analysis.finish(choice.functions));
    const result = times.analysis.finish(chosen);

    const notes = [
      ...choice.notes,
      ...result.notes,
      ...staleNotes(chosen, request.cwd),
      ...timed.processes.flatMap(({ problems }) => problems),
    ];
    const timedHits = hitsByHash(timed.hits);
    let counted: HitsByHash | null = request.hits === 'single-run' ? timedHits : null;
    if (request.hits === 'second-run' && chosen.length > 0) {
      if (timed.stopped !== null || timed.signal !== null || tools.signal?.aborted === true) {
        notes.push(
          'Hits are blank: the program was cut short, so a second run could not be compared with it.',
        );
      } else {
        const counters: CountersPlan = {
          level: 'lines',
          target: { kind: 'ranges', scripts: result.targets() },
        };
        const count = (why: 'count' | 'recount'): Promise<Finished> =>
          ticking(
            () => tell('counting'),
            () => start(why, counters, repeatsOf(timed)),
          );
        const again = await count('count');
        if (choice.by !== 'selector' && whileTiming === null) notes.push(NOT_COMPARED[choice.by]);
        if (again.stopped === null) counted = hitsByHash(again.hits);
        notes.push(...countingNotes(timed, again));
        const misses = (hits: HitsByHash | null): number =>
          addHits(result.functions, chosen, hits, null).filter(({ calls }) => calls === null).length;
        if (node.requiresModulesUnhooked && again.stopped === null && misses(counted) > 0) {
          const third = await count('recount');
          const hits = hitsByHash(third.hits);
          if (third.stopped === null && endOf(third) === endOf(timed) && misses(hits) < misses(counted))
            counted = hits;
        }
      }
    }
    const functions = addHits(result.functions, chosen, counted, timedHits);
    const byProcess = (index: number): readonly FunctionProfile[] => {
      const { pid, thread } = times.isolates[index]!;
      const mine = timed.hits.filter((each) => each.pid === pid && each.thread === thread);
      const own = request.hits === 'single-run' ? hitsByHash(mine) : null;
      return addHits(result.byIsolate(index), chosen, own, null).map((one) => withNote(one, request.hits));
    };
    return {
      format: 'lineprof/1',
      run: runFacts(
        request,
        nodeOf(timed, times, node),
        { ...timed, startedAt },
        times.isolates,
        byProcess,
        request.hits,
        [...new Set(notes)],
      ),
      functions,
      tree: result.tree,
    };
  } finally {
    await folder.remove();
  }
}

function samplesOf({ isolates }: TimeReadings): number {
  return isolates.reduce((sum, { counts }) => sum + counts.samples, 0);
}

/** What is known while the program still runs: chosen functions that were loaded already, no hits. */
function liveProfile(
  request: ProfileRequest,
  node: NodeInfo,
  { analysis, isolates }: TimeReadings,
  startedAt: Date,
): Profile {
  const choice = chooseFunctions(analysis, request.functions, namedFiles(request), request.cwd);
  const result = analysis.finish(inOrder(choice, analysis.finish(choice.functions)));
  const realMicros = Math.round((Date.now() - startedAt.getTime()) * 1000);
  const run = { startedAt, realMicros, exitCode: null, signal: null, stopped: null, processes: [] };
  return {
    format: 'lineprof/1',
    run: runFacts(request, node, run, isolates, null, 'none', choice.notes),
    functions: result.functions,
    tree: result.tree,
  };
}

/**
 * The timed run counts calls, one counter a function, where functions are named, or marked in the script itself: the
 * two runs can then be compared. To look for marks in every file would make each program start slower. A single run
 * counts everything.
 */
function countersWhileTiming(request: ProfileRequest): CountersPlan | null {
  const { hits, functions, cwd } = request;
  if (hits === 'none') return null;
  if (hits === 'second-run' && functions.length === 0 && !scriptHoldsMarks(request)) return null;
  const level = hits === 'single-run' ? 'lines' : 'calls';
  return { level, target: { kind: 'selectors', selectors: functions, cwd } };
}

function scriptHoldsMarks({ way, cwd }: ProfileRequest): boolean {
  if (way.kind === 'exec') return false;
  const text = readText(resolve(cwd, way.kind === 'run' ? way.script : way.file));
  return text !== null && /@profile\b|\blineprof\b/.test(text);
}

/** Why the two runs are not compared, by how functions were chosen. */
const NOT_COMPARED = {
  // Which are hottest is known only after the timed run, so it had no counters in them.
  heat: 'Calls of functions chosen by their heat are not compared between the two runs: with -f they are.',
  mark: 'Calls are not compared between the two runs, as the script itself holds no mark: with -f they are.',
} as const;

function checkSomethingRan(timed: Finished, { isolates }: TimeReadings, { way }: ProfileRequest): void {
  if (isolates.length > 0) return;
  const how =
    timed.signal !== null ? `it was ended by ${timed.signal}` : `it exited with code ${timed.exitCode}`;
  throw new ProfileError(
    'no-samples',
    `no Node program was seen at work: ${how}`,
    way.kind === 'exec'
      ? 'Programs are seen that start `node` by name, by process.execPath or by `#!/usr/bin/env node`.'
      : 'See what it printed above.',
  );
}

/**
 * A script that does not parse fails before anything of the user's ran; Node's own message has been seen.
 * Looked for only then: parsing every script before its run would delay each one. Of one that is transpiled, the
 * error itself is thrown by its text (collect/transpile.ts), and may be sampled.
 */
function checkSyntax(timed: Finished, { analysis }: TimeReadings, { way, cwd }: ProfileRequest): void {
  if (way.kind === 'exec' || timed.exitCode === 0) return;
  const path = resolve(cwd, way.kind === 'run' ? way.script : way.file);
  const mayBeTranspiled = /\.(?:[cm]?ts|tsx|jsx)$/i.test(path);
  if (analysis.files('sampled').some((file) => !mayBeTranspiled || file.path !== path)) return;
  const text = readText(path);
  if (text !== null) parseSource(text, path);
}

function repeatsOf({ processes }: Finished): number | null {
  return processes.find(({ repeats }) => repeats !== null)?.repeats ?? null;
}

/** The counting run's processes are other ones: their hits belong to none of the timed run's. */
function withNote(one: FunctionProfile, hits: ProfileRequest['hits']): FunctionProfile {
  if (hits !== 'second-run') return one;
  return {
    ...one,
    notes: [...one.notes, 'Hits are of all processes together; --single-run tells them apart.'],
  };
}

function countingNotes(timed: Finished, again: Finished): string[] {
  const notes = again.processes.flatMap(({ problems }) => problems);
  if (again.stopped !== null)
    notes.push(
      `Hits are blank: the counting run was ${again.stopped === 'timeout' ? 'stopped at its timeout' : 'interrupted'}.`,
    );
  else if (again.exitCode !== timed.exitCode || again.signal !== timed.signal)
    notes.push(
      `The two runs ended differently: with ${endOf(timed)} while timed, with ${endOf(again)} while hits were counted.`,
    );
  return notes;
}

function endOf({ exitCode, signal }: Finished): string {
  return signal ?? `exit code ${exitCode}`;
}

/** The Node that really ran: `exec` may have started another one than the first on PATH. */
function nodeOf(
  { processes }: Finished,
  { isolates }: TimeReadings,
  node: NodeInfo,
): { readonly version: string; readonly v8: string } {
  const main = processes.find(({ thread }) => thread === 0);
  return {
    version: main?.nodeVersion ?? node.version,
    v8: main?.v8Version ?? (isolates[0]?.v8 || node.v8),
  };
}
