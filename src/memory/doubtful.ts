import {
  type MemoryCounts,
  type MemoryScript,
  SAMPLE_BYTES,
  type SampledHeap,
  type SampledNode,
} from '../protocol/memory.ts';

/** What of a thread's readings is looked at. */
export interface DoubtfulReadings {
  readonly scripts: readonly MemoryScript[];
  readonly counts: Pick<MemoryCounts, 'doubtful'>;
  /** Null: not known. */
  readonly samples: SampledHeap | null;
}

/** The absolute path that a script's URL leads to; null: to none. */
export type PathOf = (url: string) => string | null;

/**
 * Objects of 2.6 KB on average, and the ends of V8's pages of 256 KiB may add 1 %. A mean of a fifth of that finds
 * also most of those sizes that rounding makes seem smaller than they are.
 */
const MEAN_EXCESS = 256;
/** Fewer samples say nothing. */
const ENOUGH_SAMPLES = 16;
/** Larger objects have places of their own: they leave no ends of pages. */
const LARGEST_BYTES = 128 * 1024;

/**
 * Statements whose bytes may hold ends of pages: they filled several, and what their functions make is not known to
 * be small. 0 stands for what statements do after calls that were read.
 * @returns [number, bytes]; processes and threads give the same numbers to the same code
 */
export function doubtfulNumbers(
  threads: readonly DoubtfulReadings[],
  pathOf: PathOf,
): readonly (readonly [number, number])[] {
  const bytes = new Map<number, number>();
  for (const { scripts, counts, samples } of threads) {
    const large = largeFunctions(scripts, samples, pathOf);
    const functionOf = new Map(
      scripts.flatMap(({ points }) => points.map(([, , fn, number]) => [number, fn])),
    );
    counts.doubtful.forEach((one, number) => {
      const fn = functionOf.get(number);
      if (one > 0 && (fn === undefined ? large.size > 0 : large.has(fn))) {
        bytes.set(number, Math.max(bytes.get(number) ?? 0, one));
      }
    });
  }
  return [...bytes];
}

/** Numbers of the functions that make large objects, callees included, or of which too little is known. */
function largeFunctions(
  scripts: readonly MemoryScript[],
  samples: SampledHeap | null,
  pathOf: PathOf,
): ReadonlySet<number> {
  const made = samples === null ? null : madeBelow(samples, pathOf);
  const large = new Set<number>();
  for (const { path, text, functions } of scripts) {
    for (const [start, , number] of functions) {
      const { count, excess } = made?.get(placeOf(path, lineAt(text, start))) ?? NOTHING;
      if (count < ENOUGH_SAMPLES || excess / count >= MEAN_EXCESS) large.add(number);
    }
  }
  return large;
}

interface Made {
  count: number;
  /** Sum of `excessOf`. */
  excess: number;
}

const NOTHING: Made = { count: 0, excess: 0 };

/** What was sampled below each function, by the place where it begins. */
function madeBelow({ head, samples }: SampledHeap, pathOf: PathOf): ReadonlyMap<string, Made> {
  const own = new Map<number, Made>();
  for (const { size, nodeId } of samples) {
    const made = own.get(nodeId) ?? { count: 0, excess: 0 };
    made.count++;
    made.excess += excessOf(size);
    own.set(nodeId, made);
  }
  const below = new Map<string, Made>();
  // No recursion: a program's calls may be nested deeply.
  const open: { node: SampledNode; stack: ReadonlySet<string> }[] = [{ node: head, stack: new Set() }];
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    const { node, stack } = next;
    const place = placeOf(pathOf(node.callFrame.url) ?? node.callFrame.url, node.callFrame.lineNumber);
    const inner = stack.has(place) ? stack : new Set(stack).add(place);
    const made = own.get(node.id);
    for (const one of made === undefined ? [] : inner) {
      const sum = below.get(one) ?? { count: 0, excess: 0 };
      sum.count += made!.count;
      sum.excess += made!.excess;
      below.set(one, sum);
    }
    for (const child of node.children) open.push({ node: child, stack: inner });
  }
  return below;
}

/**
 * What tells large objects on pages from others: V8 gives a size times the number of such objects that the sample
 * stands for, 1 / (1 - e^(-size / interval)), rounded (`SamplingHeapProfiler::ScaleSample`). That is the interval and
 * half the size, give or take another half; for those above 128 KB, at this interval, it is their size.
 */
function excessOf(scaled: number): number {
  return scaled > LARGEST_BYTES ? 0 : Math.max(0, scaled - SAMPLE_BYTES);
}

function placeOf(path: string, line: number): string {
  return `${path}\n${line}`;
}

/** 0-based. */
function lineAt(text: string, offset: number): number {
  let line = 0;
  for (let at = text.indexOf('\n'); at >= 0 && at < offset; at = text.indexOf('\n', at + 1)) line++;
  return line;
}
