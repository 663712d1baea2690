import * as vscode from 'vscode';
import type { FunctionProfile, Profile } from '../model/profile.ts';
import { alignLines } from './align.ts';
import { type Annotations, roots } from './annotations.ts';
import { lineWords } from './line-words.ts';
import { fileOnDisk } from './places.ts';
import type { Store } from './store.ts';

/** From this heat on, a line is one to go to. */
const HOT = 2;

/** Opens a file with the cursor on a line (1-based) and column (0-based); the focus may stay where it is. */
export async function goTo(path: string, line: number, column: number, preserveFocus = false): Promise<void> {
  const document = await vscode.workspace.openTextDocument(vscode.Uri.file(path));
  const at = document.validatePosition(new vscode.Position(line - 1, column));
  const editor = await vscode.window.showTextDocument(document, { preserveFocus });
  editor.selection = new vscode.Selection(at, at);
  editor.revealRange(new vscode.Range(at, at), vscode.TextEditorRevealType.InCenterIfOutsideViewport);
}

/** Opens the profile's first function that is on this machine; false when none is. */
export async function revealProfile(profile: Profile, preserveFocus = false): Promise<boolean> {
  for (const fn of profile.functions) if (await revealFunction(profile, fn, preserveFocus)) return true;
  return false;
}

/** Opens a function of the profile, where it is now if its file was edited; false when it is not on this machine. */
export async function revealFunction(
  { run }: Profile,
  { file, line, column, lines }: FunctionProfile,
  preserveFocus = false,
): Promise<boolean> {
  const path = fileOnDisk(run.cwd, file, roots());
  if (path === null) return false;
  const document = await vscode.workspace.openTextDocument(vscode.Uri.file(path));
  const [header] = alignLines(
    lines.map(({ text }) => text),
    line,
    document.getText().split(/\r\n|\r|\n/),
  );
  await goTo(path, header?.line ?? line, column, preserveFocus);
  return true;
}

/** Moves the cursor to the next hot line of the active editor, around its end; else to the hottest of all. */
export async function goToHotLine(store: Store, annotations: Annotations, step: 1 | -1): Promise<void> {
  const editor = vscode.window.activeTextEditor;
  const hot = (editor ? annotations.of(editor.document)?.annotations : undefined)?.filter(
    ({ heat }) => heat >= HOT,
  );
  if (editor && hot && hot.length > 0) {
    const here = editor.selection.active.line + 1;
    const next =
      step === 1
        ? (hot.find(({ line }) => line > here) ?? hot[0]!)
        : (hot.findLast(({ line }) => line < here) ?? hot.at(-1)!);
    const column = editor.document.lineAt(next.line - 1).firstNonWhitespaceCharacterIndex;
    return goTo(editor.document.uri.fsPath, next.line, column);
  }
  const hottest = hottestLine(store.profile);
  const path = hottest && fileOnDisk(store.profile!.run.cwd, hottest.file, roots());
  if (hottest && path) return goTo(path, hottest.line, 0);
  vscode.window.showInformationMessage(vscode.l10n.t('Lineprof: no line of the profile is hot.'));
}

/** Says what stands beside the cursor's line, where a screen reader hears it: a notification is read out. */
export function readLine(annotations: Annotations): void {
  const editor = vscode.window.activeTextEditor;
  const found = editor && annotations.at(editor.document, editor.selection.active.line);
  if (!found) {
    vscode.window.showInformationMessage(vscode.l10n.t('Lineprof: nothing stands beside this line.'));
    return;
  }
  const { shown, annotation } = found;
  vscode.window.showInformationMessage(
    lineWords(shown, annotation, shown.run, shown.functions[annotation.fn]!),
  );
}

function hottestLine(profile: Profile | null): { readonly file: string; readonly line: number } | null {
  const lines = (profile?.functions ?? []).flatMap(({ file, lines }) =>
    lines
      .slice(1)
      .map(({ line, samples, memory }) => ({ file, line, weight: memory?.incrementBytes ?? samples })),
  );
  return lines.reduce<(typeof lines)[number] | null>(
    (best, one) => (one.weight > (best?.weight ?? 0) ? one : best),
    null,
  );
}
