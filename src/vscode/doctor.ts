import * as vscode from 'vscode';
import { renderDiagnosis } from '../report/doctor.ts';
import { roots } from './annotations.ts';
import { tell } from './failure.ts';
import { mayRun } from './run/commands.ts';
import { diagnoseInProcess } from './run/diagnose.ts';
import { hasNode, programEnvironment } from './run/environment.ts';
import { settings } from './settings.ts';

/**
 * Says in the output channel what works with the Node of the settings. The folder's own v8-profiler-next is loaded
 * for it, so that the workspace must be trusted. `dist` is the folder of the extension's bundles.
 */
export async function doctor(dist: string, log: vscode.OutputChannel): Promise<void> {
  if (!mayRun()) return;
  const { node, env: own } = settings();
  const env = programEnvironment(process.env, own);
  if (node === '' && process.versions['electron'] !== undefined && !hasNode(env)) {
    tell(
      new Error(vscode.l10n.t('there is no node on the PATH. Install Node, or name one in the settings.')),
    );
    return;
  }
  const title = vscode.l10n.t('Lineprof looks at what works with this Node');
  try {
    const diagnosis = await vscode.window.withProgress(
      { location: vscode.ProgressLocation.Window, title },
      () =>
        diagnoseInProcess(dist, { node: node === '' ? null : node, cwd: roots()[0] ?? process.cwd(), env }),
    );
    log.appendLine(renderDiagnosis(diagnosis, false));
    log.show(true);
  } catch (error) {
    tell(error);
  }
}
