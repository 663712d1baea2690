import { readdirSync } from 'node:fs';
import type { LaunchPlan } from '../model/launch.ts';
import { HANDLED_PREFIX, NODE_PREFIX } from '../protocol/collector.ts';
import { isAlive } from './folder.ts';
import { descendantsOf, isGroupAlive, killTree, processesWithEnvironment, signalProcess } from './tree.ts';

/** Ends a running program when it must end, politely first. */
export interface Stopper {
  readonly stopped: () => 'timeout' | 'cancelled' | null;
  /** To be called when the program itself has ended: ends what it left running. */
  readonly endLeftovers: () => Promise<void>;
  /** Takes timers and signal handlers away. */
  readonly release: () => void;
}

/** A program that was asked to end gets this long, in milliseconds. */
const GRACE_MILLIS = 1000;
/** And this long if it handles the signal itself. */
const HANDLED_GRACE_MILLIS = 5000;
/** A second Ctrl-C ends it at once; two signals closer than this are one (npm passes its own on). */
const SECOND_SIGNAL_MILLIS = 300;
const POLL_MILLIS = 20;

const ENDING_SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP', 'SIGQUIT'] as const;
const OTHER_SIGNALS = ['SIGWINCH', 'SIGUSR2', 'SIGCONT'] as const;

/** How a launch is ended from outside. */
export interface StopOptions {
  readonly signal?: AbortSignal;
  /**
   * What it was asked to end gets this long in all, in milliseconds, whether it handles the signal or not: for
   * who waits at a button. Without it, it has the time that it has after Ctrl-C.
   */
  readonly graceMillis?: number;
}

/** Watches over the process `pid`: its timeout, Lineprof's own signals, and `signal`. */
export function makeStopper(
  plan: LaunchPlan,
  pid: number,
  ownGroup: boolean,
  { signal: abort, graceMillis }: StopOptions,
): Stopper {
  let reason: 'timeout' | 'cancelled' | null = null;
  let stoppedAt: number | null = null;
  let firstSignalAt: number | null = null;
  const timers: NodeJS.Timeout[] = [];
  const after = (millis: number, then: () => void): void => {
    timers.push(setTimeout(then, millis));
  };
  const kill = (): void => void killTree(pid, ownGroup, plan.folder);
  const ask = async (signal: NodeJS.Signals): Promise<void> => {
    if (ownGroup) return signalProcess(-pid, signal);
    const below = await descendantsOf(pid).catch(() => []);
    for (const each of [pid, ...below]) signalProcess(each, signal);
  };

  const stop = (why: 'timeout' | 'cancelled'): void => {
    if (reason !== null) return;
    reason = why;
    stoppedAt = performance.now();
    void ask(process.platform === 'win32' ? 'SIGKILL' : 'SIGTERM');
    if (graceMillis !== undefined) {
      after(graceMillis, kill);
      return;
    }
    after(GRACE_MILLIS, () => {
      if (endUnhandled(plan.folder)) after(HANDLED_GRACE_MILLIS, kill);
      else kill();
    });
  };

  const onEnding = (signal: NodeJS.Signals): void => {
    const now = performance.now();
    if (firstSignalAt !== null) {
      if (now - firstSignalAt > SECOND_SIGNAL_MILLIS) kill();
      return;
    }
    firstSignalAt = now;
    reason ??= 'cancelled';
    // The terminal itself gives Ctrl-C to the whole foreground group.
    if (ownGroup) signalProcess(signal === 'SIGINT' ? -pid : pid, signal);
    else if (signal !== 'SIGINT') signalProcess(pid, signal);
    // A program that handles the signal takes as long as it likes; the user can signal again.
    after(GRACE_MILLIS, () => {
      if (!endUnhandled(plan.folder)) kill();
    });
  };
  const onOther = (signal: NodeJS.Signals): void => {
    if (ownGroup) signalProcess(pid, signal);
  };
  const onAbort = (): void => stop('cancelled');

  for (const signal of ENDING_SIGNALS) process.on(signal, onEnding);
  if (process.platform !== 'win32') for (const signal of OTHER_SIGNALS) process.on(signal, onOther);
  if (plan.timeoutMillis !== null) after(plan.timeoutMillis, () => stop('timeout'));
  if (abort?.aborted) onAbort();
  else abort?.addEventListener('abort', onAbort, { once: true });

  return {
    stopped: () => reason,
    endLeftovers: () => {
      const waited = graceMillis === undefined || stoppedAt === null ? 0 : performance.now() - stoppedAt;
      const patience = Math.max(0, (graceMillis ?? GRACE_MILLIS) - waited);
      return endLeftovers(pid, ownGroup, plan.folder, patience);
    },
    release() {
      for (const timer of timers) clearTimeout(timer);
      for (const signal of ENDING_SIGNALS) process.off(signal, onEnding);
      for (const signal of OTHER_SIGNALS) process.off(signal, onOther);
      abort?.removeEventListener('abort', onAbort);
    },
  };
}

/**
 * Ends the Node processes that the signal would have ended, had they not been too busy for it. False when none
 * is left that handles the signal itself.
 */
function endUnhandled(folder: string): boolean {
  const pids = (prefix: string, names: readonly string[]): readonly number[] =>
    names.filter((name) => name.startsWith(prefix)).map((name) => Number(name.slice(prefix.length)));
  try {
    const names = readdirSync(folder);
    const handled = new Set(pids(HANDLED_PREFIX, names).filter(isAlive));
    if (handled.size === 0) return false;
    for (const pid of pids(NODE_PREFIX, names)) if (!handled.has(pid)) signalProcess(pid, 'SIGKILL');
    return true;
  } catch {
    return false;
  }
}

/** Ends what the program left behind, its group and what carries its environment: after `patience`, by force. */
async function endLeftovers(pid: number, ownGroup: boolean, folder: string, patience: number): Promise<void> {
  if (process.platform === 'win32') return;
  const needle = Buffer.from(folder).toString('latin1');
  const left = (): readonly number[] => [
    ...(ownGroup && isGroupAlive(pid) ? [-pid] : []),
    ...processesWithEnvironment(needle),
  ];
  for (const [signal, millis] of [
    ['SIGTERM', patience],
    ['SIGKILL', GRACE_MILLIS],
  ] as const) {
    for (const each of left()) signalProcess(each, signal);
    const until = performance.now() + millis;
    while (left().length > 0 && performance.now() < until) {
      await new Promise((resolve) => setTimeout(resolve, POLL_MILLIS));
    }
  }
}
