import type { FunctionProfile, LineStats, Profile, RunFacts } from '../../../src/model/profile.ts';

/** What a line of a made-up profile says; the rest follows from the function's samples. */
export interface LineNumbers {
  readonly hits?: number | null;
  readonly samples?: number;
  readonly self?: number;
  readonly where?: LineStats['where'];
  readonly calls?: LineStats['calls'];
}

/** Real mean interval of made-up runs, in microseconds. */
export const INTERVAL = 200;

/** A function's profile over the lines `line`…`endLine` of `text`, with the numbers of the lines that have any. */
export function functionProfile(
  place: Pick<FunctionProfile, 'name' | 'file' | 'line' | 'endLine'>,
  text: string,
  samples: number,
  calls: number | null,
  numbers: Readonly<Record<number, LineNumbers>>,
): FunctionProfile {
  const texts = text.split('\n').slice(place.line - 1, place.endLine);
  const lines = texts.map((source, index) => {
    const one = numbers[place.line + index] ?? {};
    const seen = one.samples ?? 0;
    const percent = samples > 0 ? (seen / samples) * 100 : null;
    return {
      line: place.line + index,
      text: source,
      hits: one.hits ?? null,
      selfSamples: one.self ?? seen,
      samples: seen,
      selfMicros: (one.self ?? seen) * INTERVAL,
      totalMicros: seen * INTERVAL,
      percent,
      percentMargin: percent === null ? null : 1.5,
      percentLow: percent === null ? null : Math.max(0, percent - 1.5),
      percentHigh: percent === null ? null : Math.min(100, percent + 1.5),
      where: one.where ?? (seen > 0 ? { turbofan: seen } : {}),
      calls: one.calls ?? [],
      memory: null,
    };
  });
  const selfSamples = lines.reduce((sum, line) => sum + line.selfSamples, 0);
  return {
    ...place,
    column: texts[0]!.length - texts[0]!.trimStart().length,
    calls,
    callsInTimedRun: calls,
    selfMicros: selfSamples * INTERVAL,
    totalMicros: samples * INTERVAL,
    samples,
    selfSamples,
    lines,
    notes: [],
  };
}

/** A whole profile of some functions, made in `cwd`. */
export function profileOf(cwd: string, functions: readonly FunctionProfile[]): Profile {
  const samples = functions.reduce((sum, fn) => sum + fn.samples, 0) + 20;
  const run: RunFacts = {
    command: ['node', 'main.ts'],
    cwd,
    node: 'v24.21.0',
    v8: '13.6.233.10-node.28',
    startedAt: '2026-11-23T12:00:00.000Z',
    realMicros: samples * INTERVAL + 40_000,
    userMicros: samples * INTERVAL,
    systemMicros: 10_000,
    maxRssBytes: 60_000_000,
    exitCode: 0,
    signal: null,
    stopped: null,
    requestedIntervalMicros: 100,
    intervalMicros: INTERVAL,
    samples,
    unplacedSamples: 0,
    outsideSamples: 20,
    cutSamples: 0,
    overheadSamples: 0,
    repeats: null,
    hits: 'second-run',
    processes: [{ pid: 1, thread: 0, command: 'node main.ts', samples }],
    notes: [],
  };
  const root = { name: '(root)', kind: 'root', file: null, line: null, column: null } as const;
  return {
    format: 'lineprof/1',
    run,
    functions,
    tree: { frames: [root], nodes: [{ frame: 0, parent: -1, selfSamples: samples, samples }] },
  };
}

/** The chapter's simulator, evolved by 0.1 time units with 100 particles, in round numbers. */
export function simulatorProfile(cwd: string, text: string): Profile {
  const evolve = functionProfile(
    { name: 'ParticleSimulator.evolve', file: 'src/simulator.ts', line: 26, endLine: 44 },
    text,
    2000,
    1,
    {
      27: { hits: 1, samples: 0 },
      29: { hits: 10_001, samples: 12 },
      30: { hits: 1_010_000, samples: 90, where: { turbofan: 80, interpreted: 10 } },
      32: {
        hits: 1_000_000,
        samples: 1100,
        self: 600,
        where: { turbofan: 700, builtin: 350, gc: 50 },
        calls: [
          { name: 'Particle', file: 'src/simulator.ts', line: 7, column: 2, samples: 300, percent: 27.3 },
          {
            name: 'evil](command:x) `<b>` | name',
            file: 'gone.ts',
            line: 1,
            column: 0,
            samples: 200,
            percent: 18.2,
          },
        ],
      },
      33: { hits: 1_000_000, samples: 240 },
      34: { hits: 1_000_000, samples: 210 },
      37: { hits: 1_000_000, samples: 120 },
      38: { hits: 1_000_000, samples: 68 },
      40: { hits: 1_000_000, samples: 80 },
      41: { hits: 1_000_000, samples: 80 },
    },
  );
  const evolveFast = functionProfile(
    { name: 'ParticleSimulator.evolveFast', file: 'src/simulator.ts', line: 47, endLine: 62 },
    text,
    0,
    1,
    {
      48: { hits: 1 },
      50: { hits: 1 },
      51: { hits: 0 },
      52: { hits: 0 },
      54: { hits: 0 },
      55: { hits: 0 },
      56: { hits: 0 },
      59: { hits: 0 },
      60: { hits: 0 },
    },
  );
  return profileOf(cwd, [evolve, evolveFast]);
}
