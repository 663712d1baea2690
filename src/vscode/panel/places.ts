import * as vscode from 'vscode';
import type { FunctionProfile, Profile } from '../../model/profile.ts';
import type { PanelPlace } from '../../protocol/panel.ts';
import { alignLines } from '../align.ts';
import { roots } from '../annotations.ts';
import { fileOnDisk, functionsIn } from '../places.ts';

/** Finds profiled lines in texts as they are, and profiled functions under the cursor; remembers what it found. */
export interface Places {
  /** Where the lines of a function are in a document. */
  linesIn(document: vscode.TextDocument, fn: FunctionProfile): readonly PanelPlace[];
  /** The same in the open document of its file; null: the file is not open. */
  linesOf(profile: Profile, fn: FunctionProfile): readonly PanelPlace[] | null;
  /** The function (by its index) is written in the document. */
  holds(profile: Profile, document: vscode.TextDocument, fn: number): boolean;
  /** The innermost profiled function with a line of the document (0-based), and the index of that line. */
  at(profile: Profile, document: vscode.TextDocument, line: number): { fn: number; line: number } | null;
}

/** Makes the panel's finder. */
export function createPlaces(): Places {
  const aligned = new WeakMap<
    FunctionProfile,
    {
      readonly document: vscode.TextDocument;
      readonly version: number;
      readonly places: readonly PanelPlace[];
    }
  >();
  const files = new WeakMap<Profile, Map<string, readonly number[]>>();

  const linesIn = (document: vscode.TextDocument, fn: FunctionProfile) => {
    const known = aligned.get(fn);
    if (known?.document === document && known.version === document.version) return known.places;
    const now = document.getText().split(/\r\n|\r|\n/);
    const anchors = alignLines(
      fn.lines.map(({ text }) => text),
      fn.line,
      now,
    );
    const places: PanelPlace[] = fn.lines.map(() => ({ line: null, stale: false }));
    for (const { index, line, stale } of anchors) places[index] = { line, stale };
    aligned.set(fn, { document, version: document.version, places });
    return places;
  };
  const functionsOf = (profile: Profile, path: string) => {
    const known = files.get(profile) ?? new Map<string, readonly number[]>();
    files.set(profile, known);
    const indices = known.get(path) ?? functionsIn(profile, path, roots());
    known.set(path, indices);
    return indices;
  };
  return {
    linesIn,
    linesOf: (profile, fn) => {
      const path = fileOnDisk(profile.run.cwd, fn.file, roots());
      const index = profile.functions.indexOf(fn);
      const document = vscode.workspace.textDocuments.find(
        ({ uri }) =>
          uri.scheme === 'file' && (uri.fsPath === path || functionsOf(profile, uri.fsPath).includes(index)),
      );
      return document === undefined ? null : linesIn(document, fn);
    },
    holds: (profile, document, fn) =>
      document.uri.scheme === 'file' && functionsOf(profile, document.uri.fsPath).includes(fn),
    at: (profile, document, line) => {
      if (document.uri.scheme !== 'file') return null;
      const found = functionsOf(profile, document.uri.fsPath).flatMap((index) => {
        const fn = profile.functions[index]!;
        const at = linesIn(document, fn).findIndex((place) => place.line === line + 1);
        return at === -1 ? [] : [{ fn: index, line: at }];
      });
      const lengthOf = (one: (typeof found)[number]) => profile.functions[one.fn]!.lines.length;
      return found.sort((a, b) => lengthOf(a) - lengthOf(b))[0] ?? null;
    },
  };
}
