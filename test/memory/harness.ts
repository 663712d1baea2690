import vm from 'node:vm';
import { transformSync } from 'esbuild';
import { insertReadings, type MemoryInstrumented } from '../../src/memory/insert.ts';
import type { SourceFunction } from '../../src/model/source.ts';
import { MEMORY_GLOBAL, type ProbeCalls } from '../../src/protocol/memory.ts';
import { parseFile } from '../../src/source/parse.ts';

/** A text with readings in the chosen functions; by default in all that are written in the module. */
export function withReadings(
  text: string,
  isChosen: (one: SourceFunction) => boolean = ({ kind }) => kind !== 'module',
  fileName = 'program.js',
): MemoryInstrumented | null {
  const parsed = parseFile(text, fileName);
  return insertReadings(parsed, text, { chosen: { kind: 'predicate', isChosen }, allot: () => 3 });
}

/** A probe that reads nothing: what was called how often, and whether every call that was entered was left. */
export interface FakeProbe {
  readonly calls: ProbeCalls;
  readonly counts: Map<number, number>;
  /** Calls entered and not left. */
  readonly open: Set<number>;
  /** What was wrong with the order of the calls. */
  readonly wrong: string[];
}

/** Makes one. */
export function fakeProbe(): FakeProbe {
  const counts = new Map<number, number>();
  const open = new Set<number>();
  const wrong: string[] = [];
  let next = 0;
  const count = (number: number): void => void counts.set(number, (counts.get(number) ?? 0) + 1);
  const enter = (fn: number): number => {
    count(fn);
    open.add(next);
    return next++;
  };
  const known = (slot: number, what: string): void => {
    if (!open.has(slot)) wrong.push(`${what} of a call that has ended: ${slot}`);
  };
  const calls: ProbeCalls = {
    e: enter,
    E: enter,
    a(slot, point) {
      known(slot, 'a');
      count(point);
    },
    x(slot, value) {
      known(slot, 'x');
      open.delete(slot);
      return value;
    },
    w(slot, value) {
      known(slot, 'w');
      return value;
    },
    r(slot, value) {
      known(slot, 'r');
      return value;
    },
  };
  return { calls, counts, open, wrong };
}

/** Runs a text as an async function's body, with a probe for what was put into it. */
export async function runBody(text: string, probe: FakeProbe, loader: 'js' | 'tsx' = 'js'): Promise<unknown> {
  const wrapped = `globalThis.result = (async function () {${text}\n}).call(this);`;
  const code = loader === 'js' ? wrapped : transformSync(wrapped, { loader, target: 'es2022' }).code;
  const context = vm.createContext({ console, setTimeout, [MEMORY_GLOBAL]: probe.calls });
  vm.runInContext(code, context);
  return await (context as { result: Promise<unknown> }).result;
}

/** A program as one function around its text, so that its own top level is read too. */
export function wrapped(text: string): string {
  return `return await (async function program() {${text}\n})();`;
}
