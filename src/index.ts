/** What user code imports from `lineprof`: a mark for functions that are to be profiled, free of any cost. */

import { registerHook } from './protocol/register.ts';

/** A class or a method that can be marked by a decorator, standard or legacy. */
type AnyFunction = (...args: never[]) => unknown;
type AnyClass = abstract new (...args: never[]) => unknown;

/** `const f = profile(function f() {…})`: gives back the function itself. Also the standard decorator's form. */
export function profile<F extends AnyFunction | AnyClass>(
  target: F,
  context?:
    | ClassDecoratorContext
    | ClassMethodDecoratorContext
    | ClassGetterDecoratorContext
    | ClassSetterDecoratorContext,
): F;
/** As a standard decorator of a field or an accessor: leaves it as it is. */
export function profile(
  target: undefined | ClassAccessorDecoratorTarget<never, never>,
  context: ClassFieldDecoratorContext | ClassAccessorDecoratorContext,
): void;
/** As a legacy decorator (`experimentalDecorators`) of a method or accessor: leaves it as it is. */
export function profile(target: object, key: string | symbol, descriptor?: PropertyDescriptor): void;
/**
 * Marks a function, method or class for Lineprof, which finds the mark in the source text. At run time it does
 * nothing: a wrapped function is given back, a decorated one stays what it is. In a program that was started with
 * `--import lineprof/register` the function is given back so that it tells when it runs.
 */
export function profile(target: unknown, context?: unknown, descriptor?: PropertyDescriptor): unknown {
  const hook = registerHook();
  if (hook !== null) return hook.mark(target, context, descriptor);
  // A wrapper's result is used; so is a class decorator's, where the class itself means "unchanged". A legacy
  // method decorator's result would become the descriptor, and its second argument is the name.
  return typeof target === 'function' && (context === undefined || typeof context === 'object')
    ? target
    : undefined;
}

/** Writes the results of `lineprof/register` now; without it, nothing happens. */
export function flush(): void {
  registerHook()?.flush();
}
