import * as vscode from 'vscode';
import type { Profile } from '../model/profile.ts';
import { roots } from './annotations.ts';
import { tell } from './failure.ts';
import { loaded } from './lazy.ts';
import { revealProfile } from './reveal.ts';
import type { Store } from './store.ts';

/** Functions of an opened .cpuprofile that are shown, those with most self time first. */
const MOST_FUNCTIONS = 200;

/** Shows a result file or a .cpuprofile: the one given (a click in the explorer) or one that the user picks. */
export async function openProfile(store: Store, given: unknown): Promise<void> {
  const uri = given instanceof vscode.Uri ? given : await pick();
  if (uri === undefined) return;
  try {
    const profile = await read(uri);
    store.show(profile);
    if (await revealProfile(profile)) return;
    const files = [...new Set(profile.functions.map(({ file }) => file))].join(', ');
    vscode.window.showWarningMessage(
      files === ''
        ? vscode.l10n.t(
            'Lineprof: {0} No function of your own code was seen at work in this profile.',
            profile.run.notes.at(-1) ?? '',
          )
        : vscode.l10n.t(
            'Lineprof: the profile is about {0}, which is not in this workspace. Open the folder it was made in.',
            files,
          ),
    );
  } catch (error) {
    tell(error);
  }
}

function read(uri: vscode.Uri): Promise<Profile> {
  const { readResult, openCpuProfile } = loaded();
  const folder = vscode.workspace.getWorkspaceFolder(uri)?.uri ?? vscode.Uri.joinPath(uri, '..');
  const folders = [...new Set([folder.fsPath, ...roots(), vscode.Uri.joinPath(uri, '..').fsPath])];
  return readResult(uri.fsPath, '/', async (text, path) =>
    openCpuProfile(text, path, { cwd: folder.fsPath, roots: folders, most: MOST_FUNCTIONS }),
  );
}

async function pick(): Promise<vscode.Uri | undefined> {
  const folder = vscode.workspace.workspaceFolders?.[0]?.uri;
  const [uri] =
    (await vscode.window.showOpenDialog({
      title: vscode.l10n.t('Open Profile'),
      openLabel: vscode.l10n.t('Open Profile'),
      ...(folder ? { defaultUri: folder } : {}),
      filters: {
        [vscode.l10n.t('Profiles')]: ['json', 'cpuprofile'],
        [vscode.l10n.t('All files')]: ['*'],
      },
    })) ?? [];
  return uri;
}
