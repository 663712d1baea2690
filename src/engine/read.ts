import { statSync } from 'node:fs';
import { basename } from 'node:path';
import { type Analysis, createAnalysis, type IsolateSink } from '../analyze/analysis.ts';
import type { LaunchReadings } from '../launch/readings.ts';
import type { SourceFile } from '../model/source.ts';
import { THREAD_MARK } from '../protocol/collector.ts';
import type { KnownMap } from '../sourcemap/find-map.ts';
import { createMapper, type Mapper } from '../sourcemap/mapper.ts';
import { hasBegun, type LogReader, type LogTables, openLog } from '../v8log/read.ts';
import type { Tick } from '../v8log/ticks.ts';
import { madeFrom } from './made-from.ts';

/** What one isolate's log said, beside the samples that went into the analysis. */
export interface IsolateReading {
  readonly pid: number;
  /** 0: the process's main thread. */
  readonly thread: number;
  readonly sink: IsolateSink;
  readonly v8: string;
  readonly intervalMicros: number;
  /** Of the samples since the preload ran; `overhead`, V8's logging and the collector, is not among `samples`. */
  readonly counts: Readonly<Record<'samples' | 'unplaced' | 'outside' | 'cut' | 'overhead', number>>;
}

export interface TimeReadings {
  readonly analysis: Analysis;
  readonly mapper: Mapper;
  /** Those that may be told from threads of Node's own, in the order of the analysis. */
  readonly isolates: readonly IsolateReading[];
}

/** How the logs of a run are read. */
export interface ReadOptions {
  readonly cwd: string;
  /** Absolute path of the collector's own code, whose samples are nobody's. */
  readonly collectFolder: string;
  readonly readFile: (path: string) => string | null;
  /** A source map that only the text's loader knew, by the text's hash. */
  readonly savedMap?: (textHash: string) => KnownMap | null;
  /** Whether lines of a package's file (absolute path) are wanted, too. */
  readonly detailed?: (path: string) => boolean;
  /** Parses a source text; throws for one that does not parse. */
  readonly parse: (text: string, file: string) => SourceFile;
}

type Logs = Pick<LaunchReadings, 'logs' | 'edits'>;

/** A run's logs on their way into one analysis; each is read once, also while it is being written. */
export interface TimesReader {
  /**
   * Takes what the logs said up to now: `known`, but for what cannot be told before V8 has written its machine
   * code, or `all`, without that. `readings` is asked after it was seen how far the logs go: every text edited until then is among its edits.
   */
  advance(what: 'known' | 'all', logs: readonly string[], readings: () => Promise<Logs>): Promise<void>;
  /** Bytes of the logs that have been taken, and that have been left. */
  taken(): number;
  behind(): number;
  /** Takes the rest: the program has ended. */
  finish(readings: Logs): Promise<TimeReadings>;
  /** What is known so far. */
  readings(): TimeReadings;
  /** Closes the logs that are still open. */
  close(): void;
}

/** No log has been read yet. */
export function createTimesReader(options: ReadOptions): TimesReader {
  let edits: Logs['edits'] = [];
  const { readFile, cwd, savedMap } = options;
  const mapper = createMapper({ readFile, cwd, edits: () => edits, ...(savedMap && { savedMap }) });
  const analysis = createAnalysis({
    cwd: options.cwd,
    parse: options.parse,
    open: (script) => mapper.open(script),
    madeFrom,
    ...(options.detailed && { detailed: options.detailed }),
    isProfiler: (path) => path.startsWith(options.collectFolder),
  });
  const isolates = new Map<string, IsolateReader>();
  const readerOf = (log: string): IsolateReader => {
    let reader = isolates.get(log);
    if (reader === undefined) {
      reader = openIsolate(log, analysis, options);
      isolates.set(log, reader);
    }
    return reader;
  };
  const readings = (): TimeReadings => ({
    analysis,
    mapper,
    isolates: [...isolates.values()]
      .map((isolate) => isolate.reading())
      .filter((reading) => reading !== null)
      .sort((a, b) => a.sink.index - b.sink.index),
  });
  return {
    readings,
    async advance(what, logs, ask) {
      const begun = logs.filter((log) => isolates.has(log) || hasBegun(log));
      const sizes = new Map(begun.map((log) => [log, statSync(log).size]));
      ({ edits } = await ask());
      for (const [log, size] of sizes) await readerOf(log).log.advance(size, what === 'all');
    },
    taken: () => [...isolates.values()].reduce((sum, { log }) => sum + log.taken(), 0),
    behind: () => [...isolates.values()].reduce((sum, { log }) => sum + log.behind(), 0),
    async finish(final) {
      ({ edits } = final);
      for (const log of final.logs) await readerOf(log).log.finish();
      return readings();
    },
    close() {
      for (const { log } of isolates.values()) log.close();
    },
  };
}

/** Reads every log of a timed run, which has ended, into one analysis. */
export async function readTimes(readings: Logs, options: ReadOptions): Promise<TimeReadings> {
  return await createTimesReader(options).finish(readings);
}

interface IsolateReader {
  readonly log: LogReader;
  /** Null for a thread that is not the program's: Node's own for loader hooks carries no mark of the preload. */
  reading(): IsolateReading | null;
}

function openIsolate(log: string, analysis: Analysis, { collectFolder }: ReadOptions): IsolateReader {
  const counts = { samples: 0, unplaced: 0, outside: 0, cut: 0, overhead: 0 };
  let thread: number | null = null;
  let sink: IsolateSink | null = null;
  const reader = openLog(log, (tables) => {
    let scriptsSeen = 0;
    const runsProfiler = profilerAtWork(tables, collectFolder);
    return (tick) => {
      if (sink === null) {
        // Before the mark Node starts up, or the thread is not the program's.
        if (tables.scripts.size === scriptsSeen) return;
        scriptsSeen = tables.scripts.size;
        thread = threadOf(tables.scripts.values());
        if (thread === null) return;
        sink = analysis.isolate(tables);
      }
      if (runsProfiler(tick)) {
        counts.overhead++;
        return;
      }
      counts.samples++;
      if (tick.unplaced) counts.unplaced++;
      if (tick.outside) counts.outside++;
      if (tick.cut) counts.cut++;
      sink.tick(tick);
    };
  });
  return {
    log: reader,
    reading() {
      if (sink === null || thread === null) return null;
      const { v8, intervalMicros, counts: all } = reader.facts();
      sink.done(intervalMicros);
      return {
        pid: pidOf(log),
        thread,
        sink,
        v8,
        intervalMicros,
        counts: {
          ...counts,
          unplaced: counts.unplaced + sink.ambiguous,
          overhead: counts.overhead + all.overhead,
        },
      };
    },
  };
}

/**
 * Whether a sample is the collector's own work: its parser or transpiler is the innermost code that is not
 * Node's. What else of the collector is on a stack (hooks, the driver) only passes the program's calls on.
 */
function profilerAtWork(tables: LogTables, collectFolder: string): (tick: Tick) => boolean {
  /** By frame id; null: its caller decides. */
  const known: (boolean | null | undefined)[] = [];
  const look = (id: number): boolean | null => {
    const { kind, fn } = tables.frames[id]!;
    if (kind !== 'js') return null;
    const url = fn === null ? undefined : tables.scripts.get(fn.scriptId)?.url;
    if (url === undefined || url.startsWith('node:')) return null;
    if (!url.startsWith(collectFolder)) return false;
    return /(instrument|transpile)\.cjs$/.test(url) ? true : null;
  };
  return ({ frames, depth }) => {
    for (let i = depth - 1; i >= 0; i--) {
      const id = frames[i]!;
      let answer = known[id];
      if (answer === undefined) {
        answer = look(id);
        known[id] = answer;
      }
      if (answer !== null) return answer;
    }
    return false;
  };
}

/** V8 names the logs `isolate-<address>-<pid>-v8-<pid>.log`. */
function pidOf(log: string): number {
  return Number(/-(\d+)\.log$/.exec(basename(log))?.[1] ?? Number.NaN);
}

/** The number in the preload's mark (`THREAD_MARK`), or null without one. */
function threadOf(scripts: Iterable<{ readonly url: string }>): number | null {
  for (const { url } of scripts) {
    if (url.startsWith(THREAD_MARK)) return Number(url.slice(THREAD_MARK.length));
  }
  return null;
}
