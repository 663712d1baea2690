import { readFileSync } from 'node:fs';
import { functionMadeFrom, placeIn } from '../hits/placing.ts';
import { v8StartOf } from '../hits/v8ranges.ts';
import type { SourceFunction } from '../model/source.ts';
import { lineStartsOf } from '../source/lines.ts';
import { type ParsedFile, parseSource } from '../source/parse.ts';
import {
  markedFunctions,
  type PathAndSource,
  parseSelector,
  type SelectedFunction,
  selectFunctions,
} from '../source/select.ts';
import { createMapper } from '../sourcemap/mapper.ts';

/**
 * The functions of a text that selectors choose, or marks where there are no selectors: by name in the text itself,
 * and by file and name in the sources that it was made from, if it names a source map.
 */
export function chosenFunctions(
  parsed: ParsedFile,
  text: string,
  path: string,
  selectors: readonly string[],
  cwd: string,
): Set<SourceFunction> {
  const files = [{ path, source: parsed.source }];
  const choose = (from: readonly PathAndSource[]): readonly SelectedFunction[] =>
    selectors.length === 0 ? markedFunctions(from) : selectFunctions(from, selectors, cwd).functions;
  const chosen = new Set(choose(files).map((one) => one.function));
  if (!NAMES_MAP.test(text)) return chosen;
  const map = createMapper({ readFile, cwd }).open({ url: path, text: () => text });
  if (!map.mapped) return chosen;
  const { functions } = parsed.source;
  const made = parsed.nodes.map((node, index) => ({
    start: v8StartOf(node, text),
    end: node.end!,
    function: functions[index]!,
  }));
  for (const file of map.files) {
    const original = isPackages(file) ? null : map.sourceText(file);
    if (original === null || !mayHold(original, selectors)) continue;
    const place = placeIn(map, file, lineStartsOf(original));
    for (const one of choose(parsedOriginal(file, original))) {
      const found = functionMadeFrom(one.source, one.function, made, place);
      if (found !== null) chosen.add(found.function);
    }
  }
  return chosen;
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

/** What a map gives as a source may be no JavaScript. */
function parsedOriginal(path: string, text: string): readonly PathAndSource[] {
  try {
    return [{ path, source: parseSource(text, path) }];
  } catch {
    return [];
  }
}

/** Whether a text may hold a chosen function: cheaper than to parse every source of a bundle. */
function mayHold(text: string, selectors: readonly string[]): boolean {
  if (selectors.length === 0) return /profile/.test(text);
  return selectors.some((selector) => {
    const last = parseSelector(selector).name?.split('.').at(-1);
    return last === undefined || !/^[\p{ID_Continue}$]+$/u.test(last) || text.includes(last);
  });
}
