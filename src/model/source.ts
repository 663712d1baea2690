export type FunctionKind =
  | 'module'
  | 'function'
  | 'arrow'
  | 'method'
  | 'getter'
  | 'setter'
  | 'constructor'
  | 'static-block';

/** How a function was marked for profiling: DESIGN's `/** @profile *\/`, `@profile` decorator, `profile(fn)`. */
export interface Mark {
  readonly kind: 'comment' | 'decorator' | 'wrapper';
  /** The expression after a comment's `@profile`, which says how to run the function; null without one. */
  readonly expression: string | null;
}

/**
 * A function as written in a source text. Offsets are UTF-16 code units, end exclusive; lines 1-based,
 * columns 0-based. The whole file is a function too (`<module>`, kind `module`), the first of a file's list.
 */
export interface SourceFunction {
  /** Qualified: `Class.method`, `outer.inner`; a part without a name is `<anonymous>`. */
  readonly name: string;
  readonly kind: FunctionKind;
  /** From the first token of the declaration (`export`, modifiers and decorators left out) to its last. */
  readonly start: number;
  readonly end: number;
  readonly line: number;
  readonly column: number;
  readonly endLine: number;
  /** Where its own part begins, at the parameters or the body: what stands before runs with the code around it. */
  readonly ownStart: number;
  /** Its body's first statement, or the expression that is its body; null when nothing in it runs. */
  readonly firstCode: { readonly offset: number; readonly line: number } | null;
  /** Parameter names without types, rest as `...name`, patterns as written. */
  readonly params: readonly string[];
  /** How many arguments a call must have: parameters without a default, `?` or rest. */
  readonly requiredParams: number;
  readonly mark: Mark | null;
  /** Index of the enclosing function in the file's list; null for the module. */
  readonly parent: number | null;
}

/** One parsed file: functions in order of their start, outer before inner. */
export interface SourceFile {
  readonly functions: readonly SourceFunction[];
  /** For each line (index 0 is line 1), the offset of the first token that runs as code, or -1. */
  readonly codeStarts: readonly number[];
}
