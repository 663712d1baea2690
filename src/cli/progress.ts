import type { Progress } from '../model/progress.ts';
import type { Measure } from '../model/request.ts';

/** Progress is told from this long on, and then again after each of these times. */
const TOLD_AT_MILLIS = [1_000, 10_000, 30_000];
const THEN_EVERY_MILLIS = 60_000;

/**
 * Makes a function that turns the engine's progress into lines to print, or null when there is nothing new
 * enough to say. Whole lines and few of them: the program writes to the same terminal.
 */
export function progressTeller(measure: Measure): (progress: Progress) => string | null {
  let phase: Progress['phase'] | null = null;
  let told = 0;
  return (progress) => {
    const { elapsedMillis } = progress;
    if (progress.phase === 'starting' || elapsedMillis < TOLD_AT_MILLIS[0]!) return null;
    const due = elapsedMillis >= dueTime(told);
    if (progress.phase === phase && !due) return null;
    while (elapsedMillis >= dueTime(told)) told++;
    phase = progress.phase;
    return `lineprof: ${wording(progress, measure)}`;
  };
}

function dueTime(told: number): number {
  return TOLD_AT_MILLIS[told] ?? (told - TOLD_AT_MILLIS.length + 1) * THEN_EVERY_MILLIS;
}

function wording({ phase, elapsedMillis, samples }: Progress, measure: Measure): string {
  const time = `${Math.round(elapsedMillis / 1000)} s`;
  const seen = samples === null ? '' : `, ${samples.toLocaleString('en-US')} samples`;
  const isMemory = measure === 'memory';
  switch (phase) {
    case 'starting':
      return `starting, ${time}`;
    case 'timing':
      return `${isMemory ? 'running, memory is read' : 'timing'}, ${time}${seen} (Ctrl-C stops the program and shows what there is)`;
    case 'counting':
      return `running once more ${isMemory ? 'to count objects, or for memory over time' : 'to count hits'}, ${time}`;
    case 'reading':
      return `${isMemory ? 'putting the readings together' : 'reading the samples'}, ${time}${seen}`;
  }
}
