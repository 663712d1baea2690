import * as vscode from 'vscode';
import { COMMANDS, VIEWS } from '../contributions.ts';
import { escapeMarkdown } from '../hover-text.ts';
import type { Store } from '../store.ts';
import type { Runs } from './runs.ts';
import type { RunEntry } from './storage.ts';
import { describe, measured, nameOf } from './words.ts';

/** A row of the tree: a run, or one of its functions where it has several. Plain data, as commands get it. */
export interface RunNode {
  readonly entry: RunEntry;
  /** Index into the run's functions; null: the run itself. */
  readonly fn: number | null;
}

/** Told to the command by a click on a row: the keyboard stays in the tree, whose keys are about that row. */
export const KEEP_FOCUS = 'keep focus';

/** The tree of past runs. */
export interface RunsTree {
  /** What is selected in it. */
  readonly selection: readonly RunNode[];
  dispose(): void;
}

/** Makes the tree; nothing is read before the view is opened. */
export function createRunsTree(runs: Runs, store: Store): RunsTree {
  const changed = new vscode.EventEmitter<void>();
  let shown: string | null = null;
  const provider: vscode.TreeDataProvider<RunNode> = {
    onDidChangeTreeData: changed.event,
    getTreeItem: (node) =>
      node.fn === null ? runItem(node.entry, runs.idOf(store.profile) === node.entry.id) : functionItem(node),
    getChildren: async (node) =>
      node === undefined
        ? (await runs.list()).map((entry) => ({ entry, fn: null }))
        : node.entry.functions.map((_, fn) => ({ entry: node.entry, fn })),
    getParent: ({ entry, fn }) => (fn === null ? undefined : { entry, fn: null }),
  };
  const view = vscode.window.createTreeView(VIEWS.runs, {
    treeDataProvider: provider,
    canSelectMany: true,
    showCollapseAll: true,
  });
  const subscriptions = vscode.Disposable.from(
    changed,
    view,
    runs.onDidChange(() => changed.fire()),
    store.onDidChange(() => {
      if (store.running || shown === runs.idOf(store.profile)) return;
      shown = runs.idOf(store.profile);
      changed.fire();
    }),
  );
  return {
    get selection() {
      return view.selection;
    },
    dispose: () => subscriptions.dispose(),
  };
}

function runItem(entry: RunEntry, shown: boolean): vscode.TreeItem {
  const several = entry.functions.length > 1;
  const { Collapsed, None } = vscode.TreeItemCollapsibleState;
  const item = new vscode.TreeItem(nameOf(entry), several ? Collapsed : None);
  item.id = entry.id;
  item.description = describe(entry);
  item.tooltip = new vscode.MarkdownString(
    [
      `**${escapeMarkdown(nameOf(entry))}**`,
      ...(entry.name === null ? [] : [escapeMarkdown(entry.title)]),
      escapeMarkdown(new Date(entry.startedAt).toLocaleString(vscode.env.language)),
      escapeMarkdown(`Node ${entry.node}`),
      escapeMarkdown(describe(entry)),
    ].join('\n\n'),
  );
  item.contextValue = entry.pinned ? 'run.pinned' : 'run';
  item.iconPath = new vscode.ThemeIcon(
    entry.pinned ? 'pinned' : shown ? 'eye' : entry.memory ? 'chip' : 'history',
  );
  const state = [
    ...(entry.memory ? [vscode.l10n.t('memory')] : []),
    ...(entry.pinned ? [vscode.l10n.t('pinned')] : []),
    ...(shown ? [vscode.l10n.t('shown')] : []),
  ];
  item.accessibilityInformation = { label: [nameOf(entry), describe(entry), ...state].join(', ') };
  item.command = openCommand({ entry, fn: null });
  return item;
}

function functionItem(node: RunNode): vscode.TreeItem {
  const fn = node.entry.functions[node.fn!]!;
  const { name, file } = fn;
  const item = new vscode.TreeItem(name);
  item.id = `${node.entry.id} ${node.fn}`;
  item.description = `${measured(fn)} · ${file}`;
  item.contextValue = 'function';
  item.iconPath = new vscode.ThemeIcon('symbol-method');
  item.command = openCommand(node);
  return item;
}

function openCommand(node: RunNode): vscode.Command {
  return { command: COMMANDS.openRun, title: vscode.l10n.t('Open Run'), arguments: [node, KEEP_FOCUS] };
}
