import { readFileSync } from 'node:fs';
import { functionMadeFrom, type PlaceCode, placeIn } from '../hits/placing.ts';
import { v8StartOf } from '../hits/v8ranges.ts';
import type { SourceFunction } from '../model/source.ts';
import { lineStartsOf } from '../source/lines.ts';
import { type ParsedFile, parseFile, parseSource } from '../source/parse.ts';
import {
  markedFunctions,
  type PathAndSource,
  parseSelector,
  type SelectedFunction,
  selectFunctions,
} from '../source/select.ts';
import { createMapper } from '../sourcemap/mapper.ts';

/** A parsed text with its chosen functions. */
export interface Chosen {
  readonly parsed: ParsedFile;
  readonly functions: ReadonlySet<SourceFunction>;
}

/**
 * The functions of a text that selectors choose, or marks where a list of selectors is empty: by name in the text
 * itself, and by file and name in the sources that it was made from, if it names a source map. Null: there can be
 * none, which is known without parsing the text.
 * @param lists each chooses for itself
 * @throws ProfileError `syntax-error`
 */
export function chosenFunctions(
  text: string,
  path: string,
  lists: readonly (readonly string[])[],
  cwd: string,
): Chosen | null {
  const originals = NAMES_MAP.test(text) ? originalsOf(text, path, lists, cwd) : [];
  const mayHoldSome = lists.some((selectors) => selectors.length > 0 || /profile/.test(text));
  if (!mayHoldSome && originals.length === 0) return null;
  const parsed = parseFile(text, path);
  const choose = (from: readonly PathAndSource[]): readonly SelectedFunction[] =>
    lists.flatMap((selectors) =>
      selectors.length === 0 ? markedFunctions(from) : selectFunctions(from, selectors, cwd).functions,
    );
  const functions = new Set(choose([{ path, source: parsed.source }]).map((one) => one.function));
  const made = parsed.nodes.map((node, index) => ({
    start: v8StartOf(node, text),
    end: node.end!,
    function: parsed.source.functions[index]!,
  }));
  for (const original of originals) {
    for (const one of choose([original])) {
      const found = functionMadeFrom(one.source, one.function, made, original.place);
      if (found !== null) functions.add(found.function);
    }
  }
  return { parsed, functions };
}

interface Original extends PathAndSource {
  readonly place: PlaceCode;
}

/** The sources of a text, packages' left out, that may hold chosen functions. */
function originalsOf(
  text: string,
  path: string,
  lists: readonly (readonly string[])[],
  cwd: string,
): Original[] {
  const map = createMapper({ readFile, cwd }).open({ url: path, text: () => text });
  if (!map.mapped) return [];
  return map.files.flatMap((file) => {
    const original = isPackages(file) ? null : map.sourceText(file);
    if (original === null || !lists.some((selectors) => mayHold(original, selectors))) return [];
    try {
      const place = placeIn(map, file, lineStartsOf(original));
      return [{ path: file, source: parseSource(original, file), place }];
    } catch {
      // What a map gives as a source may be no JavaScript.
      return [];
    }
  });
}

/** What the end of a text with a source map says. */
export const NAMES_MAP = /[#@]\s*sourceMappingURL=/;

function readFile(path: string): string | null {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return null;
  }
}

function isPackages(path: string): boolean {
  return /[\\/]node_modules[\\/]/.test(path);
}

/** Whether a text may hold a chosen function: cheaper than to parse every source of a bundle. */
function mayHold(text: string, selectors: readonly string[]): boolean {
  if (selectors.length === 0) return /profile/.test(text);
  return selectors.some((selector) => {
    const last = parseSelector(selector).name?.split('.').at(-1);
    return last === undefined || !/^[\p{ID_Continue}$]+$/u.test(last) || text.includes(last);
  });
}
