import { createHook } from 'node:async_hooks';
import { writeFileSync } from 'node:fs';
import { constants } from 'node:os';
import { join } from 'node:path';
import { HANDLED_PREFIX, NODE_PREFIX } from '../protocol/collector.ts';

/** Runs `write` once at the very end: after the program's own exit handlers, however it exits. */
export function onEnd(write: (exitCode: number | null) => void): void {
  const emit = process.emit;
  const wrapped = function (this: unknown, ...args: unknown[]): unknown {
    const result = Reflect.apply(emit, process, args) as unknown;
    if (args[0] === 'exit') write(numberOrNull(process.exitCode ?? args[1]));
    return result;
  };
  hidden(process, 'emit', named(wrapped, 'emit'));
  // A handler of `exit` that calls process.exit() itself goes straight to here.
  const record = process as unknown as { reallyExit?: (code?: unknown) => never };
  const { reallyExit } = record;
  if (typeof reallyExit === 'function') {
    record.reallyExit = function (this: unknown, ...args: unknown[]): never {
      write(numberOrNull(args[0] ?? 0));
      return Reflect.apply(reallyExit, this, args) as never;
    } as typeof reallyExit;
  }
}

function numberOrNull(value: unknown): number | null {
  return typeof value === 'number' ? value : typeof value === 'string' ? Number(value) : null;
}

function hidden(object: object, key: string, value: unknown): void {
  Object.defineProperty(object, key, { value, writable: true, configurable: true, enumerable: false });
}

function named<F extends (...args: never[]) => unknown>(f: F, name: string): F {
  return Object.defineProperty(f, 'name', { value: name });
}

function tell(folder: string | null, prefix: string): void {
  if (folder === null) return;
  try {
    writeFileSync(join(folder, `${prefix}${process.pid}`), '');
  } catch {
    // The folder is gone: nobody waits.
  }
}

interface SignalHandle {
  unref(): void;
  close(): void;
  start(signal: number): number;
  onsignal: (signal: number) => void;
}

const ENDING = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;

/**
 * Writes the readings when a signal is about to end the program, then lets the signal end it. The handles are
 * not listeners of `process`, so that programs which count those see their own alone. A program with a handler
 * of its own keeps it; the file `handled-<pid>` in `folder` then tells of it (null: nobody waits for that).
 */
export function catchSignals(folder: string | null, write: (exitCode: number | null) => void): void {
  if (process.platform === 'win32') return;
  const Signal = signalHandleClass();
  if (Signal === null) return;
  tell(folder, NODE_PREFIX);
  process.on('newListener', (event: string | symbol) => {
    if ((ENDING as readonly unknown[]).includes(event)) tell(folder, HANDLED_PREFIX);
  });
  for (const name of ENDING) {
    const handle = new Signal();
    handle.unref();
    handle.onsignal = () => {
      if (process.listenerCount(name) > 0) return;
      write(null);
      handle.close();
      // Without a handle the signal has its default effect again.
      process.kill(process.pid, name);
    };
    handle.start(constants.signals[name]);
  }
}

/** Node's own class of signal handles, caught while a listener is made; null where that fails. */
function signalHandleClass(): (new () => SignalHandle) | null {
  let found: (new () => SignalHandle) | null = null;
  const hook = createHook({
    init(_id, type, _trigger, resource) {
      if (type === 'SIGNALWRAP') found = resource.constructor as new () => SignalHandle;
    },
  });
  hook.enable();
  const listener = (): void => {};
  try {
    process.on('SIGTERM', listener);
    process.off('SIGTERM', listener);
  } finally {
    hook.disable();
  }
  return found;
}
