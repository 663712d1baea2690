import { renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import {
  type CollectorPlan,
  type HitsReading,
  hitsFileName,
  PROTOCOL_VERSION,
  type ProcessReading,
  processFileName,
  type ScriptHits,
} from '../protocol/collector.ts';

/** What a thread collects about itself until its end. */
export interface Readings {
  /** Failures of the collector, in words. */
  readonly problems: string[];
  /** Evaluations done by the call driver so far. */
  repeats: number | null;
  /** Writes this thread's files, the first time it is called. */
  readonly write: (exitCode: number | null) => void;
}

/** What counters leave. */
export interface CountersResult {
  readonly scripts: () => readonly ScriptHits[];
}

/** The readings of this thread; `alsoWrite` is called as they are written. */
export function makeReadings(
  plan: CollectorPlan,
  thread: number,
  counters: CountersResult | null,
  problems: string[],
  alsoWrite: () => void,
): Readings {
  let written = false;
  const argv = [...process.argv];
  const writeProcess = (
    ended: Pick<ProcessReading, 'userMicros' | 'systemMicros' | 'maxRssBytes' | 'exitCode'>,
  ): void =>
    writeReading(plan.folder, processFileName(process.pid, thread), {
      version: PROTOCOL_VERSION,
      pid: process.pid,
      ppid: process.ppid,
      thread,
      // A worker has its arguments only after it was preloaded.
      argv: thread === 0 ? argv : process.argv,
      nodeVersion: process.version,
      v8Version: process.versions.v8,
      ...ended,
      repeats: readings.repeats,
      problems: readings.problems,
    } satisfies ProcessReading);
  const readings: Readings = {
    problems,
    repeats: null,
    write(exitCode) {
      if (written) return;
      written = true;
      try {
        if (counters !== null) {
          writeReading(plan.folder, hitsFileName(process.pid, thread), {
            version: PROTOCOL_VERSION,
            pid: process.pid,
            thread,
            scripts: counters.scripts(),
          } satisfies HitsReading);
        }
        alsoWrite();
        const { userCPUTime, systemCPUTime, maxRSS } = process.resourceUsage();
        writeProcess({
          userMicros: thread === 0 ? userCPUTime : null,
          systemMicros: thread === 0 ? systemCPUTime : null,
          maxRssBytes: thread === 0 ? maxRSS * 1024 : null,
          exitCode,
        });
      } catch {
        // The folder is gone or full: the program's end must not fail for that.
      }
    },
  };
  try {
    writeProcess({ userMicros: null, systemMicros: null, maxRssBytes: null, exitCode: null });
  } catch {
    // As above; the engine finds the folder full.
  }
  return readings;
}

/** Writes a file whole: under another name first, so that a reader never sees half of it. */
export function writeReading(folder: string, name: string, value: unknown): void {
  const path = join(folder, name);
  writeFileSync(`${path}.part`, JSON.stringify(value));
  renameSync(`${path}.part`, path);
}
