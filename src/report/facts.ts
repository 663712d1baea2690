import type { RunFacts } from '../model/profile.ts';
import { duration, percentage } from './numbers.ts';

/** One thing to know about a run. */
export interface Fact {
  readonly label: string;
  readonly value: string;
}

const HITS: Readonly<Record<RunFacts['hits'], string>> = {
  'second-run': 'counted in a second run',
  'single-run': 'counted in the timed run',
  none: 'not counted',
};

/** What was run, with the paths inside its folder as one would type them there. */
export function commandText({ command, cwd }: RunFacts): string {
  const inside = (part: string) =>
    part.startsWith(cwd) && /^[\\/]./.test(part.slice(cwd.length)) ? part.slice(cwd.length + 1) : part;
  return command.map(inside).join(' ');
}

/** What was run, on what, and how well it was measured; what is not known is left out. */
export function runFacts(run: RunFacts): Fact[] {
  const { userMicros, systemMicros, maxRssBytes, processes } = run;
  const cpu =
    userMicros === null || systemMicros === null
      ? ''
      : `, user ${duration(userMicros)}, sys ${duration(systemMicros)}`;
  const share = (samples: number) =>
    `${samples.toLocaleString('en-US')} (${percentage((samples / Math.max(1, run.samples)) * 100)} %)`;
  const facts: readonly (readonly [string, string | null])[] = [
    ['Command', commandText(run)],
    ['Folder', run.cwd],
    ['Node', `${run.node} (V8 ${run.v8})`],
    ['Started', `${run.startedAt.slice(0, 16).replace('T', ' ')} UTC`],
    ['Time', `real ${duration(run.realMicros)}${cpu}`],
    [
      'Samples',
      `${run.samples.toLocaleString('en-US')}, one every ${duration(run.intervalMicros)} (asked for: ${duration(run.requestedIntervalMicros)})`,
    ],
    ['Unplaced', run.unplacedSamples > 0 ? share(run.unplacedSamples) : 'none'],
    ['Outside JS', run.outsideSamples > 0 ? `${share(run.outsideSamples)}: start-up, event loop` : 'none'],
    [
      'Overhead',
      run.overheadSamples > 0
        ? `${duration(run.overheadSamples * run.intervalMicros)} of the profiler’s own work, left out`
        : 'none seen',
    ],
    ['Hits', HITS[run.hits]],
    ['Evaluations', run.repeats === null ? null : run.repeats.toLocaleString('en-US')],
    ['Processes', processes.length > 1 ? `${processes.length} processes and threads` : null],
    ['Peak RSS', maxRssBytes === null ? null : `${(maxRssBytes / 1_048_576).toFixed(1)} MiB`],
    ['Ended with', run.signal ?? (run.exitCode === null ? null : `code ${run.exitCode}`)],
  ];
  return facts.flatMap(([label, value]) => (value === null ? [] : [{ label, value }]));
}
