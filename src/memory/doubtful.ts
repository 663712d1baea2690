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

/** 0.5 % of a page of 256 KiB. */
const MEAN_END = 1310;
/**
 * Rounding makes objects of one size all seem smaller than they are, or all larger: where a tenth leave so much,
 * their mean says nothing.
 */
const LARGE_END = 256;
const LARGE_SHARE = 0.1;
/** Rounding is less than this of objects that are no larger. */
const SURE_EXCESS = 4096;
/** Fewer samples say nothing. */
const ENOUGH_SAMPLES = 16;
/**
 * Objects above 128 KiB have places of their own and leave no ends of pages; V8 tells their size. Of those on pages it
 * tells at most twice the size, where that is below ln 3 intervals: less than this.
 */
const LARGEST_SCALED = 2 * Math.log(3) * SAMPLE_BYTES;

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
      if (isLarge(made?.get(placeOf(path, lineAt(text, start))) ?? NOTHING)) large.add(number);
    }
  }
  return large;
}

function isLarge({ count, ends, large }: Made): boolean {
  return count < ENOUGH_SAMPLES || ends >= MEAN_END * count || large >= LARGE_SHARE * count;
}

interface Made {
  count: number;
  /** Sum of `endOf`. */
  ends: number;
  /** Samples with `LARGE_END`. */
  large: number;
}

const NOTHING: Made = { count: 0, ends: 0, large: 0 };

/** What was sampled below each function, by the place where it begins. */
function madeBelow({ head, samples }: SampledHeap, pathOf: PathOf): ReadonlyMap<string, Made> {
  const own = new Map<number, Made>();
  for (const { size, nodeId } of samples) {
    const made = own.get(nodeId) ?? { ...NOTHING };
    const end = endOf(size);
    made.count++;
    made.ends += end;
    if (end >= LARGE_END) made.large++;
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
      const sum = below.get(one) ?? { ...NOTHING };
      sum.count += made!.count;
      sum.ends += made!.ends;
      sum.large += made!.large;
      below.set(one, sum);
    }
    for (const child of node.children) open.push({ node: child, stack: inner });
  }
  return below;
}

/**
 * About the end of a page that a sampled object may leave (bytes): half its size. V8 gives the size times the number
 * of such objects that the sample stands for, 1 / (1 - e^(-size / interval)), rounded
 * (`SamplingHeapProfiler::ScaleSample`): of small objects that is the interval and half the size, give or take
 * another half; of larger ones twice the size, or the size.
 */
function endOf(scaled: number): number {
  if (scaled >= LARGEST_SCALED) return 0;
  const excess = Math.max(0, scaled - SAMPLE_BYTES);
  return excess < SURE_EXCESS ? excess : scaled / 2;
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
