import { join } from 'node:path';
import * as l10n from '@vscode/l10n';
import * as vscode from 'vscode';
import type { Comparison } from './model/comparison.ts';
import type { Profile } from './model/profile.ts';
import { createAnnotations } from './vscode/annotations.ts';
import { registerCodeLens } from './vscode/code-lens.ts';
import { compareCommands } from './vscode/compare/commands.ts';
import { COMMANDS, type CommandName, LINKS } from './vscode/contributions.ts';
import { doctor } from './vscode/doctor.ts';
import { openExample } from './vscode/example.ts';
import { registerHover } from './vscode/hover.ts';
import { openProfile } from './vscode/open-profile.ts';
import { createPanel } from './vscode/panel/panel.ts';
import { registerProfileTool } from './vscode/profile-tool.ts';
import { goTo, goToHotLine, readLine } from './vscode/reveal.ts';
import { memoryOf, runCommands } from './vscode/run/commands.ts';
import { createMemory } from './vscode/run/memory.ts';
import { createRunner } from './vscode/run/runner.ts';
import { runsCommands } from './vscode/runs/commands.ts';
import { createRuns } from './vscode/runs/runs.ts';
import type { RunEntry } from './vscode/runs/storage.ts';
import { createRunsTree } from './vscode/runs/tree.ts';
import { saveProfile } from './vscode/save-profile.ts';
import { createStatus } from './vscode/status.ts';
import { createStore } from './vscode/store.ts';
import { createResultsWatch } from './vscode/watch/results.ts';

/** What other extensions get of this one. */
export interface LineprofApi {
  /** The profile that is shown beside the code; null: none. */
  readonly profile: Profile | null;
  /** A program is being profiled. */
  readonly running: boolean;
  /** The differences that are shown in its place; null: none. */
  readonly comparison: Comparison | null;
  /** The last memory run, be it shown now or not; null: none. */
  readonly memory: Profile | null;
  /** The past runs of this workspace, pinned ones first, then the newest. */
  runs(): Promise<readonly RunEntry[]>;
}

/** Everything the extension adds to VS Code. What is big is loaded by the command that needs it. */
export function activate(context: vscode.ExtensionContext): LineprofApi {
  // Where nothing of VS Code's own is known, words come from the same bundle.
  if (vscode.l10n.bundle !== undefined) l10n.config({ contents: vscode.l10n.bundle });
  const store = createStore();
  const memory = createMemory(context.workspaceState);
  const log = vscode.window.createOutputChannel('Lineprof');
  const dist = join(context.extensionPath, 'dist');
  const runner = createRunner(dist, store, memory, log);
  const runs = createRuns(context);
  const tree = createRunsTree(runs, store);
  const annotations = createAnnotations(store, vscode.Uri.joinPath(context.extensionUri, 'media'));
  const panel = createPanel(context.extensionUri, store, runner);
  const commands: Record<CommandName, (...args: unknown[]) => unknown> = {
    ...runCommands(runner, memory),
    openProfile: (uri) => openProfile(store, uri),
    openResource: (uri) => openProfile(store, uri),
    saveProfile: () => saveProfile(store),
    toggleAnnotations: () => store.toggle(),
    clear: () => store.show(null),
    nextHotLine: () => goToHotLine(store, annotations, 1),
    previousHotLine: () => goToHotLine(store, annotations, -1),
    readLine: () => readLine(annotations),
    showTable: (place) => panel.show(place),
    copyTable: (format) => panel.copy(format),
    openExample: (folder) => openExample(context.extensionUri, folder),
    doctor: () => doctor(dist, log),
    showOutput: () => log.show(true),
    ...runsCommands(runs, store, tree),
    ...compareCommands(runs, store, annotations),
    settings: () => vscode.commands.executeCommand('workbench.action.openSettings', '@ext:lineprof.lineprof'),
  };
  context.subscriptions.push(
    store,
    log,
    runner,
    annotations,
    panel,
    createStatus(store, runner),
    registerProfileTool(runner, memory),
    runs,
    tree,
    runner.onDidFinish(({ profile, job }) => {
      if (profile.functions.length > 0) void runs.keep(profile, job.title, { focused: job.focus !== null });
    }),
    createResultsWatch(store, runs, log),
    registerHover(annotations, store),
    registerCodeLens(store, annotations),
    ...Object.entries(commands).map(([name, run]) =>
      vscode.commands.registerCommand(COMMANDS[name as CommandName], run),
    ),
    vscode.commands.registerCommand(LINKS.memoryOf, (path: unknown, line: unknown) =>
      memoryOf(path, line, commands.profileMemory),
    ),
    vscode.commands.registerCommand(LINKS.goTo, (path: string, line: number, column: number) =>
      goTo(path, line, column),
    ),
  );
  return {
    get profile() {
      return store.profile;
    },
    get running() {
      return runner.running !== null;
    },
    get comparison() {
      return store.comparison;
    },
    get memory() {
      return store.latest('memory');
    },
    runs: () => runs.list(),
  };
}
