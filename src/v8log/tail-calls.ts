import { jumpsOut } from './calls.ts';
import type { Code } from './code.ts';
import type { Symbols } from './symbols.ts';

/** Which builtins go over into which by a jump: `LoadICTrampoline_Megamorphic` into `LoadIC_Megamorphic`, … */
export interface TailCalls {
  /** A builtin was logged. */
  note(builtin: Code): void;
  /** Whether a call of the code at `target` runs `builtin` on the caller's frame. */
  reaches(target: number, builtin: Code): boolean;
}

/** No builtins yet; their jumps are read when first asked for. */
export function createTailCalls(symbols: Symbols, architecture: string): TailCalls {
  const builtins: Code[] = [];
  /** How many builtins `jumpsInto` is of. */
  let read = -1;
  let jumpsInto = new Map<Code, Code[]>();
  const entries = new Map<Code, ReadonlySet<Code>>();

  const startingAt = (address: number): Code | null => {
    const code = symbols.codeAt(address);
    return code?.kind === 'builtin' && symbols.offsetIn(code, address) === 0 ? code : null;
  };

  const readJumps = (): void => {
    read = builtins.length;
    jumpsInto = new Map();
    entries.clear();
    for (const from of builtins) {
      if (!from.bytes) continue;
      for (const target of jumpsOut(from.bytes, from.madeAt ?? 0, architecture)) {
        const into = startingAt(target);
        if (into === null || into === from) continue;
        const sources = jumpsInto.get(into);
        if (sources === undefined) jumpsInto.set(into, [from]);
        else sources.push(from);
      }
    }
  };

  const entriesOf = (builtin: Code): ReadonlySet<Code> => {
    if (read !== builtins.length) readJumps();
    let known = entries.get(builtin);
    if (known === undefined) {
      const all = new Set([builtin]);
      // A set hands out what is added while it is walked.
      for (const one of all) for (const from of jumpsInto.get(one) ?? []) all.add(from);
      known = all;
      entries.set(builtin, known);
    }
    return known;
  };

  return {
    note(builtin) {
      builtins.push(builtin);
    },
    reaches(target, builtin) {
      const code = builtin.kind === 'interpreter' ? symbols.codeAt(target) : startingAt(target);
      return code !== null && entriesOf(builtin).has(code);
    },
  };
}
