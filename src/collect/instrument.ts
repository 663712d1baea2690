/**
 * Bundle of its own (`dist/collect/instrument.cjs`): the preload loads it when the first file needs counters, so
 * that a program without them does not pay for the parser.
 */
import type { FunctionTable } from '../hits/instrument.ts';
import { instrumentParsed } from '../hits/instrument.ts';
import { readHits } from '../hits/read.ts';
import { insertWindows } from '../hits/windows.ts';
import { insertReadings, type MemoryInsertOptions } from '../memory/insert.ts';
import type { SourceFunction } from '../model/source.ts';
import type { CountersPlan, FunctionHits, ScriptTarget } from '../protocol/collector.ts';
import { parseFile, parseSource } from '../source/parse.ts';
import { chosenFunctions, NAMES_MAP } from './chosen.ts';
import type { InstrumentedText } from './instrumenter.ts';

export { parseSource };

/**
 * The text with counters in the chosen functions, or null when it has none of them. `target` chooses by V8's
 * ranges; without one the plan's selectors choose, and without selectors the marks.
 * @param mapped the text has a source map that it does not name
 * @param allot gives the first of n counters in a row
 * @throws ProfileError `syntax-error`
 */
export function instrument(
  text: string,
  path: string,
  plan: CountersPlan,
  target: ScriptTarget | null,
  mapped: boolean,
  allot: (count: number) => number,
): InstrumentedText | null {
  const { level } = plan;
  if (level === 'memory') return instrumentMemory(text, path, plan, target, allot);
  if (level === 'windows') {
    const parsed = parseFile(text, path);
    const windowed = insertWindows(parsed, text, allot);
    return windowed === null ? null : { ...windowed, source: parsed.source };
  }
  if (target !== null) {
    const chosen = { kind: 'ranges', ranges: target.ranges } as const;
    return instrumentParsed(parseFile(text, path), text, { level, chosen, mapped: target.mapped, allot });
  }
  if (plan.target.kind !== 'selectors') return null;
  const { selectors, cwd } = plan.target;
  const isMapped = mapped || NAMES_MAP.test(text);
  // Cheaper than to parse every file of a program.
  if (selectors.length === 0 && !isMapped && !/profile/.test(text)) return null;
  const parsed = parseFile(text, path);
  const functions = chosenFunctions(parsed, text, path, selectors, cwd);
  const isChosen = (one: SourceFunction): boolean => functions.has(one);
  const chosen = { kind: 'predicate', isChosen } as const;
  return instrumentParsed(parsed, text, { level, chosen, mapped: isMapped, allot });
}

/** As `instrument`, with readings of the heap instead of counters. */
function instrumentMemory(
  text: string,
  path: string,
  plan: CountersPlan,
  target: ScriptTarget | null,
  allot: (count: number) => number,
): InstrumentedText | null {
  const selectors = plan.target.kind === 'selectors' ? plan.target : null;
  const also = selectors?.also ?? [];
  const mayBeMarked = /profile/.test(text) || NAMES_MAP.test(text);
  if (selectors !== null && selectors.selectors.length === 0 && also.length === 0 && !mayBeMarked)
    return null;
  const parsed = parseFile(text, path);
  let chosen: MemoryInsertOptions['chosen'];
  if (target !== null) chosen = { kind: 'ranges', ranges: target.ranges };
  else if (selectors === null) return null;
  else {
    const functions = chosenFunctions(parsed, text, path, selectors.selectors, selectors.cwd);
    if (also.length > 0)
      for (const one of chosenFunctions(parsed, text, path, also, selectors.cwd)) functions.add(one);
    chosen = { kind: 'predicate', isChosen: (one) => functions.has(one) };
  }
  const result = insertReadings(parsed, text, { chosen, allot });
  if (result === null) return null;
  const { functions, points, insertions } = result;
  return { text: result.text, insertions, functions: [{ functions, points }] };
}

/** The counts of instrumented functions (`InstrumentedText.functions`), as ranges of the text before. */
export function readCounts(
  functions: readonly unknown[],
  counts: ArrayLike<number>,
): readonly FunctionHits[] {
  return readHits(functions as readonly FunctionTable[], counts);
}
