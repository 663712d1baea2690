import * as vscode from 'vscode';
import type { SourceFile, SourceFunction } from '../model/source.ts';
import { tell } from './failure.ts';
import { loaded } from './lazy.ts';
import { functionAround } from './run/around.ts';

/** A function of a document that is to be profiled. */
export interface Target {
  readonly document: vscode.TextDocument;
  /** Absolute path. */
  readonly file: string;
  readonly source: SourceFile;
  /** Index in `source.functions`. */
  readonly index: number;
  readonly fn: SourceFunction;
}

/** The function around a position (0-based), or one that the user picks where there is none. */
export async function targetAt(
  document: vscode.TextDocument,
  position: vscode.Position,
): Promise<Target | undefined> {
  const source = parse(document);
  if (source === null) return undefined;
  const index =
    functionAround(source, document.getText(), document.offsetAt(position)) ?? (await pick(source));
  return index === undefined ? undefined : targetOf(document, source, index);
}

/** The function of that name that begins nearest to a line (1-based). */
export function targetNamed(document: vscode.TextDocument, name: string, line: number): Target | undefined {
  const source = parse(document);
  const far = ({ line: own }: SourceFunction) => Math.abs(own - line);
  const best = source?.functions
    .filter((fn) => fn.name === name)
    .reduce<SourceFunction | null>((near, fn) => (near === null || far(fn) < far(near) ? fn : near), null);
  return source && best ? targetOf(document, source, source.functions.indexOf(best)) : undefined;
}

/** A document's functions; a text that does not parse is told to the user. */
export function parse(document: vscode.TextDocument): SourceFile | null {
  try {
    return loaded().parseSource(document.getText(), document.uri.fsPath);
  } catch (error) {
    tell(error);
    return null;
  }
}

function targetOf(document: vscode.TextDocument, source: SourceFile, index: number): Target {
  return { document, file: document.uri.fsPath, source, index, fn: source.functions[index]! };
}

async function pick(source: SourceFile): Promise<number | undefined> {
  const items = source.functions
    .map((fn, index) => ({ label: fn.name, description: vscode.l10n.t('line {0}', fn.line), index, fn }))
    .filter(({ fn }) => fn.kind !== 'module' && !fn.name.endsWith('>'));
  if (items.length === 0) {
    vscode.window.showInformationMessage(vscode.l10n.t('Lineprof: this file has no function with a name.'));
    return undefined;
  }
  const picked = await vscode.window.showQuickPick(items, {
    title: vscode.l10n.t('Profile a function'),
    placeHolder: vscode.l10n.t('No function is around the cursor: choose one'),
    matchOnDescription: true,
  });
  return picked?.index;
}
