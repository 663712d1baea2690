import type { FunctionProfile, RunFacts } from '../model/profile.ts';
import { count, duration, percentage } from './numbers.ts';

/** Below this many samples a function's percentages say next to nothing. */
export const ENOUGH_SAMPLES = 100;

/** What the reader of one function's numbers must know, most important first; its own notes included. */
export function functionNotes(fn: FunctionProfile, run: RunFacts): string[] {
  return [...new Set([...samplesNotes(fn, run), ...hitsNotes(fn, run), ...fn.notes])];
}

/** True for a function that is known not to have run at all: its numbers are then blank. */
export function neverCalled(fn: FunctionProfile): boolean {
  return fn.calls === 0 && fn.samples === 0 && (fn.callsInTimedRun ?? 0) === 0;
}

function samplesNotes(fn: FunctionProfile, run: RunFacts): string[] {
  // The profile's own notes come first where it knows why there are no samples.
  const explained = fn.samples === 0 && fn.notes.length > 0;
  if (neverCalled(fn)) return explained ? [] : ['Never called in this run: there is nothing to measure.'];
  if (fn.samples >= ENOUGH_SAMPLES) return [];
  if (explained) return [...fn.notes, moreSamples(run)];
  const seen =
    fn.samples > 0
      ? `Too short to trust: ${count(fn.samples, 'sample')}, and ${ENOUGH_SAMPLES} give no more than a rough picture.`
      : fn.calls === null
        ? 'No sample fell into it: it was never called, or was too quick to be seen.'
        : 'Too quick to be seen: it was called, but no sample fell into it.';
  return [`${seen} ${moreSamples(run)}`];
}

function moreSamples(run: RunFacts): string {
  const finer = run.requestedIntervalMicros > 50 ? ', or sample more often with -i 50' : '';
  return run.repeats === null
    ? `Give the program more work${finer}, or repeat one function with \`lineprof call\`.`
    : `Repeat it for longer with --min-time 10, or with --repeat${finer}.`;
}

function hitsNotes(fn: FunctionProfile, run: RunFacts): string[] {
  const timed = fn.callsInTimedRun;
  if (fn.calls !== null && timed !== null && fn.calls !== timed) {
    return [
      `The two runs do not agree: called ${count(timed, 'time')} while timed and ${count(fn.calls, 'time')} while hits were counted, so Per Hit is a guess. --single-run does both in one run.`,
    ];
  }
  // Of functions chosen by their heat, the timed run did not count the calls: that there were some shows in samples.
  if (fn.calls === 0 && timed === null && fn.samples > 0) {
    return [
      `The two runs do not agree: ${count(fn.samples, 'sample')} fell into it while timed, and it was not called while hits were counted. --single-run does both in one run.`,
    ];
  }
  if (neverCalled(fn) || run.hits === 'none' || fn.lines.some(({ hits }) => hits !== null)) return [];
  return fn.notes.length > 0 ? [] : ['Hits are blank: they could not be counted for this function.'];
}

/** What the reader must know about the whole run: how it ended, where samples are missing. */
export function runNotes(run: RunFacts): string[] {
  const notes = [...run.notes];
  if (run.stopped === 'timeout')
    notes.push('The program was stopped at its timeout: this is what was seen until then.');
  if (run.stopped === 'cancelled')
    notes.push('The program was interrupted: this is what was seen until then.');
  if (run.stopped === null && run.signal !== null) notes.push(`The program was ended by ${run.signal}.`);
  if (run.exitCode !== null && run.exitCode !== 0)
    notes.push(`The program exited with code ${run.exitCode}.`);
  const lost = lostSamples(run);
  if (lost !== null) notes.push(lost);
  return [...new Set(notes)];
}

/** Where samples went that no line shows; null when that is nowhere. */
function lostSamples(run: RunFacts): string | null {
  const share = (samples: number) =>
    `${count(samples, 'sample')} (${percentage((samples / Math.max(1, run.samples)) * 100)} %)`;
  const parts = [
    run.unplacedSamples > 0 && `${share(run.unplacedSamples)} at positions V8 does not know`,
    run.cutSamples > 0 && `${share(run.cutSamples)} with stacks too deep for V8, their outer callers unknown`,
    run.overheadSamples > 0 &&
      `${duration(run.overheadSamples * run.intervalMicros)} of the profiler's own work left out`,
  ].filter((part) => part !== false);
  return parts.length === 0 ? null : `Of ${count(run.samples, 'sample')}: ${parts.join('; ')}.`;
}
