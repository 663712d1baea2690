// The types of index.ts as they are published; test/collect/index.test.ts compiles user code against them.

type AnyFunction = (...args: never[]) => unknown;
type AnyClass = abstract new (...args: never[]) => unknown;

/**
 * Marks a function, method or class for Lineprof, which finds the mark in the source text. At run time it does
 * nothing: `const f = profile(function f() {…})` gives back the function itself, and `@profile` (standard or
 * legacy) leaves what it decorates as it is. Under `--import lineprof/register` they tell when the function runs.
 */
export declare function profile<F extends AnyFunction | AnyClass>(
  target: F,
  context?:
    | ClassDecoratorContext
    | ClassMethodDecoratorContext
    | ClassGetterDecoratorContext
    | ClassSetterDecoratorContext,
): F;
export declare function profile(
  target: undefined | ClassAccessorDecoratorTarget<never, never>,
  context: ClassFieldDecoratorContext | ClassAccessorDecoratorContext,
): void;
export declare function profile(target: object, key: string | symbol, descriptor?: PropertyDescriptor): void;

/** Writes the results of `lineprof/register` now; without it, nothing happens. */
export declare function flush(): void;
