import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import * as vscode from 'vscode';
import type { Target } from '../functions.ts';
import { loaded } from '../lazy.ts';
import { type CallExpression, callOf } from './expression.ts';
import { isNodeLaunch, type LaunchConfiguration } from './launch-config.ts';
import { importsFile, packageFolder, runnerOf, TEST_GLOBS } from './tests.ts';
import { type HowToRun, type PackageManager, titleOf } from './ways.ts';

interface Choice extends vscode.QuickPickItem {
  readonly make: () => Promise<HowToRun | undefined> | HowToRun;
}

/** Most test files that are offered by name. */
const MOST_TESTS = 8;

/**
 * How a function runs when nobody is to be asked: its mark's expression, or a call of it as it stands when it
 * needs no argument. Null: ask.
 */
export function obviousWay(target: Target): HowToRun | null {
  const { fn, file } = target;
  const cwd = packageFolder(file, rootOf(file));
  const marked = fn.mark?.expression;
  if (marked) return { kind: 'call', file, expression: marked, cwd };
  const call = callOf(target.source, target.document.getText(), target.index);
  return call?.complete ? { kind: 'call', file, expression: call.text, cwd } : null;
}

/** Asks how a function is to be run. */
export async function askHow(target: Target): Promise<HowToRun | undefined> {
  const { file, fn } = target;
  const call = callOf(target.source, target.document.getText(), target.index);
  const callChoice: Choice[] = [
    {
      label: `$(symbol-function) ${vscode.l10n.t('Call it…')}`,
      description: target.fn.mark?.expression ?? call?.text ?? '',
      detail: vscode.l10n.t(
        'An expression in the scope of its module, repeated until there are enough samples',
      ),
      make: () => askExpression(target, call),
    },
  ];
  return askFrom(vscode.l10n.t('How is {0} to be run?', fn.name), file, callChoice);
}

/** Asks how a file is to be run, when all that runs of it is wanted. */
export function askHowFile(file: string): Promise<HowToRun | undefined> {
  return askFrom(vscode.l10n.t('How is {0} to be run?', relative(file)), file, []);
}

/** Asks for a terminal command. */
export async function askCommand(cwd: string): Promise<HowToRun | undefined> {
  const command = await vscode.window.showInputBox({
    title: vscode.l10n.t('Profile a command'),
    prompt: vscode.l10n.t('Run in {0}; the Node processes it starts are profiled', cwd),
    placeHolder: 'npm test',
    ignoreFocusOut: true,
    validateInput: (text) => (text.trim() === '' ? vscode.l10n.t('Type a command') : undefined),
  });
  return command === undefined ? undefined : { kind: 'command', command: command.trim(), cwd };
}

/** The workspace folder of a file, or the file's own folder outside of all. */
export function rootOf(file: string): string {
  return (
    vscode.workspace.getWorkspaceFolder(vscode.Uri.file(file))?.uri.fsPath ??
    vscode.Uri.joinPath(vscode.Uri.file(file), '..').fsPath
  );
}

/** A path as the user knows it. */
export function relative(path: string): string {
  return vscode.workspace.asRelativePath(path);
}

async function askFrom(title: string, file: string, first: readonly Choice[]): Promise<HowToRun | undefined> {
  const cwd = packageFolder(file, rootOf(file));
  const tests = await testsOf(file);
  const choices: (Choice | vscode.QuickPickItem)[] = [
    ...first,
    {
      label: `$(play) ${vscode.l10n.t('Run this file')}`,
      description: relative(file),
      make: () => ({ kind: 'file', file, cwd }),
    },
    { label: `$(file-code) ${vscode.l10n.t('Run another file…')}`, make: () => askFile(cwd) },
    { label: `$(terminal) ${vscode.l10n.t('Run a command…')}`, make: () => askCommand(cwd) },
    ...group(
      vscode.l10n.t('Tests that import this file'),
      tests.slice(0, MOST_TESTS).map(asChoice('$(beaker)')),
    ),
    ...group(vscode.l10n.t('Scripts'), scriptsOf(cwd).map(asChoice('$(package)'))),
    ...group(vscode.l10n.t('Launch configurations'), launchesOf(file).map(asChoice('$(debug-alt)'))),
  ];
  const picked = await vscode.window.showQuickPick(choices, {
    title,
    placeHolder: vscode.l10n.t('Remembered for the next time'),
    ignoreFocusOut: true,
    matchOnDescription: true,
  });
  return picked && 'make' in picked ? picked.make() : undefined;
}

function group(label: string, choices: readonly Choice[]): (Choice | vscode.QuickPickItem)[] {
  return choices.length === 0 ? [] : [{ label, kind: vscode.QuickPickItemKind.Separator }, ...choices];
}

function asChoice(icon: string): (how: HowToRun) => Choice {
  return (how) => ({ label: `${icon} ${titleOf(how, relative)}`, make: () => how });
}

async function askExpression(target: Target, call: CallExpression | null): Promise<HowToRun | undefined> {
  const { file, fn } = target;
  const marked = fn.mark?.expression;
  const expression = await vscode.window.showInputBox({
    title: vscode.l10n.t('An expression that runs {0}', fn.name),
    prompt: vscode.l10n.t(
      'In the scope of {0}, its names that are not exported included; a promise is awaited',
      relative(file),
    ),
    value: marked ?? call?.text ?? '',
    ...(marked || !call ? {} : { valueSelection: [call.select[0], call.select[1]] }),
    ignoreFocusOut: true,
    validateInput: (text) => whyNot(text, file),
  });
  if (expression === undefined) return undefined;
  return { kind: 'call', file, expression: expression.trim(), cwd: packageFolder(file, rootOf(file)) };
}

function whyNot(expression: string, file: string): string | undefined {
  if (expression.trim() === '') return vscode.l10n.t('Type an expression');
  try {
    loaded().checkExpression(expression, /x$/.test(file));
    return undefined;
  } catch (error) {
    return (error as Error).message;
  }
}

async function askFile(cwd: string): Promise<HowToRun | undefined> {
  const [uri] =
    (await vscode.window.showOpenDialog({
      title: vscode.l10n.t('The file to run'),
      openLabel: vscode.l10n.t('Run'),
      defaultUri: vscode.Uri.file(cwd),
      filters: {
        [vscode.l10n.t('JavaScript and TypeScript')]: ['ts', 'mts', 'cts', 'tsx', 'js', 'mjs', 'cjs', 'jsx'],
      },
    })) ?? [];
  return uri && { kind: 'file', file: uri.fsPath, cwd };
}

/** Test files of the workspace that import a file, with what runs them. */
async function testsOf(file: string): Promise<HowToRun[]> {
  const found = await Promise.all(
    TEST_GLOBS.map((glob) => vscode.workspace.findFiles(glob, '**/node_modules/**', 2000)),
  );
  const root = rootOf(file);
  return [...new Set(found.flat().map(({ fsPath }) => fsPath))]
    .filter((path) => path !== file)
    .sort()
    .flatMap((path) => {
      const text = readText(path);
      const run = text !== null && importsFile(path, text, file) ? runnerOf(path, text, root) : null;
      return run === null ? [] : [{ kind: 'test', run: { ...run, name: null } } as const];
    });
}

function scriptsOf(cwd: string): HowToRun[] {
  const text = readText(join(cwd, 'package.json'));
  try {
    const scripts: unknown = text === null ? null : JSON.parse(text).scripts;
    if (typeof scripts !== 'object' || scripts === null) return [];
    const manager = managerOf(cwd);
    return Object.keys(scripts).map((script) => ({ kind: 'script', manager, script, cwd }));
  } catch {
    return [];
  }
}

function managerOf(cwd: string): PackageManager {
  const locks = { 'pnpm-lock.yaml': 'pnpm', 'yarn.lock': 'yarn', 'bun.lock': 'bun' } as const;
  const folders = [cwd, rootOf(join(cwd, 'package.json'))];
  for (const [lock, manager] of Object.entries(locks)) {
    if (folders.some((folder) => readText(join(folder, lock)) !== null)) return manager;
  }
  return 'npm';
}

function launchesOf(file: string): HowToRun[] {
  const folder = rootOf(file);
  return launchConfigurations(folder)
    .filter(isNodeLaunch)
    .map((configuration) => ({ kind: 'launch', name: String(configuration['name']), folder }));
}

/** What launch.json holds for a folder. */
export function launchConfigurations(folder: string): readonly LaunchConfiguration[] {
  const section = vscode.workspace.getConfiguration('launch', vscode.Uri.file(folder));
  const configurations = section.get<unknown>('configurations');
  return Array.isArray(configurations) ? configurations : [];
}

function readText(path: string): string | null {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return null;
  }
}
