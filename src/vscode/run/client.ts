import { fork } from 'node:child_process';
import { join } from 'node:path';
import { ProfileError } from '../../model/error.ts';
import type { Profile } from '../../model/profile.ts';
import type { Progress } from '../../model/progress.ts';
import type { Measure, MemoryDetails, ProfileRequest } from '../../model/request.ts';
import { ENGINE_PROTOCOL_VERSION, type FromEngine, type ToEngine } from '../../protocol/engine.ts';

/** Ways to follow and to end a profile that is being made. */
export interface ClientOptions {
  /** Folder of the extension's bundles. */
  readonly dist: string;
  readonly measure: Measure;
  /** Of memory alone. */
  readonly details: MemoryDetails;
  readonly onProgress: (progress: Progress) => void;
  /** The profile so far, about twice a second while the program runs: without hits and tree. */
  readonly onLive: (profile: Profile) => void;
  /** What the program writes to stdout and stderr. */
  readonly onOutput: (text: string) => void;
  /** Ends the program; the profile of what ran until then is still made. */
  readonly signal: AbortSignal;
}

/**
 * Makes a profile in a process of its own (engine-process.ts).
 * @throws ProfileError as the engine does, and when that process ends before it answers.
 */
export function profileInProcess(request: ProfileRequest, options: ClientOptions): Promise<Profile> {
  let program: number | null = null;
  const child = fork(join(options.dist, 'engine-process.cjs'), [], {
    cwd: request.cwd,
    execArgv: [],
    stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
  });
  const send = (message: ToEngine) => {
    if (child.connected) child.send(message);
  };
  for (const stream of [child.stdout, child.stderr]) {
    stream?.setEncoding('utf8').on('data', (text: string) => options.onOutput(text));
  }
  const cancel = () => send({ kind: 'cancel' });
  options.signal.addEventListener('abort', cancel, { once: true });
  return new Promise<Profile>((resolve, reject) => {
    child.on('message', (message: FromEngine) => {
      switch (message.kind) {
        case 'started':
          program = message.pid;
          return;
        case 'progress':
          return options.onProgress(message.progress);
        case 'live':
          return options.onLive(message.profile);
        case 'done':
          program = null;
          return resolve(message.profile);
        case 'failed':
          program = null;
          return reject(new ProfileError(message.reason, message.message, message.advice));
        case 'diagnosed':
          // Not asked for here.
          return;
      }
    });
    child.once('error', (error) => reject(ended(error.message)));
    // Killed: what it ran would go on without it.
    child.once('exit', () => program !== null && endGroup(program));
    child.once('close', (code, signal) => reject(ended(`it ended with ${signal ?? `code ${code}`}`)));
    send({
      kind: 'profile',
      version: ENGINE_PROTOCOL_VERSION,
      request,
      measure: options.measure,
      details: options.details,
      collectFolder: join(options.dist, 'collect'),
    });
    if (options.signal.aborted) cancel();
  }).finally(() => options.signal.removeEventListener('abort', cancel));
}

/** Ends a program whose profiler is gone, with what it started. */
function endGroup(leader: number): void {
  try {
    process.kill(process.platform === 'win32' ? leader : -leader, 'SIGKILL');
  } catch {
    // It ended by itself.
  }
}

/** The engine's process went away without an answer. */
export function ended(why: string): ProfileError {
  return new ProfileError('internal', `the profiler's own process failed: ${why}`, 'Try again.');
}
