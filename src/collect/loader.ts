import { readFileSync } from 'node:fs';
import Module, { syncBuiltinESMExports } from 'node:module';
import { dirname, join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { type CollectorPlan, PLAN_ENV } from '../protocol/collector.ts';
import type { Counters, RemoteCountersData } from './counters.ts';
import { type Loaded, planLoad } from './hooks.ts';
import { saveLoaderMaps } from './loader-maps.ts';
import { meantSpecifier } from './meant.ts';
import {
  CALL_SYMBOL,
  fileKind,
  isOurTypeScript,
  needsTranspiler,
  stripTypes,
  transpile,
  withCall,
} from './modules.ts';
import { withoutStdio } from './stdio.ts';

interface ModuleInternals {
  readonly prototype: {
    _compile(text: string, filename: string, format?: string, ...rest: unknown[]): unknown;
  };
  readonly _extensions: Record<string, ((module: InternalModule, filename: string) => void) | undefined>;
  _resolveFilename(
    request: string,
    parent?: { readonly filename?: string | null },
    ...rest: unknown[]
  ): string;
  registerHooks?: (hooks: SyncHooks) => { deregister(): void };
  register?: (...args: unknown[]) => unknown;
}

interface InternalModule {
  _compile(text: string, filename: string, format?: string): unknown;
}

interface SyncHooks {
  resolve(
    specifier: string,
    context: HookContext,
    next: (specifier: string, context?: HookContext) => unknown,
  ): unknown;
  load(url: string, context: HookContext, next: (url: string, context?: HookContext) => Loaded): Loaded;
}

interface HookContext {
  readonly parentURL?: string;
  readonly conditions?: readonly string[];
}

const internals = Module as unknown as ModuleInternals;

/** Takes part in the loading of modules, for TypeScript, for counters and for the called module's expression. */
export function hookLoaders(plan: CollectorPlan, counters: Counters | null, problems: string[]): void {
  if (plan.typescript === 'own') hookEndings(plan);
  const { registerHooks } = internals;
  if (registerHooks !== undefined) {
    const hooks = syncHooks(plan, counters);
    const register = (): { deregister(): void } => registerHooks(hooks);
    let ours = register();
    keepLast('registerHooks', () => {
      ours.deregister();
      ours = register();
    });
  } else if (typeof internals.register === 'function') {
    if (plan.typescript === 'own') hookResolve(plan);
    const register = startHooksThread(plan, counters?.remote() ?? null);
    keepLast('register', () => register(null));
  } else {
    problems.push(`Node ${process.version} cannot hook ES modules: use 20.6 or later.`);
  }
}

/**
 * The hooks that were registered last come first, and see what all others made of a text. Ours count in what
 * V8 compiles, so they are registered again after those of the program's own loaders.
 */
function keepLast(name: 'register' | 'registerHooks', again: () => void): void {
  const original = internals[name] as (...args: unknown[]) => unknown;
  const wrapped = function (this: unknown, ...args: unknown[]): unknown {
    const result = Reflect.apply(original, this, args) as unknown;
    again();
    return result;
  };
  Object.defineProperty(wrapped, 'name', { value: name });
  Object.assign(internals, { [name]: wrapped });
  syncBuiltinESMExports();
}

/** Registers the hooks of hooks-thread.ts, and gives how to register them again (without `remote`). */
function startHooksThread(
  plan: CollectorPlan,
  remote: RemoteCountersData | null,
): (remote: RemoteCountersData | null) => void {
  // That thread transpiles, this one makes the stack traces.
  if (plan.typescript === 'own') process.setSourceMapsEnabled(true);
  const url = pathToFileURL(join(dirname(plan.preload), 'hooks-thread.mjs')).href;
  const register = internals.register!;
  const registerOurs = (data: RemoteCountersData | null): unknown =>
    register(url, {
      parentURL: 'data:',
      data: { plan, remote: data },
      transferList: data === null ? [] : [data.port],
    });
  const planPath = process.env[PLAN_ENV];
  // The new thread is preloaded too, and must be left alone: it takes over the environment as it is now.
  delete process.env[PLAN_ENV];
  try {
    withoutStdio(() => registerOurs(remote));
  } finally {
    if (planPath !== undefined) process.env[PLAN_ENV] = planPath;
  }
  return registerOurs;
}

/** CommonJS: every text, however it came about, passes `_compile` last. */
export function hookCompile(plan: CollectorPlan, counters: Counters | null): void {
  const { prototype } = internals;
  const compile = prototype._compile;
  const hasMap = saveLoaderMaps(plan);
  prototype._compile = function _compile(text, filename, format, ...rest) {
    if (typeof text !== 'string') return Reflect.apply(compile, this, [text, filename, format, ...rest]);
    const ours = text.includes(CALL_SYMBOL) ? text : withCall(plan.call, filename, text);
    const mapped = hasMap(filename, ours);
    if (!counters?.wants(filename)) return Reflect.apply(compile, this, [ours, filename, format, ...rest]);
    let javaScript = ours;
    let kind = format;
    // Since Node 23 types are stripped inside of `_compile`.
    if (stripTypes !== null && typeof format === 'string' && /^(\w+-)?typescript$/.test(format)) {
      javaScript = stripTypes(ours, { sourceUrl: pathToFileURL(filename).href });
      kind = format === 'typescript' ? undefined : format.slice(0, -'-typescript'.length);
    }
    return Reflect.apply(compile, this, [
      counters.edit(filename, javaScript, mapped),
      filename,
      kind,
      ...rest,
    ]);
  };
}

/** CommonJS: the endings of TypeScript. */
function hookEndings(plan: CollectorPlan): void {
  const endings = internals._extensions;
  for (const ending of ['.ts', '.cts', '.mts', '.tsx', '.jsx']) {
    const before = endings[ending] ?? endings['.js']!;
    endings[ending] = (module, filename) => {
      if (!isOurTypeScript(plan, filename)) return before(module, filename);
      const kind = fileKind(filename);
      const text = withCall(plan.call, filename, readFileSync(filename, 'utf8').replace(/^\uFEFF/, ''));
      if (needsTranspiler(filename, text, kind)) {
        const { text: javaScript, isModule } = transpile(plan, filename, text, kind);
        module._compile(javaScript, filename, isModule ? 'module' : 'commonjs');
      } else {
        const javaScript = stripTypes!(text, { sourceUrl: pathToFileURL(filename).href });
        module._compile(javaScript, filename, kind === 'unknown' ? undefined : kind);
      }
    };
  }
}

/** CommonJS without `module.registerHooks`: `./a.js` may mean a.ts. */
function hookResolve(plan: CollectorPlan): void {
  const resolve = internals._resolveFilename;
  internals._resolveFilename = function (request, parent, ...rest) {
    try {
      return Reflect.apply(resolve, this, [request, parent, ...rest]);
    } catch (error) {
      const parentUrl = parent?.filename ? pathToFileURL(parent.filename).href : undefined;
      const meant = meantSpecifier(plan, request, parentUrl, error, true);
      if (meant === null) throw error;
      return Reflect.apply(resolve, this, [meant, parent, ...rest]);
    }
  };
}

function syncHooks(plan: CollectorPlan, counters: Counters | null): SyncHooks {
  return {
    resolve(specifier, context, next) {
      try {
        return next(specifier, context);
      } catch (error) {
        const isRequire = context.conditions?.includes('require') === true;
        const meant = meantSpecifier(plan, specifier, context.parentURL, error, isRequire);
        if (meant === null) throw error;
        return next(meant, context);
      }
    },
    load(url, context, next) {
      const how = planLoad(plan, counters, url);
      if (how.kind === 'ours') return how.load();
      const loaded = next(url, context);
      return how.kind === 'changed' ? how.change(loaded) : loaded;
    },
  };
}
