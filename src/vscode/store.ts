import * as vscode from 'vscode';
import type { Comparison } from '../model/comparison.ts';
import type { Profile } from '../model/profile.ts';
import type { Measure } from '../model/request.ts';
import { CONTEXT } from './contributions.ts';

/** The profile that the editors show, and whether they show it. */
export interface Store {
  /** Of a program that still runs, while `running`. */
  readonly profile: Profile | null;
  /** The profile still grows: it has no hits and no tree yet. */
  readonly running: boolean;
  readonly visible: boolean;
  /** The differences that are shown in place of the numbers of `profile`; null: none. */
  readonly comparison: Comparison | null;
  /** The last finished profile that was shown of times and the last one of memory; null: none since `show(null)`. */
  latest(measure: Measure): Profile | null;
  /** While a program runs, about twice a second. */
  readonly onDidChange: vscode.Event<void>;
  /** Shows a finished profile in place of the one before; null: none. */
  show(profile: Profile | null): void;
  /** Puts a newer state of the same profile in the place of one that `latest` gives; nothing else changes. */
  renew(before: Profile, next: Profile): void;
  /** Shows differences; `after` is the profile that they lead to, and what is shown when they go. */
  compare(comparison: Comparison, after: Profile): void;
  /** Shows what there is so far of a profile that is being made, until `show` or `endLive`. */
  showLive(profile: Profile): void;
  /** Puts back what was shown before `showLive`: nothing came of the run. */
  endLive(): void;
  toggle(): void;
  dispose(): void;
}

/** What a profile is of. */
export function measureOf({ memory }: Profile): Measure {
  return memory === undefined ? 'time' : 'memory';
}

/** Makes the extension's one store. */
export function createStore(): Store {
  const changed = new vscode.EventEmitter<void>();
  let finished: Profile | null = null;
  let live: Profile | null = null;
  let comparison: Comparison | null = null;
  const latest: Record<Measure, Profile | null> = { time: null, memory: null };
  let visible = true;
  const finish = (next: Profile | null) => {
    finished = next;
    if (next === null) latest.time = latest.memory = null;
    else latest[measureOf(next)] = next;
  };
  const change = () => {
    vscode.commands.executeCommand('setContext', CONTEXT.hasProfile, (live ?? finished) !== null);
    vscode.commands.executeCommand('setContext', CONTEXT.comparing, live === null && comparison !== null);
    changed.fire();
  };
  return {
    get profile() {
      return live ?? finished;
    },
    get running() {
      return live !== null;
    },
    get visible() {
      return visible;
    },
    get comparison() {
      return live === null ? comparison : null;
    },
    latest: (measure) => latest[measure],
    onDidChange: changed.event,
    compare: (next, after) => {
      finish(after);
      comparison = next;
      live = null;
      visible = true;
      change();
    },
    show: (next) => {
      finish(next);
      comparison = null;
      live = null;
      visible = true;
      change();
    },
    renew: (before, next) => {
      const measure = measureOf(before);
      if (latest[measure] !== before) return;
      latest[measure] = next;
      if (finished === before) finished = next;
      changed.fire();
    },
    showLive: (next) => {
      // Who hid the numbers of a running program does not want them back with the next ones.
      if (live === null) visible = true;
      live = next;
      change();
    },
    endLive: () => {
      if (live === null) return;
      live = null;
      change();
    },
    toggle: () => {
      visible = !visible;
      changed.fire();
    },
    dispose: () => changed.dispose(),
  };
}
