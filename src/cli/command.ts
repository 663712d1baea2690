import type { ProfileRequest } from '../model/request.ts';
import type { TimeUnit } from '../report/units.ts';

/** How results are to be shown, as typed. */
export interface OutputChoice {
  /** Null: the one that suits. */
  readonly unit: TimeUnit | null;
  readonly skipZero: boolean;
  readonly byProcess: boolean;
  readonly quiet: boolean;
  /** Null: the terminal's, or unlimited. */
  readonly width: number | null;
  /** Null: where the terminal and the environment want it. */
  readonly color: boolean | null;
  /** Decimals of MiB. */
  readonly precision: number;
  /** A path to write the result to, `-` for standard output, or null. */
  readonly json: string | null;
}

/** How memory is to be read. */
export interface MemoryChoice {
  /** How long collections may take in all, in milliseconds; null: the default. */
  readonly collectMillis: number | null;
  /** Read it again where the first reading leaves doubt. */
  readonly recount: boolean;
  /** Run a second time for objects by constructor. */
  readonly objects: boolean;
  /** A path to draw memory over time to, or null. */
  readonly overTime: string | null;
  readonly children: boolean;
}

/** What the user asked the command line to do. */
export type Command =
  | {
      readonly kind: 'memory';
      readonly request: ProfileRequest;
      readonly memory: MemoryChoice;
      readonly output: OutputChoice;
    }
  | { readonly kind: 'profile'; readonly request: ProfileRequest; readonly output: OutputChoice }
  | { readonly kind: 'view'; readonly files: readonly string[]; readonly output: OutputChoice }
  /** What works with a Node; null: the one on PATH. */
  | {
      readonly kind: 'doctor';
      readonly node: string | null;
      readonly json: boolean;
      readonly color: boolean | null;
    }
  /** Help or the version. */
  | { readonly kind: 'text'; readonly text: string };
