import type { CallTree, FrameKind, FunctionProfile, TreeFrame } from '../model/profile.ts';
import type { SourceFile } from '../model/source.ts';
import { accumulate, type IsolateCounts } from './accumulate.ts';
import { buildFunctions, type ChosenFunction } from './build.ts';
import { createEdges } from './edges.ts';
import { type AnalysedFile, createFileTable } from './files.ts';
import type { InputScript, InputScriptMap, InputTables, InputTick } from './input.ts';
import { scriptKind, shownPath } from './kinds.ts';
import { createPlaces } from './places.ts';
import { type CountTarget, countTargets, type MadeFrom } from './targets.ts';
import { createTreeBuilder } from './tree.ts';

/** Share of the hottest function's samples from which on another one is worth to be shown beside it. */
const WARM = 0.01;

export interface AnalysisOptions {
  /** Absolute; files inside it are named relative to it. */
  readonly cwd: string;
  /** Throws for text that does not parse. */
  readonly parse: (text: string, file: string) => SourceFile;
  /** A script's way back to its sources. */
  readonly open: (script: InputScript) => InputScriptMap;
  /** Of the functions of a mapped text, the one made from a function of one of its files; null where that is not known. */
  readonly madeFrom: MadeFrom;
  /** Paths of the profiler's own code, which is nobody's: it counts as Node's. */
  readonly isProfiler?: (path: string) => boolean;
  /** Package files whose lines are asked for as well. */
  readonly detailed?: (path: string) => boolean;
}

/** One isolate's samples on their way into the analysis. */
export interface IsolateSink {
  tick(tick: InputTick): void;
  /** The log has been read to its end, for now at least; its samples are this far apart. */
  done(intervalMicros: number): void;
  readonly samples: number;
  /** Of these, how many could not be given to a line since calls on several lines might have been it. */
  readonly ambiguous: number;
  readonly index: number;
}

/** Everything but hits and the facts of the run. */
export interface AnalysisResult {
  readonly functions: readonly FunctionProfile[];
  /** By isolate, in the order they were begun: the same functions with that isolate's samples alone. */
  byIsolate(index: number): readonly FunctionProfile[];
  /** Made when it is asked for. */
  readonly tree: CallTree;
  /** Where to put counters for these functions. */
  targets(): readonly CountTarget[];
  readonly notes: readonly string[];
}

export interface Analysis {
  /** Begins an isolate; several may be read one after another or at once. */
  isolate(tables: InputTables): IsolateSink;
  /** Original files of own code: those with samples, and with `loaded` every one that an isolate loaded. */
  files(which: 'sampled' | 'loaded'): readonly AnalysedFile[];
  /** Own functions with the most samples in which they were innermost, hottest first. */
  hottest(count: number): readonly ChosenFunction[];
  finish(chosen: readonly ChosenFunction[]): AnalysisResult;
}

/** Collects samples of any number of isolates; memory grows with the code that ran, not with the samples. */
export function createAnalysis(options: AnalysisOptions): Analysis {
  const files = createFileTable(options.parse);
  const kindOf = (path: string | null): FrameKind | null =>
    path !== null && options.isProfiler?.(path) === true ? 'node' : null;
  const places = createPlaces({
    open: options.open,
    files,
    kindOf,
    detailed: options.detailed ?? (() => false),
  });
  const edges = createEdges();
  const tree = createTreeBuilder();
  const isolates: IsolateCounts[] = [];
  const allTables: InputTables[] = [];
  const opened = new Set<InputScript>();

  const openAll = (): void => {
    for (const tables of allTables) {
      for (const script of tables.scripts.values()) {
        if (opened.has(script) || script.url === '' || script.url.startsWith('node:')) continue;
        opened.add(script);
        // Only now is the text read: most scripts of a run are never asked for.
        const roughPath = script.url.replace(/^file:\/\//, '');
        const kind = kindOf(roughPath) ?? scriptKind(roughPath, script.url);
        if (kind !== 'own' && options.detailed?.(roughPath) !== true) continue;
        const map = options.open(script);
        if (map.path === null && !map.mapped) continue;
        for (const file of map.files) files.get(file, map);
      }
    }
  };

  const frameOf = (functionId: number): TreeFrame => {
    const { name, kind, path, line, column } = places.functions[functionId]!;
    return { name, kind, file: path === null ? null : shownPath(path, options.cwd), line, column };
  };

  return {
    isolate(tables) {
      const accumulator = accumulate(places, edges, tree, tables);
      const { counts } = accumulator;
      const index = isolates.push(counts) - 1;
      allTables.push(tables);
      return {
        tick: accumulator.tick,
        done(intervalMicros) {
          accumulator.end();
          counts.intervalMicros = intervalMicros;
        },
        get samples() {
          return accumulator.samples;
        },
        get ambiguous() {
          return counts.ambiguous;
        },
        index,
      };
    },
    files(which) {
      if (which === 'loaded') openAll();
      return files.all();
    },
    hottest(count) {
      return (
        places.functions
          .filter(({ kind, source, path }) => kind === 'own' && source !== null && path !== null)
          .map((fn) => ({
            fn,
            samples: isolates.reduce((sum, { innermost }) => sum + innermost.get(fn.id), 0),
          }))
          .filter(({ samples }) => samples > 0)
          .sort((a, b) => b.samples - a.samples || a.fn.id - b.fn.id)
          .slice(0, count)
          // What took next to nothing is not hot, however few functions there are.
          .filter(({ samples }, _, [first]) => samples >= first!.samples * WARM)
          .map(({ fn }) => ({ path: fn.path!, function: fn.source!, file: files.find(fn.path!)! }))
      );
    },
    finish(chosen) {
      const build = (some: readonly IsolateCounts[]) =>
        buildFunctions(chosen, places, edges, some, options.cwd);
      return {
        functions: build(isolates),
        byIsolate: (index) => build(isolates.slice(index, index + 1)),
        get tree() {
          return tree.finish(frameOf);
        },
        targets: () => countTargets(chosen, files.all(), options.parse, options.madeFrom),
        notes: [...new Set([...places.notes(), ...chosen.flatMap(notesOf)])],
      };
    },
  };
}

/** Why the maps of its scripts were not used; places tell that of scripts with samples alone. */
function notesOf({ file }: ChosenFunction): string[] {
  // A file that was never loaded has no scripts.
  const { scripts = [] } = file as Partial<AnalysedFile>;
  return scripts.flatMap(({ note }) => note ?? []);
}
