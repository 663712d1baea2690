import type * as vscode from 'vscode';
import type { Measure } from '../../model/request.ts';
import type { HowToRun } from './ways.ts';

/** A profile that can be made again: plain data, kept in the workspace's state. */
export interface Job {
  /** The function or file, for titles. */
  readonly title: string;
  /** Absent: time. */
  readonly measure?: Measure;
  readonly how: HowToRun;
  /** Selectors of the functions to show; empty: the marked ones, else the hottest. */
  readonly functions: readonly string[];
  /** Where the chosen function is (line 1-based), to tell it from others of its name; null: any are welcome. */
  readonly focus: { readonly file: string; readonly name: string; readonly line: number } | null;
  /** For once, in place of what is usual: how long an expression is repeated, and the sampling interval. */
  readonly minMillis?: number;
  readonly intervalMicros?: number;
}

/** What is remembered from run to run in this workspace. */
export interface Memory {
  howToRun(file: string, name: string): HowToRun | undefined;
  rememberHow(file: string, name: string, how: HowToRun | undefined): Thenable<void>;
  last(): Job | undefined;
  rememberLast(job: Job): Thenable<void>;
}

const HOW = 'lineprof.howToRun';
const LAST = 'lineprof.last';

/** Memory in the workspace's state. */
export function createMemory(state: vscode.Memento): Memory {
  const all = () => state.get<Readonly<Record<string, HowToRun>>>(HOW, {});
  return {
    howToRun: (file, name) => all()[`${file}:${name}`],
    rememberHow: (file, name, how) => {
      const { [`${file}:${name}`]: _old, ...rest } = all();
      return state.update(HOW, how === undefined ? rest : { ...rest, [`${file}:${name}`]: how });
    },
    last: () => state.get<Job>(LAST),
    rememberLast: (job) => state.update(LAST, job),
  };
}
