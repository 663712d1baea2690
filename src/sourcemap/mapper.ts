import { createHash } from 'node:crypto';
import { findMap, type KnownMap, knownMap, type ReadFile } from './find-map.ts';
import { lineIndexAt, lineStartsOf } from './line-starts.ts';
import { mappedPositions } from './mapped.ts';
import { pathOfUrl } from './paths.ts';
import { type Insertions, uneditOffset, uneditText } from './unedit.ts';

/** A place in original source: absolute path (or the script's URL when it is no file), 1-based line, 0-based column. */
export interface OriginalPosition {
  readonly file: string;
  readonly line: number;
  readonly column: number;
}

/** A script as V8 knows it. */
export interface MappableScript {
  readonly url: string;
  text(): string;
}

/** One script's way back to its sources. Offsets are UTF-16 code units. */
export interface ScriptMap {
  readonly url: string;
  /** Absolute path of the loaded file; null when it is none. */
  readonly path: string | null;
  /** The text as loaded: without what the collector inserted. */
  readonly text: string;
  /** SHA-1 (hex) of `text` in UTF-8. */
  readonly textHash: string;
  /** Positions lead through a source map to other text. */
  readonly mapped: boolean;
  /** Why a source map was not used, in words; null when all is well. */
  readonly note: string | null;
  /** False for a map that leads from line to line alone (webpack's `cheap` ones, sucrase's): its columns say nothing. */
  readonly hasColumns: boolean;
  /** Files whose text this script was made from; the script itself when unmapped. */
  readonly files: readonly string[];
  /** An offset in the text that V8 compiled → original position; null for code that the map gives no source. */
  at(compiledOffset: number): OriginalPosition | null;
  /** The same for an offset in `text`. */
  atLoaded(offset: number): OriginalPosition | null;
  /** The original text of one of `files`; null when it is not to be had. */
  sourceText(file: string): string | null;
  /** Whether that is the file's present text, as the map does not hold what the script was made from. */
  isFromDisk(file: string): boolean;
  /**
   * Offset in `text` of the code made from an original line at `fromColumn`; where the map says nothing of that, of
   * the same word as far behind the segment before it, or of the same of as many such words in what that segment
   * covers, else of the next segment on the line; null without one.
   */
  generatedOffset(file: string, line: number, fromColumn: number): number | null;
}

/** Opens scripts; results are kept by the script object. */
export interface Mapper {
  open(script: MappableScript): ScriptMap;
}

/** A change that the collector made to a text before V8 saw it; hashes are SHA-1 (hex) of UTF-8. */
export interface TextEdit {
  readonly path: string;
  readonly editedHash: string;
  readonly textHash: string;
  readonly insertions: Insertions;
}

export interface MapperOptions {
  readonly readFile: ReadFile;
  /** Absolute; where sources like `webpack://…` are looked for. */
  readonly cwd: string;
  /** Changes that the collector made to texts before V8 saw them, as known when a script is opened. */
  readonly edits?: () => readonly TextEdit[];
  /** A map that is neither in the text of this SHA-1 (hex) nor in a file that it names; null when none is known. */
  readonly savedMap?: (textHash: string) => KnownMap | null;
}

/** Reads source maps through `readFile`; a broken or missing map leaves the script unmapped with a note. */
export function createMapper(options: MapperOptions): Mapper {
  const opened = new Map<MappableScript, ScriptMap>();
  return {
    open(script) {
      let map = opened.get(script);
      if (map === undefined) {
        map = openScript(script, options);
        opened.set(script, map);
      }
      return map;
    },
  };
}

function openScript(script: MappableScript, options: MapperOptions): ScriptMap {
  const { url } = script;
  const path = pathOfUrl(url);
  const compiled = script.text();
  const edit = findEdit(options.edits?.() ?? [], path, compiled);
  const insertions = edit?.insertions ?? [];
  const text = edit === null ? compiled : uneditText(insertions, compiled);
  const textHash = edit?.textHash ?? sha1(text);
  const named = findMap(text, path, options.readFile);
  const saved = named.kind === 'none' ? (options.savedMap?.(textHash) ?? null) : null;
  const found = saved === null ? named : knownMap(saved, path);
  const starts = lineStartsOf(text);
  const throughMap =
    found.kind === 'map' ? mappedPositions(found.map, found.folder, text, starts, options) : null;
  const reason =
    found.kind === 'broken'
      ? found.reason
      : throughMap === null
        ? null
        : whyOfNoUse(throughMap, isMinified(text, starts.length));
  const plain =
    throughMap !== null && reason === null
      ? throughMap
      : ownPositions(path ?? evaluatedName(url, text, textHash), text, starts, options.readFile);
  return {
    url,
    path,
    text,
    textHash,
    mapped: plain === throughMap,
    note: reason === null ? null : `the source map of ${path ?? url} is not used: ${reason}`,
    get hasColumns() {
      return plain.hasColumns;
    },
    files: plain.files,
    at: (offset) => plain.at(uneditOffset(insertions, offset)),
    atLoaded: plain.at,
    sourceText: plain.sourceText,
    isFromDisk: plain.isFromDisk,
    generatedOffset: plain.generatedOffset,
  };
}

/** By the mean length of its lines; the map itself may stand in the last. */
function isMinified(text: string, lines: number): boolean {
  const comment = text.lastIndexOf('sourceMappingURL=');
  return (comment < 0 ? text.length : comment) > 200 * lines;
}

/** Why a map that can be read would show less than the script itself; null: it does not. */
function whyOfNoUse(positions: Positions, minified: boolean): string | null {
  // As where only what was compiled is installed.
  if (!positions.hasSources()) {
    const [first] = positions.files;
    return first === undefined ? 'it names no source' : `its sources are not there (${first})`;
  }
  // Everything would be on the first line that each was made from.
  return minified && !positions.hasColumns
    ? 'it tells lines alone, and the script was minified (with webpack, a devtool without "cheap" tells more)'
    : null;
}

/** V8's and Node's names for code without one (`eval`, `new Function`, `vm`): each text needs its own. */
const NAMELESS = new Set(['', '<unknown>', 'evalmachine.<anonymous>']);

/** What code that no file holds is called: as it says itself (`sourceURL`), else after its text. */
function evaluatedName(url: string, text: string, textHash: string): string {
  if (!NAMELESS.has(url)) return url;
  const own = /\n\/\/[#@] sourceURL=(\S+)\s*$/.exec(text)?.[1];
  return own === undefined ? `<evaluated ${textHash.slice(0, 8)}>` : (pathOfUrl(own) ?? own);
}

/** SHA-1 (hex) of a text in UTF-8, as the collector's plan and readings name texts. */
export function sha1(text: string): string {
  return createHash('sha1').update(text, 'utf8').digest('hex');
}

function findEdit(edits: readonly TextEdit[], path: string | null, compiled: string): TextEdit | null {
  const candidates = path === null ? [] : edits.filter((edit) => edit.path === path);
  if (candidates.length === 0) return null;
  const hash = sha1(compiled);
  return candidates.find((edit) => edit.editedHash === hash) ?? null;
}

/** A script's way back to its sources, before what the collector put into its text. */
export type Positions = Pick<
  ScriptMap,
  'files' | 'hasColumns' | 'sourceText' | 'isFromDisk' | 'generatedOffset'
> & {
  readonly at: ScriptMap['atLoaded'];
  /** The text of at least one of `files` is to be had. */
  readonly hasSources: () => boolean;
};

/** A script without a source map is its own source; where Node stripped types, the file has the text to show. */
function ownPositions(file: string, text: string, starts: Int32Array, readFile: ReadFile): Positions {
  let shown: string | undefined;
  return {
    files: [file],
    hasColumns: true,
    hasSources: () => true,
    at(offset) {
      const line = lineIndexAt(starts, offset);
      return { file, line: line + 1, column: offset - starts[line]! };
    },
    sourceText() {
      shown ??= unstripped(text, file, readFile);
      return shown;
    },
    // Types that were stripped in place are looked at again (`unstripped`).
    isFromDisk: () => false,
    generatedOffset(_file, line, fromColumn) {
      const start = starts[line - 1];
      return start === undefined ? null : start + fromColumn;
    },
  };
}

/**
 * Node's type stripping blanks types in place and ends the text with a `sourceURL` comment: every line and
 * column stays, so the file's own text is the one to show, if it is still the same file.
 */
function unstripped(text: string, file: string, readFile: ReadFile): string {
  if (!/\.[mc]?ts$/.test(file)) return text;
  const comment = text.lastIndexOf('\n\n//# sourceURL=');
  const body = comment < 0 ? text : text.slice(0, comment);
  const onDisk = readFile(file);
  if (onDisk === null) return text;
  const strippedLines = body.split('\n');
  const lines = onDisk.split('\n');
  const same =
    // The called expression is appended to its module (collect/modules.ts).
    lines.length <= strippedLines.length &&
    lines.every(
      (line, i) => line === strippedLines[i] || line.trimEnd().length >= strippedLines[i]!.trimEnd().length,
    );
  return same ? onDisk : text;
}
