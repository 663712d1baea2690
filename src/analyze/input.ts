/**
 * What analysis takes in, by shape alone: `v8log/` and `sourcemap/` hand out objects that fit, and analysis
 * stays pure. Offsets are UTF-16 code units, lines 1-based, columns 0-based.
 */

/** A function as V8 compiled it. */
export interface InputFunction {
  readonly scriptId: number;
  readonly start: number;
  readonly end: number;
  readonly name: string;
  readonly line: number;
  readonly column: number;
}

/** One position on a stack; `offset` -1 when unknown; `fn` null for functions that the log does not tell of. */
export interface InputFrame {
  readonly kind: 'js' | 'builtin' | 'native';
  readonly fn: InputFunction | null;
  readonly offset: number;
  readonly name: string;
  /** The position may as well be one of these; the line counts only where all of them are on it. */
  readonly otherOffsets?: readonly number[];
}

export interface InputScript {
  readonly id: number;
  readonly url: string;
  text(): string;
}

/** Tables of one log; they grow while it is read. */
export interface InputTables {
  readonly frames: readonly InputFrame[];
  readonly scripts: ReadonlyMap<number, InputScript>;
}

/** One sample; read only during the call. */
export interface InputTick {
  /** Index into `WHERES`. */
  readonly where: number;
  /** Frame ids, outermost first; the first `depth` count. */
  readonly frames: Int32Array;
  readonly depth: number;
}

export interface InputPosition {
  readonly file: string;
  readonly line: number;
  readonly column: number;
}

/** A script's way back to its sources. */
export interface InputScriptMap {
  readonly url: string;
  readonly path: string | null;
  readonly text: string;
  readonly textHash: string;
  readonly mapped: boolean;
  /** False: positions are those of lines alone. */
  readonly hasColumns: boolean;
  readonly note: string | null;
  readonly files: readonly string[];
  at(compiledOffset: number): InputPosition | null;
  atLoaded(offset: number): InputPosition | null;
  sourceText(file: string): string | null;
}
