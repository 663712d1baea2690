import { readFileSync } from 'node:fs';
import type { CollectorPlan } from '../protocol/collector.ts';
import type { Editor } from './counters.ts';
import {
  fileKind,
  isModuleText,
  isOurTypeScript,
  mayBeModule,
  needsTranspiler,
  pathOfUrl,
  stripTypes,
  transpile,
  withCall,
} from './modules.ts';

/** What a `load` hook gives to Node, and what Node's own gives to it. */
export interface Loaded {
  readonly format?: string | null | undefined;
  readonly source?: string | ArrayBuffer | NodeJS.TypedArray | null | undefined;
  readonly shortCircuit?: boolean | undefined;
}

/** How one module is to be loaded: by Node alone, by us alone, or by Node with its text changed by us. */
export type LoadPlan =
  | { readonly kind: 'default' }
  | { readonly kind: 'ours'; readonly load: () => Loaded }
  | { readonly kind: 'changed'; readonly change: (loaded: Loaded) => Loaded };

/** The part of an ES module `load` hook that is the same on the program's thread and on a hooks thread. */
export function planLoad(plan: CollectorPlan, counters: Editor | null, url: string): LoadPlan {
  const path = pathOfUrl(url);
  if (path === null) return { kind: 'default' };
  if (isOurTypeScript(plan, path)) {
    return { kind: 'ours', load: () => loadTypeScript(plan, counters, path, url) };
  }
  if (path !== plan.call?.file && !counters?.wants(path)) return { kind: 'default' };
  return {
    kind: 'changed',
    change(loaded) {
      const { format, source } = loaded;
      // CommonJS goes on to the CommonJS loader, where `_compile` is ours.
      if ((format !== 'module' && format !== 'module-typescript') || source == null) return loaded;
      const text = withCall(plan.call, path, decode(source));
      if (counters === null) return { ...loaded, source: text };
      const stripped = format === 'module' ? text : (stripTypes?.(text, { sourceUrl: url }) ?? text);
      return { ...loaded, format: 'module', source: counters.edit(path, stripped) };
    },
  };
}

function loadTypeScript(plan: CollectorPlan, counters: Editor | null, path: string, url: string): Loaded {
  const kind = fileKind(path);
  // Read by Node's CommonJS loader, through the file endings that are ours.
  const commonJs: Loaded = { format: 'commonjs', source: null, shortCircuit: true };
  if (kind === 'commonjs') return commonJs;
  const text = withCall(plan.call, path, decode(readFileSync(path)));
  if (kind === 'unknown' && !mayBeModule(text)) return commonJs;
  let javaScript: string;
  if (needsTranspiler(path, text, kind)) {
    const transpiled = transpile(plan, path, text, kind);
    if (!transpiled.isModule) return commonJs;
    javaScript = transpiled.text;
  } else {
    javaScript = stripTypes!(text, { sourceUrl: url });
    if (kind === 'unknown' && !isModuleText(javaScript)) return commonJs;
  }
  return {
    format: 'module',
    source: counters === null ? javaScript : counters.edit(path, javaScript),
    shortCircuit: true,
  };
}

/** A byte order mark is dropped, as Node does. */
function decode(source: string | ArrayBuffer | NodeJS.TypedArray): string {
  return typeof source === 'string' ? source : new TextDecoder().decode(source);
}
