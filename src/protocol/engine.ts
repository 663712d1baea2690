import type { Diagnosis } from '../model/doctor.ts';
import type { ProfileErrorReason } from '../model/error.ts';
import type { Profile } from '../model/profile.ts';
import type { Progress } from '../model/progress.ts';
import type { Measure, MemoryDetails, ProfileRequest } from '../model/request.ts';

/**
 * The border between an editor and the process that runs the engine for it, over Node's IPC channel. A process
 * makes one profile: it is told `profile` once, may be told `cancel`, and ends itself after `done` or `failed`;
 * or it is told `doctor`, and ends itself after `diagnosed` or `failed`.
 * When the channel closes (the editor is gone) it ends the program and itself. The program's stdout and stderr
 * are the process's own.
 */
export const ENGINE_PROTOCOL_VERSION = 4;

export type ToEngine =
  | {
      readonly kind: 'profile';
      readonly version: typeof ENGINE_PROTOCOL_VERSION;
      readonly request: ProfileRequest;
      readonly measure: Measure;
      /** Of memory alone. */
      readonly details: MemoryDetails;
      /** Absolute path of the built collector. */
      readonly collectFolder: string;
    }
  | {
      readonly kind: 'doctor';
      readonly version: typeof ENGINE_PROTOCOL_VERSION;
      /** Path of the Node that is looked at; null: the one on PATH. */
      readonly node: string | null;
      /** Absolute; where programs would run. */
      readonly cwd: string;
      readonly env: Readonly<Record<string, string | undefined>>;
    }
  | { readonly kind: 'cancel' };

export type FromEngine =
  /** A program was started: the leader of a process group of its own, but on Windows. */
  | { readonly kind: 'started'; readonly pid: number }
  | { readonly kind: 'progress'; readonly progress: Progress }
  /** The profile so far, while the program runs: without hits and with an empty tree. Of times alone. */
  | { readonly kind: 'live'; readonly profile: Profile }
  | { readonly kind: 'done'; readonly profile: Profile }
  | { readonly kind: 'diagnosed'; readonly diagnosis: Diagnosis }
  | {
      readonly kind: 'failed';
      readonly reason: ProfileErrorReason;
      readonly message: string;
      readonly advice: string;
    };
