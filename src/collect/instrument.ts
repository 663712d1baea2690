/**
 * Bundle of its own (`dist/collect/instrument.cjs`): the preload loads it when the first file needs counters, so
 * that a program without them does not pay for the parser.
 */
import type { FunctionTable } from '../hits/instrument.ts';
import { instrumentParsed } from '../hits/instrument.ts';
import { readHits } from '../hits/read.ts';
import { insertWindows } from '../hits/windows.ts';
import { insertReadings } from '../memory/insert.ts';
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
  const found = chosenFunctions(text, path, [selectors], cwd);
  if (found === null) return null;
  const { parsed, functions } = found;
  const isChosen = (one: SourceFunction): boolean => functions.has(one);
  const chosen = { kind: 'predicate', isChosen } as const;
  return instrumentParsed(parsed, text, { level, chosen, mapped: mapped || NAMES_MAP.test(text), allot });
}

/** As `instrument`, with readings of the heap instead of counters. */
function instrumentMemory(
  text: string,
  path: string,
  plan: CountersPlan,
  target: ScriptTarget | null,
  allot: (count: number) => number,
): InstrumentedText | null {
  let result: ReturnType<typeof insertReadings>;
  if (target !== null) {
    const chosen = { kind: 'ranges', ranges: target.ranges } as const;
    result = insertReadings(parseFile(text, path), text, { chosen, allot });
  } else {
    if (plan.target.kind !== 'selectors') return null;
    const { selectors, also = [], cwd } = plan.target;
    const found = chosenFunctions(text, path, also.length > 0 ? [selectors, also] : [selectors], cwd);
    if (found === null) return null;
    const isChosen = (one: SourceFunction): boolean => found.functions.has(one);
    result = insertReadings(found.parsed, text, { chosen: { kind: 'predicate', isChosen }, allot });
  }
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
