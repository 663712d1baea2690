import * as vscode from 'vscode';
import { tell } from './failure.ts';
import type { Store } from './store.ts';

/** Writes the shown profile into a result file that the user names. */
export async function saveProfile({ profile }: Store): Promise<void> {
  if (profile === null) {
    vscode.window.showInformationMessage(vscode.l10n.t('Lineprof: there is no profile to save.'));
    return;
  }
  const folder = vscode.workspace.workspaceFolders?.[0]?.uri;
  const uri = await vscode.window.showSaveDialog({
    title: vscode.l10n.t('Save Profile'),
    filters: { [vscode.l10n.t('Lineprof results')]: ['json'] },
    ...(folder ? { defaultUri: vscode.Uri.joinPath(folder, 'profile.json') } : {}),
  });
  if (uri === undefined) return;
  try {
    await vscode.workspace.fs.writeFile(uri, new TextEncoder().encode(`${JSON.stringify(profile)}\n`));
  } catch (error) {
    tell(error);
  }
}
