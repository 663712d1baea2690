import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { type LaunchReadings, readReadings } from '../launch/readings.ts';
import { createTimesReader, type ReadOptions, type TimeReadings, type TimesReader } from './read.ts';

/** A run's logs being read while they grow. */
export interface LiveReading {
  /** The program has ended: no more readings from now on. Takes what is left of its logs. */
  finish(readings: LaunchReadings): Promise<TimeReadings>;
  /** Nothing is wanted any more. */
  stop(): void;
}

/** Between two readings, unless reading takes long. */
const PAUSE_MILLIS = 200;
/**
 * Reading takes at most this share of one core, of which the program that is being timed may need it: more
 * where somebody watches the profile grow.
 */
const SHARES = { watched: 0.5, unwatched: 0.3 } as const;
/** Whoever watches is shown more than what is surely known when so much of the logs is not (bytes). */
const FAR_BEHIND = 1 << 15;

/**
 * Reads a run's logs as they grow: for the samples so far, for whoever shows the profile as it grows, and so that
 * little is left when the program ends. What lies behind code whose machine code V8 still holds back (it writes
 * that in blocks) waits for it; whoever watches meanwhile sees a second reading, without it, until the first moves on.
 */
export function readLive(
  folder: string,
  options: ReadOptions,
  share: keyof typeof SHARES,
  onReading: (times: TimeReadings) => void,
): LiveReading {
  let stopped = false;
  let timer: NodeJS.Timeout | undefined;
  const reader = createTimesReader(options);
  let ahead: TimesReader | null = null;
  let reading: Promise<void> = Promise.resolve();
  const dropAhead = (): void => {
    ahead?.close();
    ahead = null;
  };

  const read = async (): Promise<void> => {
    const from = performance.now();
    try {
      const names = await readdir(folder);
      const logs = names
        .filter((name) => name.endsWith('.log'))
        .sort()
        .map((name) => join(folder, name));
      const before = reader.taken();
      await reader.advance('known', logs, () => readReadings(folder));
      if (reader.taken() > before) dropAhead();
      if (stopped) return;
      if (share === 'watched' && reader.behind() > FAR_BEHIND) {
        ahead ??= createTimesReader(options);
        await ahead.advance('all', logs, () => readReadings(folder));
      }
      if (!stopped) onReading((ahead ?? reader).readings());
    } catch {
      // The folder is not there yet, or what a killed process left is odd: the last reading tells of what is wrong.
    }
    if (!stopped) plan(Math.max(PAUSE_MILLIS, (performance.now() - from) * (1 / SHARES[share] - 1)));
  };
  const plan = (millis: number): void => {
    timer = setTimeout(() => {
      reading = read();
    }, millis);
  };
  plan(PAUSE_MILLIS);

  const stop = (): void => {
    stopped = true;
    clearTimeout(timer);
  };
  return {
    stop() {
      stop();
      dropAhead();
      reader.close();
    },
    async finish(readings) {
      stop();
      dropAhead();
      await reading;
      return await reader.finish(readings);
    },
  };
}
