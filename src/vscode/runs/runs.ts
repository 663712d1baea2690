import * as vscode from 'vscode';
import type { Profile } from '../../model/profile.ts';
import { tell } from '../failure.ts';
import { loaded } from '../lazy.ts';
import { createRunStorage, type RunEntry, type RunKind } from './storage.ts';

/** The past runs of the workspace. */
export interface Runs {
  /** Something was kept, changed or taken away. */
  readonly onDidChange: vscode.Event<void>;
  list(): Promise<readonly RunEntry[]>;
  /** Keeps a profile and gives its id; null: it cannot be kept, which is told, and nothing else is lost. */
  keep(profile: Profile, title: string, kind: RunKind): Promise<string | null>;
  /** Puts a newer state of the same run in its place; false when the run is gone. */
  renew(id: string, profile: Profile): Promise<boolean>;
  /** The profile of a run. Throws in words when it is gone or damaged. */
  read(entry: RunEntry): Promise<Profile>;
  /** The run that a profile was kept as or read from; null: none. */
  idOf(profile: Profile | null): string | null;
  change(entry: RunEntry, change: Partial<Pick<RunEntry, 'name' | 'pinned'>>): Promise<void>;
  /** Takes runs away; what is returned puts them back. */
  remove(entries: readonly RunEntry[]): Promise<() => Promise<void>>;
  dispose(): void;
}

/** What is kept is never a .cpuprofile. */
async function notOurs(_text: string, path: string): Promise<never> {
  throw new Error(vscode.l10n.t('{0} is not what was kept there.', path));
}

/** Runs in the folder that VS Code keeps for this workspace (for all windows without one). */
export function createRuns(context: vscode.ExtensionContext): Runs {
  const changed = new vscode.EventEmitter<void>();
  const home = context.storageUri ?? context.globalStorageUri;
  const storage = createRunStorage(vscode.Uri.joinPath(home, 'runs').fsPath);
  const ids = new WeakMap<Profile, string>();
  return {
    onDidChange: changed.event,
    list: () => storage.list(),
    keep: async (profile, title, kind) => {
      try {
        const { id } = await storage.add(profile, title, kind);
        ids.set(profile, id);
        changed.fire();
        return id;
      } catch (error) {
        tell(error);
        return null;
      }
    },
    renew: async (id, profile) => {
      try {
        const isThere = await storage.renew(id, profile);
        if (isThere) ids.set(profile, id);
        changed.fire();
        return isThere;
      } catch (error) {
        tell(error);
        return false;
      }
    },
    read: async (entry) => {
      const profile = await loaded().readResult(storage.profilePath(entry.id), '/', notOurs);
      ids.set(profile, entry.id);
      return profile;
    },
    idOf: (profile) => (profile && ids.get(profile)) ?? null,
    change: async (entry, change) => {
      await storage.change(entry, change);
      changed.fire();
    },
    remove: async (entries) => {
      const undo: (() => Promise<void>)[] = [];
      for (const entry of entries) undo.push(await storage.remove(entry));
      changed.fire();
      return async () => {
        for (const one of undo) await one();
        changed.fire();
      };
    },
    dispose: () => changed.dispose(),
  };
}
