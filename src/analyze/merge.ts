import type {
  FunctionProfile,
  LineCall,
  LineStats,
  Profile,
  RunFacts,
  WhereCounts,
} from '../model/profile.ts';
import { WHERES } from '../model/profile.ts';
import { mergeTrees } from './merge-trees.ts';
import { wilson } from './wilson.ts';

/**
 * Several profiles as one: samples, times and counts are added up, percentages and margins computed anew.
 * Functions are the same when file, name, line and text are. Where one result did not measure a number, the
 * sum is not measured either, and a note says so. Throws RangeError without profiles and for profiles whose lines
 * have different `times`: self time and time with calls have no sum.
 */
export function merge(profiles: readonly Profile[]): Profile {
  const [first] = profiles;
  if (first === undefined) throw new RangeError('nothing to merge');
  if (profiles.length === 1) return first;
  if (profiles.some(({ run }) => run.times !== first.run.times))
    throw new RangeError('times of different kinds');
  const groups = grouped(
    profiles.flatMap(({ functions }) => functions),
    identity,
  );
  return {
    format: 'lineprof/1',
    run: mergeRuns(profiles.map(({ run }) => run)),
    functions: groups.map((same) => mergeFunction(same, profiles.length)),
    tree: mergeTrees(profiles.map(({ tree }) => tree)),
  };
}

function identity({ file, name, line, lines }: FunctionProfile): string {
  return JSON.stringify([file, name, line, lines.map(({ text }) => text)]);
}

function mergeFunction(same: readonly FunctionProfile[], results: number): FunctionProfile {
  const [first] = same;
  const { name, file, line, column, endLine, lines } = first!;
  const samples = total(same.map((fn) => fn.samples));
  const calls = sumOrNull(same.map((fn) => fn.calls));
  const notes = same.flatMap((fn) => fn.notes);
  if (same.length < results) notes.push(`In ${same.length} of the ${results} merged results only.`);
  if (calls === null && same.some((fn) => fn.calls !== null)) {
    notes.push('Hits are blank: not every one of the merged results counted them.');
  }
  return {
    name,
    file,
    line,
    column,
    endLine,
    calls,
    callsInTimedRun: sumOrNull(same.map((fn) => fn.callsInTimedRun)),
    selfMicros: sumOrNull(same.map((fn) => fn.selfMicros)),
    totalMicros: sumOrNull(same.map((fn) => fn.totalMicros)),
    samples,
    selfSamples: total(same.map((fn) => fn.selfSamples)),
    lines: lines.map((_, index) =>
      mergeLine(
        same.map((fn) => fn.lines[index]!),
        samples,
      ),
    ),
    notes: [...new Set(notes)],
  };
}

function mergeLine(same: readonly LineStats[], functionSamples: number): LineStats {
  const { line, text } = same[0]!;
  const samples = total(same.map((entry) => entry.samples));
  const interval = functionSamples > 0 ? wilson(samples, functionSamples) : null;
  const percent = (share: number | undefined) => (share === undefined ? null : share * 100);
  return {
    line,
    text,
    hits: sumOrNull(same.map(({ hits }) => hits)),
    selfSamples: total(same.map(({ selfSamples }) => selfSamples)),
    samples,
    selfMicros: sumOrNull(same.map(({ selfMicros }) => selfMicros)),
    totalMicros: sumOrNull(same.map(({ totalMicros }) => totalMicros)),
    percent: interval === null ? null : (samples / functionSamples) * 100,
    percentMargin: percent(interval?.margin),
    percentLow: percent(interval?.low),
    percentHigh: percent(interval?.high),
    where: mergeWheres(same.map(({ where }) => where)),
    calls: mergeCalls(
      same.flatMap(({ calls }) => calls),
      samples,
    ),
    memory: null,
  };
}

function mergeWheres(wheres: readonly WhereCounts[]): WhereCounts {
  const sums = WHERES.map((where) => [where, total(wheres.map((counts) => counts[where] ?? 0))] as const);
  return Object.fromEntries(sums.filter(([, samples]) => samples > 0));
}

function mergeCalls(calls: readonly LineCall[], lineSamples: number): LineCall[] {
  return grouped(calls, ({ name, file, line, column }) => JSON.stringify([name, file, line, column]))
    .map((same) => {
      const samples = total(same.map((call) => call.samples));
      return { ...same[0]!, samples, percent: lineSamples > 0 ? (samples / lineSamples) * 100 : 0 };
    })
    .sort((a, b) => b.samples - a.samples);
}

function mergeRuns(runs: readonly RunFacts[]): RunFacts {
  const first = runs[0]!;
  const samples = total(runs.map((run) => run.samples));
  const peaks = runs.map((run) => run.maxRssBytes);
  return {
    command: first.command,
    cwd: first.cwd,
    node: joined(runs.map((run) => run.node)),
    v8: joined(runs.map((run) => run.v8)),
    startedAt: runs.map((run) => run.startedAt).sort()[0]!,
    realMicros: total(runs.map((run) => run.realMicros)),
    userMicros: sumOrNull(runs.map((run) => run.userMicros)),
    systemMicros: sumOrNull(runs.map((run) => run.systemMicros)),
    maxRssBytes: peaks.includes(null) ? null : Math.max(...peaks.map(Number)),
    exitCode: runs.some((run) => run.exitCode === null)
      ? null
      : (runs.find((run) => run.exitCode !== 0)?.exitCode ?? 0),
    signal: runs.find((run) => run.signal !== null)?.signal ?? null,
    stopped: runs.find((run) => run.stopped !== null)?.stopped ?? null,
    requestedIntervalMicros: Math.max(...runs.map((run) => run.requestedIntervalMicros)),
    intervalMicros:
      samples > 0
        ? total(runs.map((run) => run.intervalMicros * run.samples)) / samples
        : total(runs.map((run) => run.intervalMicros)) / runs.length,
    samples,
    unplacedSamples: total(runs.map((run) => run.unplacedSamples)),
    outsideSamples: total(runs.map((run) => run.outsideSamples)),
    cutSamples: total(runs.map((run) => run.cutSamples)),
    overheadSamples: total(runs.map((run) => run.overheadSamples)),
    repeats: sumOrNull(runs.map((run) => run.repeats)),
    hits: hitsOf(runs),
    ...(first.times === undefined ? {} : { times: first.times }),
    processes: runs.flatMap((run) => run.processes),
    notes: [...new Set(runs.flatMap((run) => run.notes)), ...mergeNotes(runs)],
  };
}

/** The most careful reading: not counted if any was not, disturbed time if any may have been. */
function hitsOf(runs: readonly RunFacts[]): RunFacts['hits'] {
  if (runs.some(({ hits }) => hits === 'none')) return 'none';
  return runs.some(({ hits }) => hits === 'single-run') ? 'single-run' : 'second-run';
}

function mergeNotes(runs: readonly RunFacts[]): string[] {
  const folders = new Set(runs.map(({ cwd }) => cwd));
  const commands = new Set(runs.map(({ command }) => JSON.stringify(command)));
  return [
    `Merged from ${runs.length} results: times and hits are sums.`,
    ...(commands.size > 1 ? [`They are of ${commands.size} different commands.`] : []),
    ...(folders.size > 1 ? [`They come from different folders: ${[...folders].join(', ')}.`] : []),
  ];
}

/** Values with the same key together, in the order in which the keys first came. Node 20 has no Map.groupBy. */
function grouped<Value>(values: readonly Value[], keyOf: (value: Value) => string): Value[][] {
  const groups = new Map<string, Value[]>();
  for (const value of values) {
    const key = keyOf(value);
    const group = groups.get(key);
    if (group === undefined) groups.set(key, [value]);
    else group.push(value);
  }
  return [...groups.values()];
}

function joined(texts: readonly string[]): string {
  return [...new Set(texts.flatMap((text) => text.split(', ')))].join(', ');
}

function total(numbers: readonly number[]): number {
  return numbers.reduce((sum, number) => sum + number, 0);
}

function sumOrNull(numbers: readonly (number | null)[]): number | null {
  return numbers.reduce(
    (sum: number | null, number) => (sum === null || number === null ? null : sum + number),
    0,
  );
}
