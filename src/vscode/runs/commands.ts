import * as vscode from 'vscode';
import { tell } from '../failure.ts';
import { revealFunction, revealProfile } from '../reveal.ts';
import type { Store } from '../store.ts';
import type { Runs } from './runs.ts';
import type { RunEntry } from './storage.ts';
import { KEEP_FOCUS, type RunNode, type RunsTree } from './tree.ts';
import { describe, nameOf } from './words.ts';

/** What the keys of the tree give their commands: VS Code gives them nothing. */
const SELECTION = 'selection';

/** The commands about past runs. The tree names what they are about; without it the user picks. */
export function runsCommands(runs: Runs, store: Store, tree: Pick<RunsTree, 'selection'>) {
  /** What was selected in the tree, else what is picked from a list of those that fit. */
  const chosen = async (
    args: readonly unknown[],
    title: string,
    fits: (entry: RunEntry) => boolean = () => true,
  ): Promise<readonly RunEntry[]> => {
    const nodes = args[0] === SELECTION ? tree.selection : nodesOf(args);
    if (nodes.length > 0) return [...new Set(nodes.map(({ entry }) => entry))];
    const picked = await pickRun((await runs.list()).filter(fits), title);
    return picked === undefined ? [] : [picked];
  };
  const pin = async (args: readonly unknown[], pinned: boolean) => {
    const title = pinned ? vscode.l10n.t('Pin a run') : vscode.l10n.t('Unpin a run');
    for (const entry of await chosen(args, title, (one) => one.pinned !== pinned)) {
      await runs.change(entry, { pinned });
    }
  };
  return told({
    openRun: async (...args) => {
      const [node] = nodesOf(args);
      const entry = node?.entry ?? (await chosen(args, vscode.l10n.t('Open a run')))[0];
      if (entry === undefined) return;
      const profile = await runs.read(entry);
      store.show(profile);
      const fn = profile.functions[node?.fn ?? -1];
      const stay = args[1] === KEEP_FOCUS;
      const revealed =
        fn === undefined ? await revealProfile(profile, stay) : await revealFunction(profile, fn, stay);
      if (revealed) return;
      const files = [...new Set(profile.functions.map(({ file }) => file))].join(', ');
      vscode.window.showWarningMessage(
        vscode.l10n.t('Lineprof: {0} of this run is not there any more.', files),
      );
    },
    renameRun: async (...args) => {
      const [entry] = await chosen(args, vscode.l10n.t('Rename a run'));
      if (entry === undefined) return;
      const name = await vscode.window.showInputBox({
        title: vscode.l10n.t('A name for this run'),
        prompt: vscode.l10n.t('Leave it empty to call it {0} again', entry.title),
        value: nameOf(entry),
      });
      if (name === undefined) return;
      await runs.change(entry, {
        name: name.trim() === '' || name.trim() === entry.title ? null : name.trim(),
      });
    },
    pinRun: (...args) => pin(args, true),
    unpinRun: (...args) => pin(args, false),
    deleteRun: async (...args) => {
      const entries = await chosen(args, vscode.l10n.t('Delete a run'));
      const [first] = entries;
      if (first === undefined) return;
      const undo = await runs.remove(entries);
      const again = vscode.l10n.t('Undo');
      const text =
        entries.length === 1
          ? vscode.l10n.t('Lineprof: the run {0} was deleted.', `${nameOf(first)} (${describe(first)})`)
          : vscode.l10n.t('Lineprof: {0} runs were deleted.', entries.length);
      vscode.window.showInformationMessage(text, again).then(async (answer) => {
        if (answer === again) await undo().catch(tell);
      });
    },
  });
}

/** Lets the user pick a run; undefined: none, or there are none (told). */
export async function pickRun(entries: readonly RunEntry[], title: string): Promise<RunEntry | undefined> {
  if (entries.length === 0) {
    vscode.window.showInformationMessage(vscode.l10n.t('Lineprof: there is no such run.'));
    return undefined;
  }
  const items = entries.map((entry) => ({ label: nameOf(entry), description: describe(entry), entry }));
  return (await vscode.window.showQuickPick(items, { title, matchOnDescription: true }))?.entry;
}

/** Rows of the tree that a command is about: all that are selected, where the one it was called on is among them. */
export function nodesOf([first, selected]: readonly unknown[]): readonly RunNode[] {
  if (!isNode(first)) return [];
  const all = Array.isArray(selected) ? selected.filter(isNode) : [];
  return all.length > 0 ? all : [first];
}

function isNode(value: unknown): value is RunNode {
  const node = value as Partial<RunNode> | null | undefined;
  return typeof node?.entry?.id === 'string' && (node.fn === null || typeof node.fn === 'number');
}

type Command = (...args: unknown[]) => Promise<void>;

/** The same commands, telling what goes wrong. */
export function told<Name extends string>(commands: Record<Name, Command>): Record<Name, Command> {
  const wrapped = Object.entries<Command>(commands).map(([name, run]) => {
    const safe: Command = (...args) => run(...args).catch(tell);
    return [name, safe] as const;
  });
  return Object.fromEntries(wrapped) as Record<Name, Command>;
}
