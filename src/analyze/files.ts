import type { SourceFile } from '../model/source.ts';
import type { InputScriptMap } from './input.ts';

/** An original source file that scripts of the run were made from. */
export interface AnalysedFile {
  /** Absolute path, or the script's URL when it is no file. */
  readonly path: string;
  readonly text: string;
  /** Offsets where the lines start; index 0 is line 1. */
  readonly lineStarts: Int32Array;
  /** Scripts that hold its code; the same file may be loaded by several threads and processes. */
  readonly scripts: readonly InputScriptMap[];
  /** The parsed text, parsed when first asked for; null when it does not parse (then `problem` says why). */
  source(): SourceFile | null;
  problem(): string | null;
}

export interface FileTable {
  /**
   * The file, made at first sight from the script's idea of its text; null when its text is not to be had, or is
   * another one than that of the scripts before.
   */
  get(path: string, script: InputScriptMap): AnalysedFile | null;
  /** The file, when it was seen. */
  find(path: string): AnalysedFile | null;
  all(): readonly AnalysedFile[];
}

/** An empty table; `parse` throws for text that is no JavaScript or TypeScript. */
export function createFileTable(parse: (text: string, file: string) => SourceFile): FileTable {
  interface Entry extends AnalysedFile {
    readonly scripts: InputScriptMap[];
  }
  const files = new Map<string, Entry | null>();
  return {
    get(path, script) {
      let entry = files.get(path);
      if (entry === undefined) {
        const text = script.sourceText(path);
        entry = text === null ? null : { ...fileOf(path, text, parse), scripts: [script] };
        files.set(path, entry);
      } else if (entry !== null && !entry.scripts.includes(script)) {
        if (script.sourceText(path) !== entry.text) return null;
        entry.scripts.push(script);
      }
      return entry;
    },
    find: (path) => files.get(path) ?? null,
    all: () => [...files.values()].filter((entry) => entry !== null),
  };
}

function fileOf(
  path: string,
  text: string,
  parse: (text: string, file: string) => SourceFile,
): Omit<AnalysedFile, 'scripts'> {
  let source: SourceFile | null | undefined;
  let problem: string | null = null;
  const load = (): SourceFile | null => {
    if (source === undefined) {
      try {
        source = parse(text, path);
      } catch (error) {
        source = null;
        problem = error instanceof Error ? error.message : String(error);
      }
    }
    return source;
  };
  return {
    path,
    text,
    lineStarts: lineStarts(text),
    source: load,
    problem() {
      load();
      return problem;
    },
  };
}

/** Lines end as V8 and editors see it: `\n`, `\r\n`, `\r`, U+2028, U+2029. */
function lineStarts(text: string): Int32Array {
  const starts: number[] = [0];
  const ends = /\r\n|[\n\r\u2028\u2029]/g;
  while (ends.exec(text) !== null) starts.push(ends.lastIndex);
  return Int32Array.from(starts);
}

/** The text of a 1-based line without its line end; '' past the end. */
export function lineText(file: Pick<AnalysedFile, 'text' | 'lineStarts'>, line: number): string {
  const start = file.lineStarts[line - 1];
  if (start === undefined) return '';
  return file.text.slice(start, file.lineStarts[line]).replace(/(?:\r\n|[\n\r\u2028\u2029])$/, '');
}
