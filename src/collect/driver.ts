/** Main program of `call`: loads the module, then evaluates the expression until it has run often enough. */
import { performance } from 'node:perf_hooks';
import { pathToFileURL } from 'node:url';
import type { CallPlan } from '../protocol/collector.ts';
import { CALL_SYMBOL } from './modules.ts';
import { RUN_SYMBOL, type RunState } from './state.ts';

/** A batch should last about this long, so that looking at the clock costs nothing beside it. */
const BATCH_MILLIS = 1;

const holder = globalThis as unknown as Record<symbol, unknown>;

async function main(): Promise<void> {
  const state = holder[Symbol.for(RUN_SYMBOL)] as RunState | undefined;
  if (state?.call == null) throw new Error('Lineprof started its call driver without a call.');
  const { call } = state;
  await import(pathToFileURL(call.file).href);
  const key = Symbol.for(CALL_SYMBOL);
  const expression = holder[key] as (() => unknown) | undefined;
  delete holder[key];
  if (expression === undefined)
    throw new Error(`${call.file} returned before its end, so that nothing in it can be called.`);
  await evaluate(call, expression, state);
}

async function evaluate(call: CallPlan, expression: () => unknown, state: RunState): Promise<void> {
  const { repeat } = call;
  const from = performance.now();
  const idleMillis = (): number => performance.eventLoopUtilization().idle;
  const idleFrom = idleMillis();
  const done = (): boolean => {
    if (repeat.kind === 'times') return state.readings.repeats! >= repeat.times;
    const millis = performance.now() - from;
    if (millis >= repeat.millis) return true;
    // What the thread did not wait in its event loop is what V8 samples.
    return repeat.busyMillis !== null && millis - (idleMillis() - idleFrom) >= repeat.busyMillis;
  };
  state.readings.repeats = 0;
  for (let batch = 1; !done(); ) {
    if (repeat.kind === 'times') batch = Math.min(batch, repeat.times - state.readings.repeats);
    const batchFrom = performance.now();
    const pending = runBatch(expression, batch, state);
    if (pending !== null) await pending;
    if (performance.now() - batchFrom < BATCH_MILLIS) batch *= 2;
  }
}

/**
 * Runs the expression `rounds` times. Synchronous as long as the results are: the promise is there only when a
 * result was one, and then runs the rest.
 */
function runBatch(expression: () => unknown, rounds: number, state: RunState): Promise<void> | null {
  const { readings } = state;
  for (let i = 0; i < rounds; i++) {
    // Counted as it begins: one that throws must be evaluated in the counting run too.
    readings.repeats!++;
    const result = expression();
    if (isThenable(result)) return finish(result, expression, rounds - i - 1, state);
  }
  return null;
}

async function finish(
  first: PromiseLike<unknown>,
  expression: () => unknown,
  rounds: number,
  state: RunState,
): Promise<void> {
  await first;
  for (let i = 0; i < rounds; i++) {
    state.readings.repeats!++;
    const result = expression();
    if (isThenable(result)) await result;
  }
}

function isThenable(value: unknown): value is PromiseLike<unknown> {
  return (
    value !== null &&
    (typeof value === 'object' || typeof value === 'function') &&
    typeof (value as { then?: unknown }).then === 'function'
  );
}

// A failure is an unhandled rejection: Node prints it as it prints a program's own, and exits with 1.
void main();
