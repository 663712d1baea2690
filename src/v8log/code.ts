import type { OutOfLine } from './out-of-line.ts';
import type { InlinedCall, PositionTable } from './positions.ts';

/** What machine or byte code is, from the log's `code-creation` type and state. */
export type CodeKind =
  | 'interpreted'
  | 'baseline'
  | 'maglev'
  | 'turbofan'
  /** Bytecode handlers and the interpreter's trampolines: they run on behalf of the interpreted function. */
  | 'interpreter'
  | 'builtin'
  /** Regular expressions, embedder callbacks, WebAssembly: not JavaScript, no positions. */
  | 'native';

/** A JavaScript function as V8 compiled it: [start, end) in a script's text, UTF-16 offsets. */
export interface LogFunction {
  readonly scriptId: number;
  readonly start: number;
  readonly end: number;
  /** As V8 names it: the bare function name, empty for anonymous functions. */
  readonly name: string;
  /** Of `start` in the text as compiled; 1-based line, 0-based column. */
  readonly line: number;
  readonly column: number;
}

/** A SharedFunctionInfo; its function is not known before the log shows code of its own. */
export interface SharedFunction {
  fn: LogFunction | null;
  /** Codes that have it inlined and were resolved without knowing it. */
  readonly waiting: Code[];
}

/** One code object; `start` changes when V8 moves it. */
export interface Code {
  readonly kind: CodeKind;
  /** The log's name field, escapes undone. */
  readonly name: string;
  start: number;
  readonly size: number;
  /** Address of the SharedFunctionInfo when the code was made; NaN without one. */
  readonly sfi: number;
  source: CodeSource | null;
  /** Addresses of this code that the caches hold; to be forgotten when the code goes or moves. */
  cachedAddresses: number[];
  /** Resolutions by code offset, kept when the code moves. */
  readonly resolved: Map<number, number>;
  alive: boolean;
  /** The instructions of optimised code, where the log has them. */
  readonly machineCode: Buffer | null;
  /** The bytes of any code (bytecode of interpreted code), as they were at the address `madeAt`. */
  readonly bytes?: Buffer | null;
  readonly madeAt?: number;
}

/** A code's `code-source-info`; the tables are decoded when first asked for. */
export interface CodeSource {
  readonly fn: LogFunction;
  positionText: string;
  readonly inliningText: string;
  /** The inlined functions, found when the event was read: SharedFunctionInfos move later. */
  readonly inlined: readonly SharedFunction[];
  positions: PositionTable | null;
  inlining: readonly InlinedCall[] | null;
  /** Where the code behind the last position was entered from; undefined: not looked for yet. */
  outOfLine: OutOfLine | null | undefined;
}

/** Whether the code's return addresses point behind a call instruction (bytecode offsets point at it). */
export function isMachineCode(kind: CodeKind): boolean {
  return kind !== 'interpreted';
}
