import * as vscode from 'vscode';
import type { FunctionProfile, RunFacts } from '../model/profile.ts';
import { type Annotations, SELECTOR } from './annotations.ts';
import { COMMANDS } from './contributions.ts';
import { loaded } from './lazy.ts';
import { totalsWords } from './line-words.ts';
import { settings } from './settings.ts';
import type { Store } from './store.ts';

/** Above marked functions (or all, by setting) "Profile"; above profiled ones their totals and "Profile Again". */
export function registerCodeLens(store: Store, annotations: Annotations): vscode.Disposable {
  const changed = new vscode.EventEmitter<void>();
  let wasRunning = false;
  const provider: vscode.CodeLensProvider = {
    onDidChangeCodeLenses: changed.event,
    provideCodeLenses: (document) => {
      const which = settings().codeLens;
      if (which === 'off') return [];
      const profiled = profiledFunctions(document, store, annotations);
      const marked = which === 'all' || mayHaveMarks(document) ? functionsOf(document) : [];
      const wanted = marked.filter(
        ({ kind, name, mark }) =>
          kind !== 'module' && (mark !== null || (which === 'all' && !name.endsWith('>'))),
      );
      return [
        ...profiled.map(({ fn, line, run }) =>
          store.running
            ? stopLens(document, line)
            : store.comparison !== null
              ? stopComparingLens(document, line)
              : totalsLens(document, run, fn, line),
        ),
        ...profiled.map(({ fn, line, run, changed }) =>
          fn.memory === undefined
            ? profileLens(document, againTitle(run, changed), fn.name, line)
            : profileLens(document, againTitle(run, changed), fn.name, line, COMMANDS.profileMemory),
        ),
        ...wanted
          .filter(({ name }) => !profiled.some(({ fn }) => fn.name === name))
          .map(({ name, line }) => profileLens(document, vscode.l10n.t('Profile'), name, line)),
      ];
    },
  };
  return vscode.Disposable.from(
    changed,
    store.onDidChange(() => {
      // While a program runs its lenses stay as they are: the editor would move and redraw them all the time.
      if (!store.running || !wasRunning) changed.fire();
      wasRunning = store.running;
    }),
    vscode.workspace.onDidChangeConfiguration((event) => {
      if (event.affectsConfiguration('lineprof.codeLens')) changed.fire();
    }),
    vscode.languages.registerCodeLensProvider(SELECTOR, provider),
  );
}

/** Most files have no mark: they are told apart without loading the parser. */
function mayHaveMarks(document: vscode.TextDocument): boolean {
  return /@profile\b|\bfrom\s*['"]lineprof['"]/.test(document.getText());
}

function functionsOf(document: vscode.TextDocument) {
  try {
    return loaded().parseSource(document.getText(), document.uri.fsPath).functions;
  } catch {
    // A text that is being typed seldom parses; the lenses come back when it does.
    return [];
  }
}

function profiledFunctions(document: vscode.TextDocument, store: Store, annotations: Annotations) {
  const shown = store.visible ? annotations.of(document) : null;
  return (shown?.annotations ?? [])
    .filter(({ index }) => index === 0)
    .map(({ fn, line }) => ({
      fn: shown!.functions[fn]!,
      line,
      run: shown!.run,
      changed: shown!.changed.has(fn),
    }));
}

/** A function that is not what was measured asks for it louder; one of an opened file was never run here. */
function againTitle({ times }: RunFacts, changed: boolean): string {
  if (changed) return vscode.l10n.t('$(warning) Changed since it was measured: Profile Again');
  return times === undefined ? vscode.l10n.t('Profile Again') : vscode.l10n.t('Profile');
}

function totalsLens(
  document: vscode.TextDocument,
  run: RunFacts,
  fn: FunctionProfile,
  line: number,
): vscode.CodeLens {
  return new vscode.CodeLens(lineRange(document, line), {
    title: totalsWords(run, fn),
    tooltip:
      fn.memory === undefined
        ? vscode.l10n.t('Go to its hottest line')
        : vscode.l10n.t('Go to the line that keeps most'),
    command: COMMANDS.nextHotLine,
  });
}

function stopLens(document: vscode.TextDocument, line: number): vscode.CodeLens {
  return new vscode.CodeLens(lineRange(document, line), {
    title: vscode.l10n.t('Running… Stop'),
    command: COMMANDS.stop,
  });
}

function stopComparingLens(document: vscode.TextDocument, line: number): vscode.CodeLens {
  return new vscode.CodeLens(lineRange(document, line), {
    title: vscode.l10n.t('Stop Comparing'),
    command: COMMANDS.stopComparing,
  });
}

function profileLens(
  document: vscode.TextDocument,
  title: string,
  name: string,
  line: number,
  command: string = COMMANDS.profileFunction,
): vscode.CodeLens {
  return new vscode.CodeLens(lineRange(document, line), {
    title,
    command,
    arguments: [{ file: document.uri.fsPath, name, line }],
  });
}

function lineRange(document: vscode.TextDocument, line: number): vscode.Range {
  return document.lineAt(line - 1).range;
}
