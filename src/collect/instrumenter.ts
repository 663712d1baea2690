import type { SourceFile } from '../model/source.ts';
import type { CountersPlan, FunctionHits, ScriptTarget } from '../protocol/collector.ts';

/** What the bundle `instrument.cjs` gives to the preload, which loads it when the first file needs it. */
export interface Instrumenter {
  /**
   * The text with counters in the chosen functions: those of `target`'s ranges, or, when it is null, those that
   * the plan's selectors or the marks choose. Null: none. `allot(n)` gives the first of n counters in a row.
   */
  instrument(
    text: string,
    path: string,
    plan: CountersPlan,
    target: ScriptTarget | null,
    mapped: boolean,
    allot: (count: number) => number,
  ): InstrumentedText | null;
  /** The counts of instrumented functions, as ranges of the text before. */
  readCounts(functions: readonly unknown[], counts: Float64Array): readonly FunctionHits[];
  /** Any source text's functions and code lines; see source/parse.ts. */
  parseSource(text: string, fileName: string): SourceFile;
}

/** `functions` is plain data that may cross threads; only `readCounts` looks into it. */
export interface InstrumentedText {
  readonly text: string;
  readonly insertions: readonly (readonly [number, number])[];
  readonly functions: readonly unknown[];
  /** At the level of windows: what the parser made of the text before. */
  readonly source?: SourceFile;
}

/** A script that counts, as the thread that runs it remembers it. */
export interface CountedScript {
  readonly path: string;
  readonly textHash: string;
  readonly editedHash: string;
  /** The text as loaded, before counters. */
  readonly original: string;
  readonly insertions: readonly (readonly [number, number])[];
  readonly functions: readonly unknown[];
  /** As in `InstrumentedText`. */
  readonly source?: SourceFile;
}
