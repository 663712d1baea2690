/**
 * Bundle of its own (`dist/register/results.cjs`), loaded when the first result is written: from the aggregated
 * call tree to what is written. It keeps parsed files from one result to the next.
 */

import { buildCpuProfile } from '../export/cpuprofile.ts';
import type { CpuProfile } from '../export/cpuprofile-file.ts';
import type { OwnFunction } from '../export/cpuprofile-places.ts';
import { cpuProfileOf, type TreeTicks } from '../export/cpuprofile-write.ts';
import { lineHits } from '../hits/lines.ts';
import { placeIn } from '../hits/placing.ts';
import type { FunctionProfile, Profile, RunFacts } from '../model/profile.ts';
import type { SourceFile, SourceFunction } from '../model/source.ts';
import type { FunctionHits } from '../protocol/collector.ts';
import { lineStartsOf } from '../source/lines.ts';
import { createMapper, type ScriptMap } from '../sourcemap/mapper.ts';
import { type Insertions, uneditOffset } from '../sourcemap/unedit.ts';
import { readText, scriptKey } from './files.ts';

/** A script with marked functions, under its URL as V8 has it or its path. */
export interface MarkedScript {
  readonly url: string;
  /** As it was loaded, before calls were inserted. */
  readonly text: string;
  readonly insertions: Insertions;
  /** What the parser made of `text`; null: nothing yet. */
  readonly source: SourceFile | null;
}

/** A marked function; line and column 0-based, in the text that V8 compiled. */
export interface MarkedFunction {
  readonly url: string;
  readonly line: number;
  readonly column: number;
  readonly calls: number;
}

/** V8's counts of one script, in offsets of the text that it compiled, since they were last taken. */
export interface ScriptCoverage {
  readonly url: string;
  readonly functions: readonly {
    readonly ranges: readonly {
      readonly startOffset: number;
      readonly endOffset: number;
      readonly count: number;
    }[];
  }[];
}

/** Everything a result is made of. */
export interface ResultInput {
  readonly tree: readonly TreeTicks[];
  readonly scripts: readonly MarkedScript[];
  readonly functions: readonly MarkedFunction[];
  /** Null: lines' hits were not asked for. */
  readonly coverage: readonly ScriptCoverage[] | null;
  readonly startMicros: number;
  readonly run: RunFacts;
}

/** Makes results; one for the life of a thread. */
export interface Results {
  profile(input: ResultInput): Profile;
  /** The text of a .cpuprofile. */
  cpuProfile(input: ResultInput): string;
}

/** See `Results`. `parseSource` reads the files that a source map names, and scripts without a `source`. */
export function createResults(cwd: string, parseSource: (text: string, file: string) => SourceFile): Results {
  const maps = new Map<string, { readonly script: MarkedScript; readonly map: ScriptMap }>();
  const parsed = new Map<string, { readonly text: string; readonly source: SourceFile }>();
  const hits: LineCounts = new WeakMap();
  const mapper = createMapper({ readFile: readText, cwd });
  const parse = (text: string, file: string): SourceFile => {
    const known = parsed.get(file);
    if (known?.text === text) return known.source;
    const script = maps.get(file)?.script;
    const source = (script?.text === text ? script.source : null) ?? parseSource(text, file);
    parsed.set(file, { text, source });
    return source;
  };
  const addScripts = (scripts: readonly MarkedScript[]): void => {
    for (const script of scripts) {
      if (maps.get(scriptKey(script.url))?.script.text === script.text) continue;
      const map = mapper.open({ url: script.url, text: () => script.text });
      if (map !== null) maps.set(scriptKey(script.url), { script, map });
    }
  };
  const treeOf = ({ tree }: ResultInput): TreeTicks[] =>
    tree.map((node) => {
      const script = maps.get(scriptKey(node.frame.url))?.script;
      return script === undefined ? node : { ...node, frame: uneditFrame(node.frame, script) };
    });
  return {
    profile(input) {
      addScripts(input.scripts);
      const { run, functions, coverage, startMicros } = input;
      const calls = new Map<OwnFunction, number>();
      let chosen: readonly OwnFunction[] = [];
      let unknown = 0;
      const profile = buildCpuProfile(
        countsOnly(cpuProfileOf(treeOf(input), startMicros, run.intervalMicros), run.intervalMicros),
        {
          name: 'profile',
          cwd,
          startedAt: new Date(run.startedAt),
          most: Number.POSITIVE_INFINITY,
          open: (url) => maps.get(scriptKey(url))?.map ?? null,
          parse,
        },
        (counts, _most, places) => {
          for (const one of functions) {
            const script = maps.get(scriptKey(one.url))?.script;
            const { line: lineNumber, column: columnNumber, url } = one;
            const frame = { functionName: '', scriptId: '0', url, lineNumber, columnNumber };
            const owner = places.functionOf(script === undefined ? frame : uneditFrame(frame, script));
            if (owner === null) unknown++;
            else calls.set(owner, (calls.get(owner) ?? 0) + one.calls);
          }
          const self = (owner: OwnFunction): number => counts.functions.get(owner)?.self ?? 0;
          chosen = [...calls.keys()].sort((a, b) => self(b) - self(a));
          return chosen;
        },
      );
      if (coverage !== null) addHits(hits, coverage, maps, parse);
      return {
        ...profile,
        run: {
          ...profile.run,
          ...run,
          unplacedSamples: run.unplacedSamples + profile.run.unplacedSamples,
          times: 'self',
          notes: [
            ...run.notes,
            ...profile.run.notes.filter((note) => /^\d+ samples were on lines outside/.test(note)),
            ...(unknown > 0 ? [`${unknown} marked functions are left out: their source is not known.`] : []),
          ],
        },
        functions: profile.functions.map((fn, index) => {
          const owner = chosen[index]!;
          const lines = coverage === null ? undefined : hits.get(owner.fn);
          return withCalls(fn, calls.get(owner)!, lines);
        }),
      };
    },
    cpuProfile(input) {
      addScripts(input.scripts);
      return JSON.stringify(cpuProfileOf(treeOf(input), input.startMicros, input.run.intervalMicros));
    },
  };
}

/** Without the samples that stand for many: what a tick stands for is then the mean of them all. */
function countsOnly({ nodes, startTime }: CpuProfile, intervalMicros: number): CpuProfile {
  const ticks = nodes.reduce((sum, { hitCount = 0 }) => sum + hitCount, 0);
  return { nodes, startTime, endTime: startTime + ticks * intervalMicros };
}

type Frame = TreeTicks['frame'];

/** A call frame where it stood before calls were inserted; insertions never move a line. */
function uneditFrame(frame: Frame, { text, insertions }: MarkedScript): Frame {
  if (insertions.length === 0 || frame.lineNumber < 0) return frame;
  const start = lineStartsOf(text)[frame.lineNumber] ?? 0;
  const before = insertions.reduce((sum, [at, length]) => sum + (at < start ? length : 0), 0);
  const offset = uneditOffset(insertions, start + before + frame.columnNumber);
  return { ...frame, columnNumber: offset - start };
}

function withCalls(
  fn: FunctionProfile,
  calls: number,
  hits: readonly (number | null)[] | undefined,
): FunctionProfile {
  // A file of many lines that was compiled to one: V8 tells lines alone, and all are that one.
  const lineless = fn.selfSamples > 0 && fn.lines.every(({ selfSamples }) => selfSamples === 0);
  const unsampled = calls === 0 ? 'It was never called.' : 'Its time was too short for a sample.';
  return {
    ...fn,
    calls,
    callsInTimedRun: calls,
    lines: fn.lines.map((line) => ({
      ...line,
      ...(lineless && NO_TIME),
      hits: hits?.[line.line - fn.line] ?? (line.line === fn.line ? calls : null),
    })),
    notes: lineless ? [LINELESS] : fn.samples > 0 ? fn.notes : [...fn.notes, unsampled],
  };
}

const NO_TIME = {
  selfMicros: null,
  percent: null,
  percentMargin: null,
  percentLow: null,
  percentHigh: null,
} as const;

const LINELESS =
  'The time of its lines is not known: its file was compiled to text without lines of its own (as tsx and minifiers do), and V8 samples by line. Compile it with tsc, or use lineprof run.';

type Maps = ReadonlyMap<string, { readonly script: MarkedScript; readonly map: ScriptMap }>;

/** Hits of a function's lines, from its first on; gone with the text that the function is of. */
type LineCounts = WeakMap<SourceFunction, readonly (number | null)[]>;

/** Adds V8's counts to the hits of the functions of each original file. */
function addHits(
  hits: LineCounts,
  coverage: readonly ScriptCoverage[],
  maps: Maps,
  parse: (text: string, file: string) => SourceFile,
): void {
  for (const { url, functions } of coverage) {
    const known = maps.get(scriptKey(url));
    if (known === undefined) continue;
    const { map, script } = known;
    const back = (offset: number): number => uneditOffset(script.insertions, offset);
    const counted = functions.flatMap(({ ranges }): FunctionHits[] => {
      const [whole] = ranges;
      if (whole === undefined) return [];
      return [
        {
          start: back(whole.startOffset),
          end: back(whole.endOffset),
          calls: whole.count,
          ranges: ranges.map((range) => [back(range.startOffset), back(range.endOffset), range.count]),
        },
      ];
    });
    const scripts = [{ path: map.path ?? url, textHash: map.textHash, text: map.text, functions: counted }];
    for (const file of map.files) {
      const text = map.sourceText(file);
      if (text === null) continue;
      const source = parse(text, file);
      const lineStarts = lineStartsOf(text);
      const place = map.mapped ? { place: placeIn(map, file, lineStarts) } : {};
      lineHits(source, source.functions, [{ scripts, ...place }]).forEach((counts, index) => {
        const one = source.functions[index]!;
        const sum = hits.get(one) ?? [];
        hits.set(
          one,
          counts.map((count, i) => (count === null ? (sum[i] ?? null) : count + (sum[i] ?? 0))),
        );
      });
    }
  }
}
