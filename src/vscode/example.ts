import { copyFile, mkdir } from 'node:fs/promises';
import { homedir } from 'node:os';
import { join } from 'node:path';
import * as vscode from 'vscode';
import { tell } from './failure.ts';

/** The example of the walkthrough, below `media/walkthrough`. */
const FILE = 'particles.ts';
/** Its folder in the place that the user chooses; the next free one gets a number. */
const FOLDER = 'lineprof-example';

/** Copies the example to a folder that is given, or that the user chooses, and opens it: it is there to be changed. */
export async function openExample(extension: vscode.Uri, given: unknown): Promise<void> {
  const parent = given instanceof vscode.Uri ? given : await pickFolder();
  if (parent === undefined) return;
  try {
    const folder = await freshFolder(parent.fsPath);
    const file = join(folder, FILE);
    await copyFile(vscode.Uri.joinPath(extension, 'media', 'walkthrough', FILE).fsPath, file);
    const editor = await vscode.window.showTextDocument(vscode.Uri.file(file), { preview: false });
    const at = editor.document.positionAt(editor.document.getText().indexOf('function evolve'));
    editor.selection = new vscode.Selection(at, at);
    editor.revealRange(new vscode.Range(at, at), vscode.TextEditorRevealType.InCenter);
  } catch (error) {
    tell(error);
  }
}

async function pickFolder(): Promise<vscode.Uri | undefined> {
  const [uri] =
    (await vscode.window.showOpenDialog({
      title: vscode.l10n.t('Where the example is copied to'),
      openLabel: vscode.l10n.t('Copy Here'),
      canSelectFiles: false,
      canSelectFolders: true,
      defaultUri: vscode.workspace.workspaceFolders?.[0]?.uri ?? vscode.Uri.file(homedir()),
    })) ?? [];
  return uri;
}

async function freshFolder(parent: string): Promise<string> {
  for (let number = 1; ; number++) {
    const folder = join(parent, number === 1 ? FOLDER : `${FOLDER}-${number}`);
    try {
      await mkdir(folder);
      return folder;
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
    }
  }
}
