import { gatherEdits } from '../hits/edits.ts';
import { functionsInRanges } from '../hits/v8ranges.ts';
import type { SourceFunction } from '../model/source.ts';
import type { ParsedFile } from '../source/parse.ts';
import { insertFunction, insertModule } from './functions.ts';
import { numberOf, type ReadFunction, type ReadPoint, type Scope } from './scope.ts';

/** A text with readings between the statements of its chosen functions; no line of it moved. */
export interface MemoryInstrumented {
  readonly text: string;
  /** Ascending: [offset in the text as loaded, inserted length]. */
  readonly insertions: readonly (readonly [number, number])[];
  readonly functions: readonly ReadFunction[];
  readonly points: readonly ReadPoint[];
}

export interface MemoryInsertOptions {
  /** V8's [start, end) of the chosen functions, or what chooses from the functions of the text. */
  readonly chosen:
    | { readonly kind: 'ranges'; readonly ranges: readonly (readonly [number, number])[] }
    | { readonly kind: 'predicate'; readonly isChosen: (one: SourceFunction) => boolean };
  /** Gives the first of `count` numbers in a row; called once. */
  readonly allot: (count: number) => number;
}

/**
 * Puts calls of the memory probe before every statement of the chosen functions and of those written in them.
 * @returns null when nothing in the text was chosen
 * @throws RangeError for a text nested deeper than the stack
 */
export function insertReadings(
  parsed: ParsedFile,
  text: string,
  { chosen, allot }: MemoryInsertOptions,
): MemoryInstrumented | null {
  const wanted =
    chosen.kind === 'ranges'
      ? functionsInRanges(parsed, chosen.ranges, text)
      : new Set(parsed.nodes.filter((_, index) => chosen.isChosen(parsed.source.functions[index]!)));
  if (wanted.size === 0) return null;
  const { edits, apply } = gatherEdits();
  const scope: Scope = {
    text,
    edits,
    slot: null,
    fn: -1,
    leaves: false,
    loops: [],
    numbers: { used: 0 },
    functions: [],
    points: [],
  };
  let outerEnd = -1;
  for (const node of parsed.nodes) {
    if (!wanted.has(node) || node.start! < outerEnd) continue;
    // A class's static block runs where the class is made; its statements count for that line.
    if (node.type === 'StaticBlock') continue;
    if (node.type === 'Program') insertModule(scope, node);
    else insertFunction(scope, node);
    outerEnd = node.end!;
  }
  if (scope.numbers.used === 0) return null;
  const first = allot(scope.numbers.used);
  const applied = apply(text, (key) => String(first + numberOf(key)));
  return {
    ...applied,
    functions: scope.functions.map(([start, end, number]) => [start, end, first + number]),
    points: scope.points.map(([start, unit, fn, number]) => [start, unit, first + fn, first + number]),
  };
}
