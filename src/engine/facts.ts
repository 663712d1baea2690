import type { FunctionProfile, ProcessFacts, RunFacts } from '../model/profile.ts';
import type { ProfileRequest, Way } from '../model/request.ts';
import type { ProcessReading } from '../protocol/collector.ts';
import type { IsolateReading } from './read.ts';

/** What the launch of the timed run told. */
export interface TimedRun {
  readonly startedAt: Date;
  readonly realMicros: number;
  readonly exitCode: number | null;
  readonly signal: string | null;
  readonly stopped: 'timeout' | 'cancelled' | null;
  readonly processes: readonly ProcessReading[];
}

/** The facts of the run for the result. `functionsOf` gives an isolate's share of each function. */
export function runFacts(
  request: ProfileRequest,
  node: { readonly version: string; readonly v8: string },
  run: TimedRun,
  isolates: readonly IsolateReading[],
  functionsOf: ((index: number) => readonly FunctionProfile[]) | null,
  hits: RunFacts['hits'],
  notes: readonly string[],
): RunFacts {
  const mains = run.processes.filter(({ thread }) => thread === 0);
  const total = (count: (isolate: IsolateReading) => number): number =>
    isolates.reduce((sum, isolate) => sum + count(isolate), 0);
  const add = (value: (process: ProcessReading) => number | null): number | null => {
    const values = mains.map(value).filter((each) => each !== null);
    return values.length === 0 ? null : values.reduce((a, b) => a + b, 0);
  };
  const samples = total(({ counts }) => counts.samples);
  const peaks = mains.map(({ maxRssBytes }) => maxRssBytes).filter((each) => each !== null);
  return {
    command: commandOf(request.way),
    cwd: request.cwd,
    node: node.version,
    v8: node.v8,
    startedAt: run.startedAt.toISOString(),
    realMicros: run.realMicros,
    userMicros: add(({ userMicros }) => userMicros),
    systemMicros: add(({ systemMicros }) => systemMicros),
    maxRssBytes: peaks.length === 0 ? null : Math.max(...peaks),
    exitCode: run.exitCode,
    signal: run.signal,
    stopped: run.stopped,
    requestedIntervalMicros: request.intervalMicros,
    // Each isolate's own interval made the times; this is their mean, weighted by samples.
    intervalMicros:
      samples === 0 ? 0 : total(({ counts, intervalMicros }) => intervalMicros * counts.samples) / samples,
    samples,
    unplacedSamples: total(({ counts }) => counts.unplaced),
    outsideSamples: total(({ counts }) => counts.outside),
    cutSamples: total(({ counts }) => counts.cut),
    overheadSamples: total(({ counts }) => counts.overhead),
    repeats: run.processes.find(({ repeats }) => repeats !== null)?.repeats ?? null,
    hits,
    processes: isolates
      .map((isolate) => processFacts(isolate, run.processes, functionsOf))
      .sort((a, b) => a.pid - b.pid || a.thread - b.thread),
    notes,
  };
}

function processFacts(
  { pid, thread, counts, sink }: IsolateReading,
  processes: readonly ProcessReading[],
  functionsOf: ((index: number) => readonly FunctionProfile[]) | null,
): ProcessFacts {
  const own = processes.find((each) => each.pid === pid && each.thread === thread);
  const main = own ?? processes.find((each) => each.pid === pid);
  return {
    pid,
    thread,
    command: main === undefined ? '(ended without a trace)' : main.argv.join(' '),
    samples: counts.samples,
    ...(functionsOf === null ? {} : { functions: functionsOf(sink.index) }),
  };
}

/** The program as its user would type it. */
export function commandOf(way: Way): readonly string[] {
  switch (way.kind) {
    case 'run':
      return [way.script, ...way.args];
    case 'call':
      return [way.file, way.expression];
    case 'exec':
      return way.command;
  }
}
