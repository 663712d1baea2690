import { wilson } from '../../src/analyze/wilson.ts';
import type { FunctionProfile, LineCall, LineStats, Profile, RunFacts } from '../../src/model/profile.ts';

/** A line in short: hits, samples, text, and the calls made from it. */
export type ShortLine = readonly [
  hits: number | null,
  samples: number,
  text: string,
  calls?: readonly LineCall[],
];

/** A run of 400 samples at 200 µs. */
export function sampleRun(changes: Partial<RunFacts> = {}): RunFacts {
  return {
    command: ['run', 'examples/main.ts'],
    cwd: '/home/ada/particles',
    node: 'v24.21.0',
    v8: '13.6.233.17-node.28',
    startedAt: '2026-11-23T15:00:00.000Z',
    realMicros: 120_000,
    userMicros: 110_000,
    systemMicros: 5_000,
    maxRssBytes: 60_000_000,
    exitCode: 0,
    signal: null,
    stopped: null,
    requestedIntervalMicros: 100,
    intervalMicros: 205,
    samples: 400,
    unplacedSamples: 0,
    outsideSamples: 30,
    cutSamples: 0,
    overheadSamples: 0,
    repeats: null,
    hits: 'second-run',
    processes: [{ pid: 4711, thread: 0, command: 'node examples/main.ts', samples: 400 }],
    notes: [],
    ...changes,
  };
}

/** A function that starts on `line`, from short lines; numbers follow from samples at `intervalMicros`. */
export function sampleFunction(
  short: readonly ShortLine[],
  changes: Partial<FunctionProfile> = {},
  intervalMicros = 205,
): FunctionProfile {
  const samples = changes.samples ?? 351;
  const line = changes.line ?? 31;
  return {
    name: 'ParticleSimulator.evolve',
    file: 'examples/particles/simulator.ts',
    line,
    column: 2,
    endLine: line + short.length - 1,
    calls: 1,
    callsInTimedRun: 1,
    selfMicros: samples * intervalMicros,
    totalMicros: samples * intervalMicros,
    samples,
    selfSamples: samples,
    lines: short.map((entry, index) => sampleLine(line + index, entry, samples, intervalMicros)),
    notes: [],
    ...changes,
  };
}

function sampleLine(
  line: number,
  [hits, samples, text, calls = []]: ShortLine,
  functionSamples: number,
  intervalMicros: number,
): LineStats {
  const interval = functionSamples > 0 ? wilson(samples, functionSamples) : null;
  return {
    line,
    text,
    hits,
    selfSamples: samples,
    samples,
    selfMicros: samples * intervalMicros,
    totalMicros: samples * intervalMicros,
    percent: functionSamples > 0 ? (samples / functionSamples) * 100 : null,
    percentMargin: interval && interval.margin * 100,
    percentLow: interval && interval.low * 100,
    percentHigh: interval && interval.high * 100,
    where: samples > 0 ? { turbofan: samples } : {},
    calls,
    memory: null,
  };
}

/** The chapter's method, as it might come out. */
export const EVOLVE: readonly ShortLine[] = [
  [null, 0, '  evolve(dt: number): void {'],
  [1, 0, '    const steps = Math.trunc(dt / TIMESTEP);'],
  [null, 0, ''],
  [10001, 1, '    for (let step = 0; step < steps; step++) {'],
  [10010000, 60, '      for (const particle of this.particles) {'],
  [null, 0, '        // The direction: at a right angle to the radius.'],
  [10000000, 170, '        const norm = Math.sqrt(particle.x ** 2 + particle.y ** 2);'],
  [10000000, 55, '        const vx = -particle.y / norm;'],
  [10000000, 45, '        const vy = particle.x / norm;'],
  [0, 0, "        if (norm === 0) throw new Error('a particle at the origin has no direction');"],
  [10000000, 20, '        particle.x += TIMESTEP * particle.angularVelocity * vx;'],
  [null, 0, '      }'],
  [null, 0, '    }'],
  [null, 0, '  }'],
];

/** A whole profile around functions. */
export function sampleProfile(
  functions: readonly FunctionProfile[] = [sampleFunction(EVOLVE)],
  run: Partial<RunFacts> = {},
): Profile {
  return {
    format: 'lineprof/1',
    run: sampleRun(run),
    functions,
    tree: {
      frames: [
        { name: '(root)', kind: 'root', file: null, line: null, column: null },
        {
          name: 'ParticleSimulator.evolve',
          kind: 'own',
          file: 'examples/particles/simulator.ts',
          line: 31,
          column: 2,
        },
        { name: 'MathSqrt', kind: 'builtin', file: null, line: null, column: null },
      ],
      nodes: [
        { frame: 0, parent: -1, selfSamples: 49, samples: 400 },
        { frame: 1, parent: 0, selfSamples: 340, samples: 351 },
        { frame: 2, parent: 1, selfSamples: 11, samples: 11 },
      ],
    },
  };
}
