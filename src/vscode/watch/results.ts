import { dirname } from 'node:path';
import * as vscode from 'vscode';
import type { Profile } from '../../model/profile.ts';
import { roots } from '../annotations.ts';
import { wordsOf } from '../failure.ts';
import { loaded } from '../lazy.ts';
import type { Runs } from '../runs/runs.ts';
import { settings } from '../settings.ts';
import type { Store } from '../store.ts';
import { watchResults } from './folder.ts';
import { isAbout, isRelated, resultPlaces } from './places.ts';
import { processTitle } from './words.ts';

/** The watch begins so long after the extension: nothing of it is in the way of what the user came for. */
const START_MILLIS = 500;
/** What a process (or worker thread) that writes results has written last, each in place of the one before. */
interface Written {
  readonly profile: Profile;
  /** Id of the run that it is kept as; null: not kept, or no longer. */
  readonly id: string | null;
}

/**
 * Shows what programs under `lineprof/register` write, as it arrives: the first result of a process like a profile
 * that was just made, later ones in its place for as long as it is what is shown. Each process is one kept run.
 * Results are read and never run, so that this goes on in workspaces that are not trusted.
 */
export function createResultsWatch(store: Store, runs: Runs, log: vscode.OutputChannel): vscode.Disposable {
  const written = new Map<string, Written>();
  const foreign = new Set<string>();
  let watches: readonly { dispose(): void }[] = [];
  let queue: Promise<void> = Promise.resolve();

  const first = async (profile: Profile, path: string): Promise<Written> => {
    const title = processTitle(profile.run);
    log.appendLine(`> ${title}: ${path}`);
    const id = await runs.keep(profile, title, { isProcess: true });
    if (store.comparison === null && !store.running) store.show(profile);
    return { profile, id };
  };
  const next = async (profile: Profile, { profile: before, id }: Written): Promise<Written> => {
    const shown = store.latest('time');
    const isShown = shown === before || (shown !== null && id !== null && runs.idOf(shown) === id);
    const kept = id !== null && (await runs.renew(id, profile));
    if (isShown) store.renew(shown, profile);
    return { profile, id: kept ? id : null };
  };
  const arrived = async (path: string): Promise<void> => {
    try {
      const profile = await loaded().readResult(path, '/', notOurs);
      if (!isAbout(profile, roots())) {
        // A folder of results is of one folder of programs.
        if (!isRelated(profile.run.cwd, roots())) foreign.add(dirname(path));
        return;
      }
      // Threads that have the functions and never call them.
      if (profile.functions.every(({ samples, calls }) => samples === 0 && !calls)) return;
      const before = written.get(path);
      written.set(path, await (before === undefined ? first(profile, path) : next(profile, before)));
    } catch (error) {
      log.appendLine(`> ${wordsOf(error)}`);
    }
  };
  const stop = () => {
    for (const one of watches) one.dispose();
    watches = [];
  };
  const start = () => {
    stop();
    foreign.clear();
    const { watchResults: wanted, env } = settings();
    if (!wanted || roots().length === 0) return;
    // A null in the settings takes the variable away.
    const named = 'LINEPROF_DIR' in env ? env['LINEPROF_DIR']! : (process.env['LINEPROF_DIR'] ?? null);
    watches = resultPlaces(roots(), named || null).map((place) =>
      watchResults(place, {
        onResult: (path) => {
          queue = queue.then(() => arrived(path));
        },
        isForeign: (folder) => foreign.has(folder),
      }),
    );
  };
  const timer = setTimeout(start, START_MILLIS);
  return vscode.Disposable.from(
    vscode.workspace.onDidChangeWorkspaceFolders(start),
    vscode.workspace.onDidChangeConfiguration((event) => {
      if (event.affectsConfiguration('lineprof.watchResults') || event.affectsConfiguration('lineprof.env')) {
        start();
      }
    }),
    new vscode.Disposable(() => {
      clearTimeout(timer);
      stop();
    }),
  );
}

/** Files of these names hold no .cpuprofile. */
async function notOurs(_text: string, path: string): Promise<never> {
  throw new Error(vscode.l10n.t('{0} is no result of Lineprof.', path));
}
