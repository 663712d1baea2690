import { syncBuiltinESMExports } from 'node:module';
import { types } from 'node:util';
import vm from 'node:vm';
import { MEMORY_GLOBAL } from '../protocol/memory.ts';
import { COUNTS_GLOBAL, type Counters } from './counters.ts';

type AnyFunction = (...args: unknown[]) => unknown;

/**
 * Counters for code that goes past the module loaders, as test runners compile it: `vm.Script` and the `vm`
 * functions, by the file name they are given. Other contexts get the array of counts as a global of theirs.
 */
export function hookVm(counters: Counters, memory: object | null): void {
  const api = vm as unknown as Record<string, AnyFunction> & { Script: typeof vm.Script };
  const edit = (text: unknown, options: unknown): unknown => {
    const fileName =
      typeof options === 'string' ? options : (options as { filename?: unknown } | null)?.filename;
    return typeof text === 'string' && typeof fileName === 'string' ? counters.edit(fileName, text) : text;
  };
  const globals = { [COUNTS_GLOBAL]: counters.counts, ...(memory && { [MEMORY_GLOBAL]: memory }) };
  const share = (context: unknown): void => {
    if (context === null || typeof context !== 'object' || Object.hasOwn(context, COUNTS_GLOBAL)) return;
    // Jest's contexts are proxies that note what is put into them, and go through all of it afterwards to clear it
    // away: through a million counters for minutes. So it gets no values there. They are to be seen, too: globals
    // of the main context that jest does not see in its own are added to it.
    const noted = types.isProxy(context);
    for (const [name, value] of Object.entries(globals)) {
      Object.defineProperty(
        context,
        name,
        noted
          ? { get: () => value, configurable: true, enumerable: true }
          : { value, configurable: true, writable: true },
      );
    }
  };

  api.Script = new Proxy(vm.Script, {
    construct(target, [text, options, ...rest], newTarget) {
      return Reflect.construct(target, [edit(text, options), options, ...rest], newTarget) as object;
    },
  });
  /** Wraps a function whose first argument is a text; `at` is the place of its options. */
  const wrap = (name: string, at: number, before: (args: unknown[]) => void = () => {}): void => {
    const original = api[name]!;
    const wrapped: AnyFunction = function (this: unknown, ...args) {
      before(args);
      args[0] = edit(args[0], args[at]);
      return Reflect.apply(original, this, args);
    };
    Object.defineProperty(wrapped, 'name', { value: name });
    api[name] = wrapped;
  };
  wrap('runInThisContext', 1);
  wrap('runInContext', 2, (args) => share(args[1]));
  wrap('runInNewContext', 2, (args) => {
    args[1] ??= {};
    share(args[1]);
  });
  wrap('compileFunction', 2);
  const { prototype } = vm.Script as unknown as { prototype: Record<string, AnyFunction> };
  const run = prototype['runInContext']!;
  // Also what `runInNewContext` of a script ends in.
  prototype['runInContext'] = function runInContext(this: unknown, ...args) {
    share(args[0]);
    return Reflect.apply(run, this, args);
  };
  const { createContext } = vm;
  api['createContext'] = function (this: unknown, ...args: unknown[]): unknown {
    const context = Reflect.apply(createContext, this, args) as unknown;
    share(context);
    return context;
  };
  syncBuiltinESMExports();
}
