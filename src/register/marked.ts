import type { Counters } from '../collect/counters.ts';
import type { CountedScript } from '../collect/instrumenter.ts';
import type { WindowFunction } from '../protocol/register.ts';
import type { TreeNode } from './aggregate.ts';
import { scriptKey } from './files.ts';
import type { MarkedFunction, MarkedScript } from './results.ts';
import type { OwnSession } from './session.ts';
import type { AnyFunction } from './wrap.ts';

/** The marked functions of a thread, however they were met. */
export interface Marked {
  /** A function marked at run time; gives its number, the same for every function of one place. */
  add(fn: AnyFunction): number;
  /** Whether function `id` is one whose text was changed, that long behind its first inserted call. */
  isWindowed(id: number, tail: number): boolean;
  isMarked(frame: TreeNode['frame']): boolean;
  /** How many there are. */
  count(): number;
  /** Functions and the scripts they are in, for a result. */
  list(countOf: (id: number) => number): {
    readonly functions: readonly MarkedFunction[];
    readonly scripts: readonly MarkedScript[];
  };
}

/** Collects them; `counters` tells of changed texts, `session` where functions are. */
export function makeMarked(counters: Counters, session: OwnSession): Marked {
  const windowed = new Map<number, WindowFunction & { readonly path: string }>();
  const scripts = new Map<string, MarkedScript>();
  const atRunTime = new Map<string, { id: number; scriptId: string; line: number; column: number }>();
  const loaded = new Map<string, MarkedScript>();
  const keys = new Set<string>();
  let seen = 0;
  const update = (): void => {
    const tables = counters.tables();
    for (; seen < tables.length; seen++) addTable(tables[seen]!);
  };
  const addTable = ({ path, original, insertions, functions, source }: CountedScript): void => {
    scripts.set(path, { url: path, text: original, insertions, source: source ?? null });
    for (const one of functions as readonly WindowFunction[]) {
      windowed.set(one.id, { ...one, path });
      keys.add(`${path}:${one.line}:${one.compiledColumn}`);
    }
  };
  const addLoaded = (): void => {
    const unknown = new Set(
      [...atRunTime.values()].map(({ scriptId }) => scriptId).filter((id) => !loaded.has(id)),
    );
    if (unknown.size === 0) return;
    for (const [id, { url, text }] of session.scripts(unknown)) {
      loaded.set(id, scripts.get(scriptKey(url)) ?? { url, text, insertions: [], source: null });
    }
  };
  return {
    add(fn) {
      const { scriptId, line, column } = session.locationOf(fn) ?? { scriptId: '', line: 0, column: 0 };
      const key = `#${scriptId}:${line}:${column}`;
      const known = atRunTime.get(key);
      if (known !== undefined) return known.id;
      const id = counters.allot(1);
      atRunTime.set(key, { id, scriptId, line, column });
      keys.add(key);
      return id;
    },
    isWindowed(id, tail) {
      update();
      return windowed.get(id)?.tail === tail;
    },
    isMarked({ url, scriptId, lineNumber, columnNumber }) {
      const place = `:${lineNumber}:${columnNumber}`;
      return keys.has(`#${scriptId}${place}`) || keys.has(scriptKey(url) + place);
    },
    count() {
      update();
      return windowed.size + atRunTime.size;
    },
    list(countOf) {
      update();
      addLoaded();
      const functions: MarkedFunction[] = [];
      for (const { id, path, line, compiledColumn } of windowed.values()) {
        functions.push({ url: path, line, column: compiledColumn, calls: countOf(id) });
      }
      const known = new Map(scripts);
      for (const { id, scriptId, line, column } of atRunTime.values()) {
        const script = loaded.get(scriptId);
        const url = script?.url ?? `unknown:${scriptId}`;
        if (script !== undefined) known.set(scriptKey(url), script);
        functions.push({ url, line, column, calls: countOf(id) });
      }
      return { functions, scripts: [...known.values()] };
    },
  };
}
