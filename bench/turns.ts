import { isAlive } from '../src/launch/folder.ts';
import { signalProcess } from '../src/launch/tree.ts';

/** Long enough that to stop and to go on are nothing beside it, short beside what disturbs a machine. */
const TURN_MILLIS = 100;

/** Runs a program to its end and gives its wall time in milliseconds; tells its process id as soon as it runs. */
export type Side = (started: (pid: number) => void) => Promise<number>;

/** A program that has begun. */
interface Running {
  readonly pid: number;
  readonly ended: Promise<number>;
  /** Its wall time, null until it has ended. */
  millis: number | null;
  stoppedAt: number;
  stoppedMillis: number;
}

/**
 * Runs programs beside each other, a tenth of a second each in turn while the others are stopped (SIGSTOP), and gives
 * the wall time that each had for itself, in milliseconds. On a virtual machine the neighbours slow a program by a
 * tenth for half a minute, more than a profiler does: so they slow all sides alike. On Windows, which has no such
 * signal, one runs after the other.
 */
export async function byTurns<Name extends string>(
  sides: Readonly<Record<Name, Side>>,
): Promise<Readonly<Record<Name, number>>> {
  const names = Object.keys(sides) as Name[];
  const running = new Map<Name, Running>();
  let waiting = names;
  while (waiting.length > 0) {
    for (const name of waiting) {
      const known = running.get(name);
      const side = known ?? (await start(sides[name]));
      running.set(name, side);
      // It may have ended before it was stopped.
      if (side.millis !== null) continue;
      if (known !== undefined) goOn(side);
      await (process.platform === 'win32' ? side.ended : atMost(side.ended));
      if (!isAlive(side.pid)) await side.ended;
      if (side.millis === null) stop(side);
    }
    waiting = waiting.filter((name) => running.get(name)!.millis === null);
  }
  return Object.fromEntries(names.map((name) => [name, running.get(name)!.millis!])) as Record<Name, number>;
}

async function start(side: Side): Promise<Running> {
  let started = (_pid: number): void => {};
  const pid = new Promise<number>((resolve) => {
    started = resolve;
  });
  const ended = side((id) => started(id));
  // A program that cannot be started has no id.
  const running: Running = {
    pid: await Promise.race([pid, ended]),
    ended: ended.then((millis) => {
      running.millis = millis - running.stoppedMillis;
      return millis;
    }),
    millis: null,
    stoppedAt: 0,
    stoppedMillis: 0,
  };
  return running;
}

function goOn(side: Running): void {
  signalProcess(side.pid, 'SIGCONT');
  side.stoppedMillis += performance.now() - side.stoppedAt;
}

function stop(side: Running): void {
  side.stoppedAt = performance.now();
  signalProcess(side.pid, 'SIGSTOP');
}

/** Waits for the end, or for that of the turn. */
async function atMost(ended: Promise<unknown>): Promise<void> {
  let timer: NodeJS.Timeout | undefined;
  const turn = new Promise((resolve) => {
    timer = setTimeout(resolve, TURN_MILLIS);
  });
  await Promise.race([ended, turn]);
  clearTimeout(timer);
}
