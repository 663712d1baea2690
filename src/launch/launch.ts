import type { ChildProcess } from 'node:child_process';
import { mkdir, statfs, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { isatty } from 'node:tty';
import { ProfileError } from '../model/error.ts';
import type { LaunchPlan } from '../model/launch.ts';
import { type LaunchReadings, readReadings } from './readings.ts';
import { start } from './start.ts';
import { openStdin } from './stdin.ts';
import { makeStopper, type StopOptions } from './stop.ts';
import { killTreeNow } from './tree.ts';
import { watchOver } from './watch.ts';

/** A program that has ended, and what it left. */
export interface Finished extends LaunchReadings {
  /** Null when a signal ended it. */
  readonly exitCode: number | null;
  readonly signal: NodeJS.Signals | null;
  /** Why it was ended from outside; null: it ended by itself. */
  readonly stopped: 'timeout' | 'cancelled' | null;
  /** Wall time from its start to its end. */
  readonly realMicros: number;
}

/** Ways to follow and to end a launch; what the program left until it is ended is still read. */
export interface LaunchOptions extends StopOptions {
  /** Told the program's process id once it runs. */
  readonly onStarted?: (pid: number) => void;
}

/** Less free space than this after a run means that the log was cut for want of it. */
const FULL_DISK_BYTES = 64 * 1024;

/**
 * Runs a program to its end: by itself, by its timeout, by Ctrl-C or `options.signal`. Nothing that it started
 * is left running.
 * @throws ProfileError `launch-failed` when it cannot be started, `temp-folder` when its files have no room.
 */
export async function launch(plan: LaunchPlan, options: LaunchOptions = {}): Promise<Finished> {
  await writeFiles(plan);
  const stdin = await openStdin(plan.stdin);
  // Away from the terminal the program gets a group of its own, so that all of it can be ended. On a terminal it
  // must stay in the foreground group, to be able to read it.
  const ownGroup = !isatty(0) && process.platform !== 'win32';
  const output = plan.output === 'inherit' ? 'inherit' : 'ignore';
  const from = process.hrtime.bigint();
  const child = start(plan.command, plan.args, {
    cwd: plan.cwd,
    env: plan.env as NodeJS.ProcessEnv,
    stdio: [stdin.stdio, output, output],
    detached: ownGroup,
    windowsHide: true,
  });
  const ended = waitForEnd(child, plan);
  stdin.started();
  const { pid } = child;
  if (pid === undefined) {
    await stdin.ended();
    // Rejects: the child told of its failure.
    await ended;
    throw new ProfileError('launch-failed', `cannot run ${plan.command}`, 'Check the command.');
  }
  options.onStarted?.(pid);
  const killAtExit = (): void => killTreeNow(pid, ownGroup);
  process.once('exit', killAtExit);
  const endWatch = watchOver(pid, ownGroup);
  const stopper = makeStopper(plan, pid, ownGroup, options);
  try {
    const { exitCode, signal } = await ended;
    const realMicros = Number((process.hrtime.bigint() - from) / 1000n);
    await stopper.endLeftovers();
    await stdin.ended();
    await checkRoom(plan);
    return { exitCode, signal, stopped: stopper.stopped(), realMicros, ...(await readReadings(plan.folder)) };
  } finally {
    endWatch();
    stopper.release();
    process.off('exit', killAtExit);
  }
}

async function writeFiles(plan: LaunchPlan): Promise<void> {
  try {
    await mkdir(plan.folder, { mode: 0o700, recursive: true });
    for (const { name, text, executable } of plan.files) {
      const path = join(plan.folder, name);
      await mkdir(dirname(path), { mode: 0o700, recursive: true });
      await writeFile(path, text, { mode: executable ? 0o700 : 0o600 });
    }
  } catch (error) {
    throw noRoom(plan, error instanceof Error ? error.message : String(error), error);
  }
}

function noRoom(plan: LaunchPlan, why: string, cause: unknown): ProfileError {
  return new ProfileError(
    'temp-folder',
    `cannot write the profile's temporary files: ${why}`,
    `Make room in ${dirname(dirname(plan.folder))}, or set TMPDIR to a folder that can be written to.`,
    { cause },
  );
}

async function checkRoom(plan: LaunchPlan): Promise<void> {
  const { bavail, bsize } = await statfs(plan.folder);
  if (bavail * bsize < FULL_DISK_BYTES) throw noRoom(plan, 'the disk is full', null);
}

function waitForEnd(
  child: ChildProcess,
  plan: LaunchPlan,
): Promise<{ readonly exitCode: number | null; readonly signal: NodeJS.Signals | null }> {
  return new Promise((resolve, reject) => {
    child.once('exit', (exitCode, signal) => resolve({ exitCode, signal }));
    child.once('error', (error: NodeJS.ErrnoException) => {
      // On Windows its shell was there, and did not find the command.
      if (child.pid !== undefined && error.code !== 'ENOENT') return;
      const why = error.code === 'ENOENT' ? 'no such command' : error.message;
      reject(
        new ProfileError(
          'launch-failed',
          `cannot run ${plan.command}: ${why}`,
          'Check the command and its PATH.',
          {
            cause: error,
          },
        ),
      );
    });
  });
}
