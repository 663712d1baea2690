import { stripVTControlCharacters } from 'node:util';
import * as vscode from 'vscode';
import { ProfileError } from '../../model/error.ts';
import type { Profile } from '../../model/profile.ts';
import type { Progress } from '../../model/progress.ts';
import type { Measure, ProfileRequest, Repeat } from '../../model/request.ts';
import { count, duration } from '../../report/numbers.ts';
import { roots } from '../annotations.ts';
import { CONTEXT } from '../contributions.ts';
import { wordsOf } from '../failure.ts';
import { fileOnDisk } from '../places.ts';
import { revealProfile } from '../reveal.ts';
import { settings } from '../settings.ts';
import type { Store } from '../store.ts';
import { launchConfigurations, relative } from './choose.ts';
import { profileInProcess } from './client.ts';
import { hasNode, programEnvironment } from './environment.ts';
import { applyFix, type Fix, fixesAfter, fixesFor, titleOfFix } from './fixes.ts';
import { wayOfLaunch } from './launch-config.ts';
import type { Job, Memory } from './memory.ts';
import { focused, outcomeOf } from './outcome.ts';
import { progressWords } from './progress.ts';
import { folderOf, type RunSettings, requestFor, titleOf, wayOf } from './ways.ts';

/** Makes profiles, one after the other. */
export interface Runner {
  /** What is being profiled; null: nothing. */
  readonly running: string | null;
  /** What is being found out of it; of the last one when nothing runs. */
  readonly measuring: Measure;
  /** How far it has come; null: nothing runs, or nothing is known yet. */
  readonly progress: Progress | null;
  /** How the last one failed, in words; null: it did not, or another one has begun. */
  readonly failure: { readonly title: string; readonly text: string } | null;
  /** Fires on every change of these, progress included. */
  readonly onDidChange: vscode.Event<void>;
  /** A program has ended and its profile is about to be shown. */
  readonly onDidFinish: vscode.Event<{ readonly profile: Profile; readonly job: Job }>;
  /** Resolves when the profile is shown, or its failure told. */
  run(job: Job): Promise<void>;
  /**
   * Makes a profile for code that asked for it: shown beside the code, no message, the cursor stays. Null when
   * `signal` ended it before anything was measured. Rejects as the engine does.
   */
  measure(job: Job, signal: AbortSignal): Promise<Profile | null>;
  /** Ends what runs and forgets what waits. */
  stop(): void;
  dispose(): void;
}

/** What the program's output and everything about the runs is written to. */
export type Log = vscode.OutputChannel;

/** Makes the extension's one runner. `dist` is the folder of its bundles. */
export function createRunner(dist: string, store: Store, memory: Memory, log: Log): Runner {
  const changed = new vscode.EventEmitter<void>();
  const finished = new vscode.EventEmitter<{ readonly profile: Profile; readonly job: Job }>();
  const waiting = new Set<AbortController>();
  let running: string | null = null;
  let measure: Measure = 'time';
  let progressed: Progress | null = null;
  let failure: Runner['failure'] = null;
  let queue: Promise<void> = Promise.resolve();

  const setRunning = (title: string | null) => {
    running = title;
    progressed = null;
    if (title !== null) failure = null;
    vscode.commands.executeCommand('setContext', CONTEXT.running, title !== null);
    changed.fire();
  };
  const profileNow = (job: Job, stopping: AbortController) =>
    vscode.window.withProgress(
      {
        location: vscode.ProgressLocation.Notification,
        cancellable: true,
        title:
          job.measure === 'memory'
            ? vscode.l10n.t('Profiling memory of {0}', job.title)
            : vscode.l10n.t('Profiling {0}', job.title),
      },
      async (progress, token) => {
        token.onCancellationRequested(() => stopping.abort());
        measure = job.measure ?? 'time';
        setRunning(job.title);
        try {
          const request = requestOf(job);
          log.appendLine(`> ${titleOf(job.how, relative)}   (in ${request.cwd})`);
          const profile = await profileInProcess(request, {
            dist,
            measure: job.measure ?? 'time',
            details: settings().memoryDetails,
            signal: stopping.signal,
            onOutput: (text) => log.append(stripVTControlCharacters(text)),
            onProgress: (now) => {
              progress.report({ message: progressWords(now, job.measure) });
              progressed = now;
              changed.fire();
            },
            onLive: (live) => {
              const soFar = focused(live, job.focus);
              if (soFar.functions.length > 0) store.showLive(soFar);
            },
          });
          return focused(profile, job.focus);
        } finally {
          setRunning(null);
        }
      },
    );
  const again: Again = (job) => runner.run(job);
  const runner: Runner = {
    get running() {
      return running;
    },
    get measuring() {
      return measure;
    },
    get progress() {
      return progressed;
    },
    get failure() {
      return failure;
    },
    onDidChange: changed.event,
    onDidFinish: finished.event,
    run: (job) => {
      const stopping = new AbortController();
      waiting.add(stopping);
      const done = queue.then(async () => {
        try {
          if (stopping.signal.aborted) return;
          await memory.rememberLast(usual(job));
          const profile = await profileNow(job, stopping);
          log.appendLine(`> ${ending(profile)}`);
          finished.fire({ profile, job });
          if (profile.functions.length === 0) {
            failure = { title: job.title, text: outcomeOf(profile, null).text };
            changed.fire();
          }
          await show(profile, job, store, again);
        } catch (error) {
          store.endLive();
          if (stopping.signal.aborted) {
            log.appendLine(`> ${vscode.l10n.t('stopped before anything was measured')}: ${wordsOf(error)}`);
          } else {
            failure = { title: job.title, text: wordsOf(error) };
            changed.fire();
            failed(error, job, log, again);
          }
        } finally {
          waiting.delete(stopping);
        }
      });
      queue = done;
      return done;
    },
    measure: (job, signal) => {
      const stopping = new AbortController();
      const stop = () => stopping.abort();
      signal.addEventListener('abort', stop, { once: true });
      if (signal.aborted) stop();
      waiting.add(stopping);
      const done = queue.then(async () => {
        try {
          if (stopping.signal.aborted) return null;
          const profile = await profileNow(job, stopping);
          log.appendLine(`> ${ending(profile)}`);
          if (profile.functions.length > 0) store.show(profile);
          else store.endLive();
          return profile;
        } catch (error) {
          store.endLive();
          if (stopping.signal.aborted) return null;
          throw error;
        } finally {
          signal.removeEventListener('abort', stop);
          waiting.delete(stopping);
        }
      });
      queue = done.then(
        () => {},
        () => {},
      );
      return done;
    },
    stop: () => {
      for (const one of waiting) one.abort();
    },
    dispose: () => {
      runner.stop();
      changed.dispose();
      finished.dispose();
    },
  };
  return runner;
}

/** @throws Error in words for a launch configuration that cannot be run, ProfileError without a Node. */
function requestOf(job: Job): ProfileRequest {
  const { intervalMicros, hits, node, timeoutSeconds, env } = settings();
  const run: RunSettings = {
    intervalMicros: job.intervalMicros ?? intervalMicros,
    hits,
    node: node === '' ? null : node,
    timeoutMillis: timeoutSeconds === 0 ? null : timeoutSeconds * 1000,
    env: programEnvironment(process.env, env),
  };
  if (run.node === null && process.versions['electron'] !== undefined && !hasNode(run.env)) {
    throw new ProfileError(
      'node-not-found',
      vscode.l10n.t('there is no node on the PATH'),
      vscode.l10n.t('Install Node, or name one in the settings.'),
    );
  }
  const { how, functions } = job;
  if (how.kind !== 'launch') {
    return requestFor(wayOf(how, process.platform, repeatOf(job)), folderOf(how), functions, run);
  }
  const configuration = launchConfigurations(how.folder).find(({ name }) => name === how.name);
  if (configuration === undefined)
    throw new Error(vscode.l10n.t('launch.json has no configuration "{0}" any more', how.name));
  const {
    way,
    cwd,
    env: own,
  } = wayOfLaunch(configuration, {
    workspaceFolder: how.folder,
    file: vscode.window.activeTextEditor?.document.uri.fsPath ?? null,
    env: run.env,
  });
  return requestFor(way, cwd, functions, run, own);
}

/** What is kept is told of one evaluation: in a second one, what the first has kept is there already. */
function repeatOf({ measure, minMillis }: Job): Repeat {
  return measure === 'memory'
    ? { kind: 'times', times: 1 }
    : { kind: 'enough', minMillis: minMillis ?? null };
}

/** A job without what was for once. */
function usual({ title, measure, how, functions, focus }: Job): Job {
  return { title, ...(measure && { measure }), how, functions, focus };
}

function ending({ run, memory }: Profile): string {
  const how = run.signal ?? `code ${run.exitCode}`;
  if (memory !== undefined) {
    const readings = count(memory.readings, 'reading');
    return vscode.l10n.t('ended with {0} after {1}, {2}', how, duration(run.realMicros), readings);
  }
  return vscode.l10n.t(
    'ended with {0} after {1}, {2}',
    how,
    duration(run.realMicros),
    count(run.samples, 'sample'),
  );
}

async function show(profile: Profile, job: Job, store: Store, again: Again): Promise<void> {
  if (profile.functions.length > 0) {
    store.show(profile);
    if (!isInView(profile)) await revealProfile(profile);
  } else {
    store.endLive();
  }
  const outcome = outcomeOf(profile, job.focus && (profile.functions[0] ?? null));
  if (outcome.kind === 'good') return;
  const tellIt =
    outcome.kind === 'poor' ? vscode.window.showWarningMessage : vscode.window.showInformationMessage;
  offer(tellIt, outcome.text, fixesFor(outcome, profile, job), job, again);
}

/** The cursor stays where it is when the reader already looks at a function of the profile. */
function isInView({ run, functions }: Profile): boolean {
  const active = vscode.window.activeTextEditor?.document.uri.fsPath;
  return functions.some(({ file }) => fileOnDisk(run.cwd, file, roots()) === active);
}

function failed(error: unknown, job: Job, log: Log, again: Again): void {
  const text = wordsOf(error);
  log.appendLine(`> ${text}`);
  offer(vscode.window.showErrorMessage, text, fixesAfter(error), job, again);
}

type Again = (job: Job) => unknown;

/** Shows a message, and does what the user chooses, whenever that is: the next profile does not wait for it. */
function offer(
  tellIt: (text: string, ...buttons: string[]) => Thenable<string | undefined>,
  text: string,
  fixes: readonly Fix[],
  job: Job,
  again: Again,
): void {
  tellIt(`Lineprof: ${text}`, ...fixes.map(titleOfFix)).then((chosen) => {
    const fix = fixes.find((one) => titleOfFix(one) === chosen);
    if (fix !== undefined) applyFix(fix, job, again);
  });
}
