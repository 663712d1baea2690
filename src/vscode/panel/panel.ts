import * as vscode from 'vscode';
import type { Profile } from '../../model/profile.ts';
import type { Measure } from '../../model/request.ts';
import {
  type FromPanel,
  PANEL_PROTOCOL_VERSION,
  type PanelCommand,
  readFromPanel,
  type ToPanel,
} from '../../protocol/panel.ts';
import { roots } from '../annotations.ts';
import { COMMANDS, CONTEXT, VIEWS } from '../contributions.ts';
import { fileOnDisk } from '../places.ts';
import { goTo } from '../reveal.ts';
import type { Runner } from '../run/runner.ts';
import { measureOf, type Store } from '../store.ts';
import { contentOf, profileOf } from './content.ts';
import { copyTable } from './copy.ts';
import { panelFolders, panelHtml } from './html.ts';
import { createPlaces } from './places.ts';

/** The table of lines and functions in the panel area. */
export interface Panel {
  /** Opens it; with a place, at the lines of the profiled function there. */
  show(place: unknown): Promise<void>;
  /** Copies the lines of the shown function; `format` as in report/copy.ts, else it is asked for. */
  copy(format: unknown): Promise<void>;
  dispose(): void;
}

/** Changes that come together are sent together. */
const REST_MILLIS = 60;
/** A text that is being typed is looked at when it rests. */
const TYPING_MILLIS = 200;

/** Registers the view. Its page is made when it is first shown, and again after it was hidden. */
export function createPanel(extension: vscode.Uri, store: Store, runner: Runner): Panel {
  const places = createPlaces();
  let view: vscode.WebviewView | null = null;
  let ready = false;
  let follow = true;
  let shown: { readonly profile: Profile; readonly fn: number } | null = null;
  const timers = new Map<string, NodeJS.Timeout>();

  const send = (message: ToPanel) => {
    if (ready) view?.webview.postMessage(message);
  };
  const shownIn = (profile: Profile): number | null => {
    if (shown?.profile !== profile) {
      // The same function of the next run, so that a run does not lead away from it.
      const before = shown?.profile.functions[shown.fn];
      const same = profile.functions.findIndex(
        ({ name, file }) => before?.name === name && before.file === file,
      );
      shown = { profile, fn: Math.max(0, same) };
    }
    return profile.functions.length === 0 ? null : shown.fn;
  };
  const sendStatus = () => {
    const { running, measuring, progress, failure } = runner;
    send({
      kind: 'status',
      version: PANEL_PROTOCOL_VERSION,
      status: {
        running: running === null ? null : { title: running, measure: measuring, progress },
        failure,
        mayRun: vscode.workspace.isTrusted,
      },
    });
  };
  const sendProfile = () => {
    const profile = profileOf(store);
    send({
      kind: 'profile',
      profile:
        profile === null
          ? null
          : contentOf(profile, shownIn(profile), places, store.comparison, hasOther(profile)),
    });
  };
  const hasOther = (profile: Profile) => store.latest(otherThan(profile)) !== null && !store.running;
  const sendCursor = () => {
    const profile = profileOf(store);
    const editor = vscode.window.activeTextEditor;
    if (!ready || !follow || profile === null || editor === undefined) return;
    const at = places.at(profile, editor.document, editor.selection.active.line);
    if (at !== null && at.fn !== shownIn(profile)) {
      shown = { profile, fn: at.fn };
      sendProfile();
    }
    send({ kind: 'cursor', line: at?.line ?? null });
  };
  const later = (name: string, millis: number, run: () => void) => {
    clearTimeout(timers.get(name));
    timers.set(name, setTimeout(run, millis));
  };

  const heard = async (message: FromPanel) => {
    if (message.kind === 'ready' || message.kind === 'follow') {
      follow = message.follow;
      if (message.kind === 'ready') {
        ready = true;
        sendStatus();
        sendProfile();
      }
      return sendCursor();
    }
    if (message.kind === 'command') return runCommand(message.command);
    const profile = profileOf(store);
    if (profile === null) return;
    switch (message.kind) {
      case 'select':
        if (message.fn < profile.functions.length) shown = { profile, fn: message.fn };
        return sendProfile();
      case 'show': {
        const other = store.latest(message.measure);
        if (other !== null && other !== profile && !store.running) store.show(other);
        return;
      }
      case 'goToLine':
        return goToLine(profile, shownIn(profile), message.line, !message.focus);
      case 'goToFunction':
        return goToFunction(profile, message.fn, !message.focus);
      case 'copy':
        return copyTable(
          profile,
          message.what === 'lines' ? shownIn(profile) : null,
          store.comparison,
          undefined,
        );
    }
  };
  const goToLine = async (profile: Profile, fn: number | null, index: number, preserveFocus: boolean) => {
    const one = fn === null ? undefined : profile.functions[fn];
    const line = one?.lines[index];
    if (one === undefined || line === undefined) return;
    const path = pathOf(profile, one.file);
    if (path === null) return;
    const document = await vscode.workspace.openTextDocument(vscode.Uri.file(path));
    const now = places.linesIn(document, one)[index]?.line ?? line.line;
    const column = document.lineAt(Math.min(now, document.lineCount) - 1).firstNonWhitespaceCharacterIndex;
    await goTo(path, now, column, preserveFocus);
  };
  const goToFunction = async (profile: Profile, fn: number, preserveFocus: boolean) => {
    if (fn < profile.functions.length) {
      shown = { profile, fn };
      sendProfile();
      return goToLine(profile, fn, 0, preserveFocus);
    }
    const { file, line, column } = contentOf(profile, null, places, null, false).functions[fn] ?? {};
    if (!file || line == null || file.startsWith('node:')) return;
    const path = pathOf(profile, file);
    if (path !== null) await goTo(path, line, column ?? 0, preserveFocus);
  };
  const runCommand = (command: PanelCommand) => {
    const profile = profileOf(store);
    const fn = profile && shown?.profile === profile ? profile.functions[shown.fn] : undefined;
    const path = profile && fn ? fileOnDisk(profile.run.cwd, fn.file, roots()) : null;
    const place = fn && path !== null ? { file: path, name: fn.name, line: fn.line } : undefined;
    const measure = profile === null ? runner.measuring : measureOf(profile);
    if (command === 'anotherWay') return vscode.commands.executeCommand(COMMANDS.changeHow, place, measure);
    // What is on the table, not what ran last.
    if (command === 'again' && place && measure !== runner.measuring && runner.failure === null) {
      const name = measure === 'memory' ? 'profileMemory' : 'profileFunction';
      return vscode.commands.executeCommand(COMMANDS[name], place);
    }
    return vscode.commands.executeCommand(COMMANDS[command]);
  };

  const provider: vscode.WebviewViewProvider = {
    resolveWebviewView: (made) => {
      view = made;
      ready = false;
      made.webview.options = { enableScripts: true, localResourceRoots: panelFolders(extension) };
      made.webview.onDidReceiveMessage((value) => {
        const message = readFromPanel(value);
        if (message !== null) return heard(message);
        return undefined;
      });
      made.onDidChangeVisibility(() => {
        // A page that is shown again says so itself.
        if (!made.visible) ready = false;
      });
      made.onDidDispose(() => {
        if (view === made) view = null;
        ready = false;
      });
      made.webview.html = panelHtml(made.webview, extension);
    },
  };
  const subscriptions = [
    vscode.window.registerWebviewViewProvider(VIEWS.table, provider),
    runner.onDidChange(() => later('status', REST_MILLIS, sendStatus)),
    store.onDidChange(() => {
      setFiles(profileOf(store));
      later('profile', REST_MILLIS, () => {
        sendProfile();
        sendCursor();
      });
    }),
    vscode.window.onDidChangeTextEditorSelection(() => later('cursor', REST_MILLIS, sendCursor)),
    vscode.window.onDidChangeActiveTextEditor(() => {
      later('cursor', REST_MILLIS, sendCursor);
      later('profile', REST_MILLIS, sendProfile);
    }),
    vscode.workspace.onDidChangeTextDocument(({ document, contentChanges }) => {
      if (!ready || contentChanges.length === 0 || shown === null) return;
      if (places.holds(shown.profile, document, shown.fn)) later('profile', TYPING_MILLIS, sendProfile);
    }),
    vscode.workspace.onDidGrantWorkspaceTrust(sendStatus),
  ];
  return {
    show: async (place) => {
      const profile = profileOf(store);
      const fn = profile === null ? -1 : profile.functions.findIndex((one) => isAt(one, place));
      if (profile !== null && fn !== -1) {
        shown = { profile, fn };
        sendProfile();
      }
      await vscode.commands.executeCommand(`${VIEWS.table}.focus`);
    },
    copy: async (format) => {
      const profile = profileOf(store);
      if (profile !== null) return copyTable(profile, shownIn(profile), store.comparison, format);
      vscode.window.showInformationMessage(vscode.l10n.t('Lineprof: there is no profile to copy.'));
    },
    dispose: () => {
      for (const timer of timers.values()) clearTimeout(timer);
      for (const one of subscriptions) one.dispose();
    },
  };
}

function otherThan(profile: Profile): Measure {
  return measureOf(profile) === 'time' ? 'memory' : 'time';
}

/** Editors of these files have a button that opens the table. */
function setFiles(profile: Profile | null): void {
  const names = new Set(profile?.functions.map(({ file }) => file));
  const files = [...names].flatMap((file) => fileOnDisk(profile!.run.cwd, file, roots()) ?? []);
  vscode.commands.executeCommand('setContext', CONTEXT.files, files);
}

/** The file on this machine; told to the user where there is none. */
function pathOf({ run }: Profile, file: string): string | null {
  const path = fileOnDisk(run.cwd, file, roots());
  if (path === null) {
    vscode.window.showWarningMessage(
      vscode.l10n.t('Lineprof: {0} is not in this workspace. Open the folder it was profiled in.', file),
    );
  }
  return path;
}

/** Who asks for a function names it as it stands in the profile: `{ name, line }`. */
function isAt(fn: { readonly name: string; readonly line: number }, place: unknown): boolean {
  const named = place as { readonly name?: unknown; readonly line?: unknown } | null | undefined;
  return named?.name === fn.name && named.line === fn.line;
}
