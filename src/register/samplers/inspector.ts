import inspector, { type Session } from 'node:inspector';
import type { RawProfile, Sampler } from './sampler.ts';

/** How an inspector sampler may start. */
export interface InspectorOptions {
  readonly intervalMicros: number;
  /** V8's coverage is in use, the program's own or ours: it must not be switched off, nor its counts lost. */
  readonly coverage: boolean;
  /** Code may be optimised already when sampling begins for the first time. */
  readonly late: boolean;
}

/**
 * V8's profiler through an inspector session of the thread itself. V8 knows optimised code by what it wrote down
 * when it made it, and drops that when no profile is left: after a stop and a start (or a start in a warm program)
 * every sample in such code is `(anonymous)`, on Node 20 to 26. So profiles follow each other by `console.profile`,
 * which is the one way to begin the next before the last has ended; and where there was a pause, V8 is made to
 * forget its optimised code first, which it does when call counts are switched on.
 */
export function inspectorSampler(
  session: Session,
  { intervalMicros, coverage, late }: InspectorOptions,
): Sampler {
  // inspector.console reaches every session of the thread: the title tells ours from the program's own.
  const prefix = `lineprof ${process.pid} ${Math.random().toString(36).slice(2)} `;
  let number = 0;
  let finished: RawProfile | null = null;
  let enabled = false;
  const console = inspector.console as unknown as Record<'profile' | 'profileEnd', (title: string) => void>;
  const enable = (): void => {
    if (enabled) return;
    enabled = true;
    session.post('Profiler.enable');
    session.post('Profiler.setSamplingInterval', { interval: intervalMicros });
    session.on('Profiler.consoleProfileFinished', ({ params }) => {
      if (params.title?.startsWith(prefix) === true) finished = params.profile as RawProfile;
    });
  };
  const end = (which: number): RawProfile => {
    finished = null;
    console.profileEnd(prefix + which);
    if (finished === null) throw new Error('the inspector gave no profile');
    return finished;
  };
  const forgetOptimised = (): void => {
    session.post('Profiler.startPreciseCoverage', { callCount: true, detailed: false });
    session.post('Profiler.stopPreciseCoverage');
  };
  return {
    name: 'node:inspector',
    restMillis: coverage ? null : 30_000,
    start() {
      const warm = enabled || late;
      enable();
      if (warm && !coverage) forgetOptimised();
      console.profile(prefix + number);
    },
    drain() {
      console.profile(prefix + ++number);
      return end(number - 1);
    },
    stop: () => end(number),
  };
}
