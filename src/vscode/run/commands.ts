import * as vscode from 'vscode';
import type { Measure } from '../../model/request.ts';
import { tell } from '../failure.ts';
import { type Target, targetAt, targetNamed } from '../functions.ts';
import { loaded } from '../lazy.ts';
import { settings } from '../settings.ts';
import { askCommand, askHow, askHowFile, obviousWay, relative, rootOf } from './choose.ts';
import type { Memory } from './memory.ts';
import type { Runner } from './runner.ts';
import { packageFolder, runnerOf } from './tests.ts';
import type { HowToRun } from './ways.ts';

/** The name under which a whole file's way to run is remembered. */
const WHOLE_FILE = '<module>';

/** Where a command was called: a lens or a link names the function, menus and the palette do not. */
interface NamedPlace {
  readonly file: string;
  readonly name: string;
  readonly line: number;
}

/** The commands that run something. */
export function runCommands(runner: Runner, memory: Memory) {
  const start = async (
    title: string,
    how: HowToRun | undefined,
    functions: readonly string[],
    target?: Target,
    measure: Measure = 'time',
  ) => {
    if (how === undefined || !(await saved())) return;
    const focus = target ? { file: target.file, name: target.fn.name, line: target.fn.line } : null;
    await runner.run({ title, ...(measure === 'memory' && { measure }), how, functions, focus });
  };
  const profileFunction = async (args: readonly unknown[], ask: boolean, measure: Measure) => {
    if (!mayRun()) return;
    const target = await targetOf(args);
    if (target === undefined) return;
    const { file, fn } = target;
    const given = isHow(args[1]) ? args[1] : undefined;
    const known = given ?? (ask ? undefined : (memory.howToRun(file, fn.name) ?? obviousWay(target)));
    const how = known ?? (await askHow(target));
    if (how === undefined) return;
    if (!known || given) await memory.rememberHow(file, fn.name, how);
    await start(fn.name, how, [`${file}:${fn.name}`], target, measure);
  };
  return {
    profileFunction: (...args: unknown[]) => profileFunction(args, false, 'time'),
    profileMemory: (...args: unknown[]) => profileFunction(args, false, 'memory'),
    changeHow: (...args: unknown[]) => profileFunction(args, true, args[1] === 'memory' ? 'memory' : 'time'),
    profileFile: async (uri: unknown, given?: unknown) => {
      if (!mayRun()) return;
      const file = uri instanceof vscode.Uri ? uri.fsPath : activeFile();
      if (file === undefined) return;
      const known = isHow(given) ? given : memory.howToRun(file, WHOLE_FILE);
      const how = known ?? (await askHowFile(file));
      if (how !== undefined && !known) await memory.rememberHow(file, WHOLE_FILE, how);
      await start(relative(file), how, [file]);
    },
    profileTest: async () => {
      if (!mayRun()) return;
      const editor = vscode.window.activeTextEditor;
      const file = activeFile();
      if (editor === undefined || file === undefined) return;
      const text = editor.document.getText();
      const run = runnerOf(file, text, rootOf(file));
      if (run === null) {
        vscode.window.showErrorMessage(
          vscode.l10n.t(
            'Lineprof: this file imports no test runner, and neither vitest, jest nor mocha is installed here.',
          ),
        );
        return;
      }
      const name = testAround(editor);
      if (name === undefined) return;
      const title = name === null ? relative(file) : name.names.join(' ');
      await start(title, { kind: 'test', run: { ...run, name } }, []);
    },
    profileCommand: async () => {
      if (!mayRun()) return;
      const file = vscode.window.activeTextEditor?.document.uri.fsPath;
      const folder = file
        ? packageFolder(file, rootOf(file))
        : vscode.workspace.workspaceFolders?.[0]?.uri.fsPath;
      if (folder === undefined) {
        vscode.window.showErrorMessage(vscode.l10n.t('Lineprof: open a folder to run a command in.'));
        return;
      }
      const how = await askCommand(folder);
      await start(how?.kind === 'command' ? how.command : '', how, []);
    },
    again: async () => {
      if (!mayRun()) return;
      const last = memory.last();
      if (last === undefined) {
        vscode.window.showInformationMessage(vscode.l10n.t('Lineprof: nothing has been profiled here yet.'));
        return;
      }
      if (await saved()) await runner.run(last);
    },
    stop: () => runner.stop(),
  };
}

/**
 * The link of a hover: memory of the function at a line (1-based) of a file that is open on the screen. It takes no
 * way to run it, and any other file is nothing to it.
 */
export async function memoryOf(
  path: unknown,
  line: unknown,
  profile: (place: NamedPlace) => unknown,
): Promise<void> {
  const document = vscode.window.visibleTextEditors.find(
    ({ document: { uri } }) => uri.scheme === 'file' && uri.fsPath === path,
  )?.document;
  if (document === undefined || typeof line !== 'number' || !(line >= 1 && line <= document.lineCount))
    return;
  const target = await targetAt(document, document.lineAt(line - 1).range.end);
  if (target !== undefined) await profile({ file: target.file, name: target.fn.name, line: target.fn.line });
}

/** Nothing runs in a workspace that is not trusted: false, and the user was told. */
export function mayRun(): boolean {
  if (vscode.workspace.isTrusted) return true;
  const manage = vscode.l10n.t('Manage Workspace Trust');
  vscode.window
    .showErrorMessage(
      vscode.l10n.t('Lineprof runs programs in trusted workspaces only. Saved profiles can be opened.'),
      manage,
    )
    .then((chosen) => {
      if (chosen === manage) vscode.commands.executeCommand('workbench.trust.manage');
    });
  return false;
}

function activeFile(): string | undefined {
  const uri = vscode.window.activeTextEditor?.document.uri;
  if (uri?.scheme === 'file') return uri.fsPath;
  vscode.window.showErrorMessage(
    uri === undefined
      ? vscode.l10n.t('Lineprof: no file is open.')
      : vscode.l10n.t('Lineprof: only files that are saved on a disk can be run.'),
  );
  return undefined;
}

/** A lens gives a place, the line number's menu a line, the editor's menu and the palette the cursor. */
async function targetOf([first]: readonly unknown[]): Promise<Target | undefined> {
  if (isNamedPlace(first)) {
    const document = await vscode.workspace.openTextDocument(vscode.Uri.file(first.file));
    return targetNamed(document, first.name, first.line);
  }
  if (activeFile() === undefined) return undefined;
  const editor = vscode.window.activeTextEditor!;
  const line = (first as { readonly lineNumber?: unknown } | undefined)?.lineNumber;
  const position =
    typeof line === 'number' ? editor.document.lineAt(line - 1).range.end : editor.selection.active;
  return targetAt(editor.document, position);
}

/** Who calls the command in code may say how, too. */
function isHow(value: unknown): value is HowToRun {
  const kind = (value as { readonly kind?: unknown } | undefined)?.kind;
  return typeof kind === 'string' && ['call', 'file', 'test', 'script', 'command', 'launch'].includes(kind);
}

function isNamedPlace(value: unknown): value is NamedPlace {
  const place = value as Partial<NamedPlace> | undefined;
  return typeof place?.file === 'string' && typeof place.name === 'string' && typeof place.line === 'number';
}

/** The test around the cursor; null: the whole file; undefined: the file does not parse (told). */
function testAround({ document, selection }: vscode.TextEditor) {
  try {
    return loaded().testAt(document.getText(), document.uri.fsPath, document.offsetAt(selection.active));
  } catch (error) {
    tell(error);
    return undefined;
  }
}

/** False when the user would rather not run what is on the disk. */
async function saved(): Promise<boolean> {
  const dirty = () =>
    vscode.workspace.textDocuments.some(({ isDirty, uri }) => isDirty && uri.scheme === 'file');
  const how = settings().saveBeforeRun;
  if (!dirty() || how === 'never') return true;
  if (how === 'ask') {
    const saveAll = vscode.l10n.t('Save All');
    const answer = await vscode.window.showWarningMessage(
      vscode.l10n.t('Lineprof runs what is saved, and there are unsaved changes.'),
      { modal: true },
      saveAll,
      vscode.l10n.t('Run As Saved'),
    );
    if (answer !== saveAll) return answer !== undefined;
  }
  // What the editor saves by itself at the same moment is no failure, though saveAll says so.
  if ((await vscode.workspace.saveAll(false)) || !dirty()) return true;
  vscode.window.showErrorMessage(
    vscode.l10n.t('Lineprof: not all files could be saved, so nothing was run. Save them, then try again.'),
  );
  return false;
}
