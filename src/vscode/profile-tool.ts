import { isAbsolute, join } from 'node:path';
import * as vscode from 'vscode';
import { wordsOf } from './failure.ts';
import { targetNamed } from './functions.ts';
import { loaded } from './lazy.ts';
import { obviousWay, relative, rootOf } from './run/choose.ts';
import type { Memory } from './run/memory.ts';
import type { Runner } from './run/runner.ts';
import { packageFolder } from './run/tests.ts';
import { folderOf, type HowToRun, titleOf } from './run/ways.ts';

/** The tool's name, as in package.json. */
export const PROFILE_TOOL = 'profile_function';

/** What a language model asks for; package.json has the schema. */
export interface ProfileToolInput {
  /** Absolute, or relative to a folder of the workspace. */
  readonly file: string;
  readonly function: string;
  /** An expression that runs the function, in the scope of its module. */
  readonly expression?: string;
  /** A terminal command that runs it, in place of an expression. */
  readonly command?: string;
}

/**
 * The tool that gives language models the table of a function's lines: nothing runs before the user has confirmed
 * exactly what, and nothing at all in a workspace that is not trusted.
 */
export function registerProfileTool(runner: Runner, memory: Memory): vscode.Disposable {
  return vscode.lm.registerTool(PROFILE_TOOL, createProfileTool(runner, memory));
}

/** The tool itself. Its errors are for a model to read: what is wrong and what to ask instead. */
export function createProfileTool(
  runner: Runner,
  memory: Memory,
): vscode.LanguageModelTool<ProfileToolInput> {
  return {
    prepareInvocation: async ({ input }) => {
      const { how, name, file } = await planOf(input, memory);
      const command = titleOf(how, relative);
      return {
        invocationMessage: vscode.l10n.t('Profiling {0}', name),
        confirmationMessages: {
          title: vscode.l10n.t('Profile {0}?', name),
          message: new vscode.MarkdownString()
            .appendText(
              vscode.l10n.t(
                'This runs code of {0}, twice: to time its lines, and to count them.',
                relative(file),
              ),
            )
            .appendMarkdown('\n\n')
            .appendCodeblock(command, how.kind === 'call' ? 'javascript' : 'shellscript')
            .appendText(vscode.l10n.t('In {0}', folderOf(how))),
        },
      };
    },
    invoke: async ({ input }, token) => {
      const { how, name, line, file } = await planOf(input, memory);
      const focus = { file, name, line };
      const stopping = new AbortController();
      token.onCancellationRequested(() => stopping.abort());
      if (token.isCancellationRequested) stopping.abort();
      try {
        const profile = await runner.measure(
          { title: name, how, functions: [`${file}:${name}`], focus },
          stopping.signal,
        );
        if (profile === null)
          throw new Error(vscode.l10n.t('It was cancelled before anything was measured.'));
        return new vscode.LanguageModelToolResult([
          new vscode.LanguageModelTextPart(loaded().profileText(profile)),
        ]);
      } catch (error) {
        throw new Error(wordsOf(error), { cause: error });
      }
    },
  };
}

interface Plan {
  /** Absolute path. */
  readonly file: string;
  readonly name: string;
  readonly line: number;
  readonly how: HowToRun;
}

/** What would run. Throws Error in words when nothing can. */
async function planOf(input: ProfileToolInput, memory: Memory): Promise<Plan> {
  if (!vscode.workspace.isTrusted) {
    throw new Error(
      vscode.l10n.t('Nothing runs in a workspace that is not trusted: ask the user to trust it.'),
    );
  }
  const file = await findFile(input.file);
  const document = await vscode.workspace.openTextDocument(vscode.Uri.file(file));
  const target = targetNamed(document, input.function, 1);
  if (target === undefined) {
    const names = namesIn(document);
    throw new Error(
      names.length === 0
        ? vscode.l10n.t('{0} has no function with a name, or cannot be parsed.', input.file)
        : vscode.l10n.t('{0} has no function {1}. It has: {2}', input.file, input.function, names.join(', ')),
    );
  }
  const cwd = packageFolder(file, rootOf(file));
  const { name, line } = target.fn;
  const asked: HowToRun | null = input.expression
    ? { kind: 'call', file, expression: input.expression, cwd }
    : input.command
      ? { kind: 'command', command: input.command, cwd }
      : null;
  if (asked?.kind === 'call') loaded().checkExpression(asked.expression, /x$/.test(file));
  const how = asked ?? memory.howToRun(file, name) ?? obviousWay(target);
  if (how === null) {
    throw new Error(
      vscode.l10n.t(
        '{0} needs arguments: give an expression that calls it, such as {1}, or a command that runs it.',
        name,
        `${name}(…)`,
      ),
    );
  }
  return { file, name, line, how };
}

async function findFile(path: string): Promise<string> {
  const folders = (vscode.workspace.workspaceFolders ?? []).map(({ uri }) => uri.fsPath);
  const candidates = isAbsolute(path) ? [path] : folders.map((folder) => join(folder, path));
  for (const candidate of candidates) {
    const uri = vscode.Uri.file(candidate);
    // A model is not to run what lies outside of what the user has opened.
    if (vscode.workspace.getWorkspaceFolder(uri) === undefined) continue;
    try {
      await vscode.workspace.fs.stat(uri);
      return candidate;
    } catch {
      // Not in this folder.
    }
  }
  throw new Error(vscode.l10n.t('There is no file {0} in this workspace.', path));
}

function namesIn(document: vscode.TextDocument): string[] {
  try {
    return loaded()
      .parseSource(document.getText(), document.uri.fsPath)
      .functions.filter(({ kind, name }) => kind !== 'module' && !name.endsWith('>'))
      .map(({ name }) => name)
      .slice(0, 50);
  } catch {
    return [];
  }
}
