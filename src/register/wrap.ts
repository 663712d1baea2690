import { types } from 'node:util';
import { type Activation, WINDOWS_GLOBAL, type WindowCalls } from '../protocol/register.ts';

/** What marks met at run time need. */
export interface WrapHost {
  readonly calls: WindowCalls;
  /** A function is marked for the first time; gives its number. */
  readonly add: (fn: AnyFunction) => number;
  /** Whether a text of a function that begins with this window call and is so long behind it tells by itself. */
  readonly isWindowed: (id: number, tail: number) => boolean;
  /** Something that cannot be profiled was marked. */
  readonly refuse: (what: string) => void;
}

export type AnyFunction = (this: unknown, ...args: unknown[]) => unknown;

/** `profile`, as register has it: the function behind a `Proxy` that tells when it runs. */
export type MarkFunction = (
  target: unknown,
  context: unknown,
  descriptor: PropertyDescriptor | undefined,
) => unknown;

/**
 * Makes `profile` for a thread. A class has its methods and accessors replaced where they stand; it is not
 * replaced itself, since its static private members know it by its identity.
 */
export function makeMark(host: WrapHost): MarkFunction {
  const ours = new WeakSet<object>();
  const wrap = (fn: AnyFunction): AnyFunction => {
    if (ours.has(fn) || isWindowed(fn, host)) return fn;
    const proxy = proxyOf(fn, host.add(fn), host.calls);
    ours.add(proxy);
    return proxy;
  };
  const wrapIfFunction = <T>(value: T): T =>
    typeof value === 'function' ? (wrap(value as unknown as AnyFunction) as unknown as T) : value;
  const wrapProperty = (descriptor: PropertyDescriptor): PropertyDescriptor => ({
    ...descriptor,
    ...('value' in descriptor && { value: wrapIfFunction(descriptor.value as unknown) }),
    ...(descriptor.get !== undefined && { get: wrapIfFunction(descriptor.get) }),
    ...(descriptor.set !== undefined && { set: wrapIfFunction(descriptor.set) }),
  });
  const wrapMembers = (holder: object): void => {
    for (const key of Reflect.ownKeys(holder)) {
      if (key === 'constructor' || key === 'prototype') continue;
      const descriptor = Object.getOwnPropertyDescriptor(holder, key)!;
      if (!descriptor.configurable || isClass(descriptor.value)) continue;
      Object.defineProperty(holder, key, wrapProperty(descriptor));
    }
  };
  const wrapClass = (target: AnyFunction): void => {
    wrapMembers(target);
    wrapMembers(target.prototype as object);
  };
  return (target, context, descriptor) => {
    if (typeof context === 'string' || typeof context === 'symbol') {
      if (descriptor !== undefined && (isFunction(descriptor.value) || descriptor.get || descriptor.set)) {
        return wrapProperty(descriptor);
      }
      host.refuse(`the property ${String(context)}`);
      return undefined;
    }
    const { kind, name } = (context ?? {}) as { kind?: string; name?: string | symbol };
    if (kind === 'field') return fieldMark(String(name), wrap, host);
    if (kind === 'accessor') return wrapProperty(target as PropertyDescriptor);
    if (!isFunction(target)) {
      host.refuse(target === null ? 'null' : `a value of type ${typeof target}`);
      return undefined;
    }
    if (!isClass(target)) return wrap(target);
    wrapClass(target);
    return target;
  };
}

/** The initialiser of a decorated field: a function in it is wrapped for each object. */
function fieldMark(name: string, wrap: (fn: AnyFunction) => AnyFunction, { refuse }: WrapHost) {
  let told = false;
  return (value: unknown): unknown => {
    if (isFunction(value) && !isClass(value)) return wrap(value);
    if (!told) refuse(`the field ${name}`);
    told = true;
    return value;
  };
}

function isFunction(value: unknown): value is AnyFunction {
  return typeof value === 'function';
}

function textOf(fn: AnyFunction): string {
  return Function.prototype.toString.call(fn);
}

function isClass(value: unknown): boolean {
  return isFunction(value) && /^class\b/.test(textOf(value));
}

/** Whether a function's text was changed when it was loaded, so that it tells by itself when it runs. */
function isWindowed(fn: AnyFunction, host: WrapHost): boolean {
  const text = textOf(fn);
  const call = new RegExp(`${WINDOWS_GLOBAL}\\.(?:in|open)\\((\\d+)\\)`).exec(text);
  return call !== null && host.isWindowed(Number(call[1]), text.length - call.index);
}

/**
 * A Proxy, so that name, length, properties and `new` stay what they are, and so that V8 does not inline the
 * function: samples of an inlined one would be its caller's.
 */
function proxyOf(fn: AnyFunction, id: number, calls: WindowCalls): AnyFunction {
  if (types.isGeneratorFunction(fn)) return new Proxy(fn, { apply: generatorCall(id, calls) });
  const isAsync = types.isAsyncFunction(fn);
  return new Proxy(fn, {
    apply: isAsync ? asyncCall(id, calls) : syncCall(id, calls),
    construct(target, args, newTarget) {
      calls.in(id);
      try {
        return Reflect.construct(target, args, newTarget) as object;
      } finally {
        calls.out();
      }
    },
  });
}

type Apply = (target: AnyFunction, self: unknown, args: unknown[]) => unknown;

function syncCall(id: number, calls: WindowCalls): Apply {
  return (target, self, args) => {
    calls.in(id);
    try {
      return Reflect.apply(target, self, args);
    } finally {
      calls.out();
    }
  };
}

/** An async function's promise is its own alone, so another one that settles as it does may stand for it. */
function asyncCall(id: number, calls: WindowCalls): Apply {
  return (target, self, args) => {
    calls.in(id);
    return (Reflect.apply(target, self, args) as Promise<unknown>).then(
      (value) => {
        calls.out();
        return value;
      },
      (error: unknown) => {
        calls.out();
        throw error;
      },
    );
  };
}

type Step = (this: unknown, value: unknown) => unknown;

/** The generator keeps its identity; its steps open and close the window. */
function generatorCall(id: number, calls: WindowCalls): Apply {
  return (target, self, args) => {
    const generator = Reflect.apply(target, self, args) as object;
    const steps = generator as unknown as Record<string, Step>;
    const isAsync = Symbol.asyncIterator in generator;
    const activation: Activation = calls.open(id);
    calls.pause(activation, undefined);
    for (const name of ['next', 'return', 'throw']) {
      const step = steps[name]!;
      const value: Step = (given) => {
        calls.resume(activation, undefined);
        let result: unknown;
        try {
          result = Reflect.apply(step, generator, [given]);
          if (isAsync) {
            return (result as Promise<unknown>).finally(() => calls.pause(activation, undefined));
          }
          return result;
        } finally {
          if (!isAsync) calls.pause(activation, undefined);
        }
      };
      Object.defineProperty(generator, name, { value, writable: true, configurable: true });
    }
    return generator;
  };
}
