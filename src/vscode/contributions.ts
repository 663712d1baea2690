import { type HitsMode, MEMORY_DETAILS, type MemoryDetails } from '../model/request.ts';
import { COLUMN_IDS, type ColumnId } from '../report/columns.ts';

/** Every command of the extension, as in package.json (a test compares the two). */
export const COMMANDS = {
  profileFunction: 'lineprof.profileFunction',
  profileMemory: 'lineprof.profileMemory',
  changeHow: 'lineprof.changeHow',
  profileFile: 'lineprof.profileFile',
  profileTest: 'lineprof.profileTest',
  profileCommand: 'lineprof.profileCommand',
  again: 'lineprof.again',
  stop: 'lineprof.stop',
  openProfile: 'lineprof.openProfile',
  openResource: 'lineprof.openResource',
  saveProfile: 'lineprof.saveProfile',
  toggleAnnotations: 'lineprof.toggleAnnotations',
  clear: 'lineprof.clear',
  nextHotLine: 'lineprof.nextHotLine',
  previousHotLine: 'lineprof.previousHotLine',
  readLine: 'lineprof.readLine',
  showTable: 'lineprof.showTable',
  copyTable: 'lineprof.copyTable',
  openExample: 'lineprof.openExample',
  doctor: 'lineprof.doctor',
  showOutput: 'lineprof.showOutput',
  settings: 'lineprof.settings',
  compare: 'lineprof.compare',
  stopComparing: 'lineprof.stopComparing',
  openRun: 'lineprof.openRun',
  renameRun: 'lineprof.renameRun',
  pinRun: 'lineprof.pinRun',
  unpinRun: 'lineprof.unpinRun',
  deleteRun: 'lineprof.deleteRun',
} as const;
export type CommandName = keyof typeof COMMANDS;

/** Commands that links inside hovers use; they take arguments and stand in no menu. */
export const LINKS = {
  goTo: 'lineprof.goTo',
  /** Of the function at a line of a file that is on the screen: it says nothing of how that is run. */
  memoryOf: 'lineprof.memoryOf',
} as const;

/** Views of the panel area, as in package.json (a test compares the two). */
export const VIEWS = {
  table: 'lineprof.table',
  runs: 'lineprof.runs',
} as const;

/** Context keys that `when` clauses of package.json read. */
export const CONTEXT = {
  hasProfile: 'lineprof.hasProfile',
  running: 'lineprof.running',
  /** Paths of the files that the profile is about. */
  files: 'lineprof.files',
  comparing: 'lineprof.comparing',
} as const;

/** Every setting below `lineprof.`: its default, and what a value must be to be taken. */
const SETTINGS = {
  columns: setting<readonly ColumnId[]>(['hits', 'time', 'percent'], knownColumns),
  heatBar: setting(true, (value) => (typeof value === 'boolean' ? value : undefined)),
  codeLens: oneOf('marked', ['marked', 'all', 'off']),
  intervalMicros: setting(1000, (value) => numberFrom(value, 10, 1_000_000)),
  hits: oneOf<HitsMode>('second-run', ['second-run', 'single-run', 'none']),
  memoryDetails: oneOf<MemoryDetails>('all', MEMORY_DETAILS),
  node: setting('', (value) => (typeof value === 'string' ? value.trim() : undefined)),
  env: setting<Readonly<Record<string, string | null>>>({}, environment),
  timeoutSeconds: setting(0, (value) => numberFrom(value, 0, 1_000_000)),
  watchResults: setting(true, (value) => (typeof value === 'boolean' ? value : undefined)),
  saveBeforeRun: oneOf('always', ['always', 'ask', 'never']),
};
export type SettingName = keyof typeof SETTINGS;
export type Settings = { readonly [K in SettingName]: (typeof SETTINGS)[K]['default'] };

/** The defaults, as in package.json (a test compares the two). */
export const DEFAULTS = Object.fromEntries(
  Object.entries(SETTINGS).map(([name, one]) => [name, one.default]),
) as Settings;

/** Settings from what the user typed: what does not fit is replaced by its default. */
export function readSettings(get: (name: SettingName) => unknown): Settings {
  return Object.fromEntries(
    Object.entries(SETTINGS).map(([name, one]) => [name, one.read(get(name as SettingName)) ?? one.default]),
  ) as Settings;
}

interface Setting<T> {
  readonly default: T;
  /** The value, or undefined when it does not fit. */
  readonly read: (value: unknown) => T | undefined;
}

function setting<T>(value: T, read: (value: unknown) => T | undefined): Setting<T> {
  return { default: value, read };
}

function oneOf<T extends string>(value: NoInfer<T>, values: readonly T[]): Setting<T> {
  return setting<T>(value, (given) => values.find((one) => one === given));
}

function knownColumns(value: unknown): readonly ColumnId[] | undefined {
  if (!Array.isArray(value)) return undefined;
  const known = value.filter((id): id is ColumnId => (COLUMN_IDS as readonly unknown[]).includes(id));
  return known.length > 0 ? [...new Set(known)] : undefined;
}

function numberFrom(value: unknown, least: number, most: number): number | undefined {
  return typeof value === 'number' && value >= least && value <= most ? value : undefined;
}

function environment(value: unknown): Readonly<Record<string, string | null>> | undefined {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return undefined;
  const entries = Object.entries(value).filter(
    ([, one]) => one === null || ['string', 'number', 'boolean'].includes(typeof one),
  );
  return Object.fromEntries(entries.map(([name, one]) => [name, one === null ? null : String(one)]));
}

/** Languages whose functions can be profiled. */
export const LANGUAGES = ['typescript', 'typescriptreact', 'javascript', 'javascriptreact'] as const;
