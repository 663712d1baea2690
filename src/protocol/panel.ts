import type { FunctionComparison } from '../model/comparison.ts';
import type { MemoryFacts } from '../model/memory.ts';
import type { FunctionProfile, RunFacts } from '../model/profile.ts';
import type { Progress } from '../model/progress.ts';
import type { Measure } from '../model/request.ts';
import type { FunctionSummary } from '../model/summary.ts';

/**
 * The border between the extension and the table in the panel area, over a webview's `postMessage`. The webview
 * says `ready` when it can hear; the extension then sends all it has, and each part again when it changes. It may
 * be thrown away and made anew at any time: what it needs to keep, it keeps with VS Code's `setState`.
 */
export const PANEL_PROTOCOL_VERSION = 2;

/** Extension → webview. */
export type ToPanel =
  | { readonly kind: 'status'; readonly version: typeof PANEL_PROTOCOL_VERSION; readonly status: PanelStatus }
  /** Null: there is none. */
  | { readonly kind: 'profile'; readonly profile: PanelProfile | null }
  /** Where the cursor is: a line of the shown function (its index), or null when it is elsewhere. */
  | { readonly kind: 'cursor'; readonly line: number | null };

/** Webview → extension. Functions and lines are named by their indices, never by paths. */
export type FromPanel =
  /** `follow`: the shown function and row go with the cursor. */
  | { readonly kind: 'ready'; readonly version: number; readonly follow: boolean }
  | { readonly kind: 'follow'; readonly follow: boolean }
  /** Show the lines of a profiled function. */
  | { readonly kind: 'select'; readonly fn: number }
  /** Move the cursor to a line of the shown function, by index. */
  | { readonly kind: 'goToLine'; readonly line: number; readonly focus: boolean }
  /** Move the cursor to a function, by its index among `functions`. */
  | { readonly kind: 'goToFunction'; readonly fn: number; readonly focus: boolean }
  /** Show the last profile of the other kind. */
  | { readonly kind: 'show'; readonly measure: Measure }
  /** Copy a table; the form is asked for. */
  | { readonly kind: 'copy'; readonly what: PanelTable }
  | { readonly kind: 'command'; readonly command: PanelCommand };

export const PANEL_TABLES = ['lines', 'functions'] as const;
export type PanelTable = (typeof PANEL_TABLES)[number];

/** What the buttons of the panel may start; nothing else. */
export const PANEL_COMMANDS = [
  'profileFunction',
  'profileMemory',
  'openProfile',
  'again',
  'anotherWay',
  'stop',
  'showOutput',
  'stopComparing',
] as const;
export type PanelCommand = (typeof PANEL_COMMANDS)[number];

/** What is going on. */
export interface PanelStatus {
  /** What is being profiled right now. */
  readonly running: {
    readonly title: string;
    readonly measure: Measure;
    readonly progress: Progress | null;
  } | null;
  /** How the last profile failed. */
  readonly failure: { readonly title: string; readonly text: string } | null;
  /** Programs may be run: the workspace is trusted. */
  readonly mayRun: boolean;
}

/** The shown profile, of the lines those of one function. */
export interface PanelProfile {
  /** How memory was read; null: it is a profile of times. */
  readonly memory: MemoryFacts | null;
  /** There is a profile of the other kind, too. */
  readonly hasOther: boolean;
  readonly run: RunFacts;
  /** All functions of the run, the profiled ones first and in the profile's order. */
  readonly functions: readonly FunctionSummary[];
  /** The function whose lines are shown, its index among the profiled ones; null: none was profiled. */
  readonly shown: number | null;
  readonly lines: FunctionProfile | null;
  /** For each of its lines, where it is now; null: as profiled, the file is not open. */
  readonly places: readonly PanelPlace[] | null;
  /** What the function is compared with, in place of its own numbers; null: nothing. */
  readonly comparison: PanelComparison | null;
  /** What is wrong with the function's numbers, in words; null: nothing. */
  readonly warning: string | null;
  /** What the reader should know besides. */
  readonly notes: readonly string[];
}

/** The shown function before and after. */
export interface PanelComparison {
  /** What the two are called. */
  readonly before: string;
  readonly after: string;
  readonly fn: FunctionComparison;
}

/** Where a profiled line is in the text as it is. */
export interface PanelPlace {
  /** 1-based; null: it is gone. */
  readonly line: number | null;
  /** It was changed since it was measured. */
  readonly stale: boolean;
}

/** A message of the webview, checked: what it says is data from a page, not an order. Null: not understood. */
export function readFromPanel(value: unknown): FromPanel | null {
  if (typeof value !== 'object' || value === null) return null;
  const message = value as Readonly<Record<string, unknown>>;
  const { kind } = message;
  const index = (key: string) => Number.isInteger(message[key]) && (message[key] as number) >= 0;
  const flag = (key: string) => typeof message[key] === 'boolean';
  const one = (key: string, of: readonly string[]) => of.includes(message[key] as string);
  const fits =
    (kind === 'ready' && message['version'] === PANEL_PROTOCOL_VERSION && flag('follow')) ||
    (kind === 'follow' && flag('follow')) ||
    (kind === 'select' && index('fn')) ||
    (kind === 'show' && one('measure', ['time', 'memory'])) ||
    (kind === 'goToLine' && index('line') && flag('focus')) ||
    (kind === 'goToFunction' && index('fn') && flag('focus')) ||
    (kind === 'copy' && one('what', PANEL_TABLES)) ||
    (kind === 'command' && one('command', PANEL_COMMANDS));
  return fits ? (message as unknown as FromPanel) : null;
}
