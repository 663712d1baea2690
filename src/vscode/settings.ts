import * as vscode from 'vscode';
import { readSettings, type Settings } from './contributions.ts';

/** The settings as they are now. */
export function settings(): Settings {
  const section = vscode.workspace.getConfiguration('lineprof');
  return readSettings((key) => section.get(key));
}
