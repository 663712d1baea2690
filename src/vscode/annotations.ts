import * as vscode from 'vscode';
import type { Comparison, FunctionComparison } from '../model/comparison.ts';
import type { FunctionProfile, Profile, RunFacts } from '../model/profile.ts';
import type { Measure } from '../model/request.ts';
import { count } from '../report/numbers.ts';
import { type Annotated, type Annotation, annotate, annotateMemory, type LineNote } from './annotate.ts';
import { annotateComparison } from './compare/annotate-comparison.ts';
import { LANGUAGES } from './contributions.ts';
import { createDecorator, type Drawable } from './decorations.ts';
import { memoryBeside } from './memory-beside.ts';
import { functionsIn } from './places.ts';
import { settings } from './settings.ts';
import { measureOf, type Store } from './store.ts';
import { processNotes } from './watch/words.ts';

/** What is shown in a document: the functions that are written in it and their annotations. */
export interface Shown extends Drawable {
  readonly run: RunFacts;
  readonly measure: Measure;
  readonly functions: readonly FunctionProfile[];
  /** By function, in their order, while differences are shown; null: numbers are. */
  readonly compared: ShownComparison | null;
}

/** The differences that are shown in a document. */
export interface ShownComparison {
  readonly comparison: Comparison;
  readonly functions: readonly FunctionComparison[];
}

/** Keeps the annotations of all visible editors as the store, the settings and the texts are. */
export interface Annotations {
  /** What is (or, while hidden, would be) shown in a document; null: nothing. */
  of(document: vscode.TextDocument): Shown | null;
  /** The annotation of a line (0-based), while annotations are visible. */
  at(document: vscode.TextDocument, line: number): { shown: Shown; annotation: Annotation } | null;
  dispose(): void;
}

/** What was found for a document at one of its versions. */
interface Cached {
  readonly version: number;
  readonly profile: Profile | null;
  readonly comparison: Comparison | null;
  /** The memory run whose increments may stand beside times. */
  readonly memory: Profile | null;
  readonly shown: Shown | null;
}

/** How long a text must rest before its lines are found again; until then the editor moves them itself. */
const REST_MILLIS = 150;

/** Starts drawing. `media` holds the icons. */
export function createAnnotations(store: Store, media: vscode.Uri): Annotations {
  const decorator = createDecorator(media);
  const cache = new Map<string, Cached>();
  const waiting = new Map<string, NodeJS.Timeout>();
  /** The columns' widths by document: while a program runs, and when it has ended, they only grow. */
  const widths = new Map<string, readonly number[]>();
  let wasRunning = false;

  const of = (document: vscode.TextDocument): Shown | null => {
    const key = document.uri.toString();
    const cached = cache.get(key);
    const { version } = document;
    const { profile, comparison } = store;
    const memory = store.latest('memory');
    const same = cached?.profile === profile && cached.comparison === comparison && cached.memory === memory;
    if (cached?.version === version && same) return cached.shown;
    const shown = find(store, document, widths.get(key));
    if (shown?.compared === null && shown.measure === 'time') widths.set(key, shown.widths);
    cache.set(key, { version, profile, comparison, memory, shown });
    return shown;
  };
  const draw = (editor: vscode.TextEditor) => {
    const shown = store.visible ? of(editor.document) : null;
    if (shown === null) decorator.clear(editor);
    else decorator.draw(editor, shown, hasBar(shown));
  };
  const drawAll = () => {
    for (const editor of vscode.window.visibleTextEditors) draw(editor);
  };
  const drawLater = (document: vscode.TextDocument) => {
    const key = document.uri.toString();
    clearTimeout(waiting.get(key));
    waiting.set(
      key,
      setTimeout(() => {
        waiting.delete(key);
        for (const editor of vscode.window.visibleTextEditors) {
          if (editor.document === document) draw(editor);
        }
      }, REST_MILLIS),
    );
  };
  const subscriptions = [
    decorator,
    store.onDidChange(() => {
      if (!store.running && !wasRunning) widths.clear();
      wasRunning = store.running;
      drawAll();
    }),
    vscode.window.onDidChangeVisibleTextEditors((editors) => editors.forEach(draw)),
    vscode.window.onDidChangeTextEditorVisibleRanges(({ textEditor }) => {
      const shown = store.visible ? of(textEditor.document) : null;
      if (shown !== null) decorator.scrolled(textEditor, shown, hasBar(shown));
    }),
    vscode.workspace.onDidChangeTextDocument(({ document, contentChanges }) => {
      if (contentChanges.length > 0 && store.profile !== null) drawLater(document);
    }),
    vscode.workspace.onDidCloseTextDocument(({ uri }) => cache.delete(uri.toString())),
    vscode.workspace.onDidChangeConfiguration((event) => {
      if (!event.affectsConfiguration('lineprof')) return;
      cache.clear();
      widths.clear();
      drawAll();
    }),
  ];
  drawAll();
  return {
    of,
    at: (document, line) => {
      const shown = store.visible ? of(document) : null;
      const annotation = shown?.annotations.find((one) => one.line === line + 1);
      return shown && annotation ? { shown, annotation } : null;
    },
    dispose: () => {
      for (const timer of waiting.values()) clearTimeout(timer);
      for (const one of subscriptions) one.dispose();
    },
  };
}

/** Differences go both ways: a bar has one direction. */
function hasBar({ compared }: Shown): boolean {
  return compared === null && settings().heatBar;
}

/** Folders of the workspace, for profiles that were made on another machine. */
export function roots(): string[] {
  return (vscode.workspace.workspaceFolders ?? []).map(({ uri }) => uri.fsPath);
}

function find(
  { profile, running, comparison, latest }: Store,
  document: vscode.TextDocument,
  least: readonly number[] | undefined,
): Shown | null {
  if (profile === null || document.uri.scheme !== 'file') return null;
  const lines = document.getText().split(/\r\n|\r|\n/);
  if (comparison !== null) return findCompared(comparison, profile, document, lines);
  const functions = functionsIn(profile, document.uri.fsPath, roots()).map(
    (index) => profile.functions[index]!,
  );
  if (functions.length === 0) return null;
  const { run } = profile;
  const measure = measureOf(profile);
  if (measure === 'memory') {
    return { run, measure, functions, ...annotateMemory(functions, lines), notes: [], compared: null };
  }
  const memory = (fn: FunctionProfile) => memoryBeside(run, fn, latest('memory'));
  const annotated = annotate(run, functions, settings().columns, lines, least, memory);
  const notes = running ? runningNotes(functions, annotated) : processNotes(run, functions, annotated);
  return { run, measure, functions, ...annotated, notes, compared: null };
}

function findCompared(
  comparison: Comparison,
  profile: Profile,
  document: vscode.TextDocument,
  lines: readonly string[],
): Shown | null {
  const { run } = profile;
  const after = comparison.functions.map(({ after }) => after.fn);
  const here = functionsIn({ run, functions: after }, document.uri.fsPath, roots());
  if (here.length === 0) return null;
  const functions = here.map((index) => comparison.functions[index]!);
  return {
    run,
    measure: measureOf(profile),
    functions: functions.map(({ after }) => after.fn),
    compared: { comparison, functions },
    ...annotateComparison(comparison, functions, lines),
  };
}

/** After the first line of each function: that its numbers still grow. */
function runningNotes(functions: readonly FunctionProfile[], { annotations }: Annotated): LineNote[] {
  return annotations
    .filter(({ index }) => index === 0)
    .map(({ line, fn }) => {
      const { samples } = functions[fn]!;
      const text = vscode.l10n.t('running… {0}', count(samples, 'sample'));
      return { line, text, color: 'headerForeground' };
    });
}

/** The documents that hovers and code lenses are offered in. */
export const SELECTOR: vscode.DocumentSelector = LANGUAGES.map((language) => ({ language, scheme: 'file' }));
