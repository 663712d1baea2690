import type { Basis, Comparison, FunctionComparison, LineComparison } from '../model/comparison.ts';
import type { MemoryFacts } from '../model/memory.ts';
import type { FunctionProfile, Profile, RunFacts } from '../model/profile.ts';
import { compareFunctionMemory, compareLineMemory, type Divisors } from './memory.ts';
import { pairLines } from './pair-lines.ts';
import { type Rate, shareDifference, speedRatio, timeDifference } from './statistics.ts';

/** One of the two to be compared. */
export interface Side {
  readonly run: RunFacts;
  readonly fn: FunctionProfile;
  /** How its memory was read; absent: it was timed. */
  readonly memory?: MemoryFacts | undefined;
}

/**
 * Compares the functions that two profiles have in common (file and name); where they have none and each has but
 * one, those two. Null: there is nothing to compare.
 */
export function compareProfiles(
  before: Profile,
  after: Profile,
  names: Pick<Comparison, 'before' | 'after'>,
): Comparison | null {
  const taken = new Set<FunctionProfile>();
  const pairs = after.functions.flatMap((fn) => {
    const same = before.functions.find(
      (one) => !taken.has(one) && one.file === fn.file && one.name === fn.name,
    );
    if (same === undefined) return [];
    taken.add(same);
    return [[same, fn] as const];
  });
  if (pairs.length === 0 && before.functions.length === 1 && after.functions.length === 1) {
    pairs.push([before.functions[0]!, after.functions[0]!]);
  }
  if (pairs.length === 0) return null;
  const functions = pairs.map(([one, two]) => compareFunctions(sideOf(before, one), sideOf(after, two)));
  return { ...names, functions };
}

/** A function of a profile as a side of a comparison. */
export function sideOf({ run, memory }: Profile, fn: FunctionProfile): Side {
  return { run, fn, memory };
}

/** Compares one function in two runs, or two functions, line by line: their times, or their memory. */
export function compareFunctions(before: Side, after: Side): FunctionComparison {
  const { basis, reason } = basisOf(before, after);
  const [one, two] = [rateOf(before, basis), rateOf(after, basis)];
  const memory = memoryDivisors(before, after, basis);
  const linesOf = ({ fn }: Side) => fn.lines.map(({ text }) => text);
  return {
    before: { ...before, micros: one && one.samples * one.each, memory: before.memory ?? null },
    after: { ...after, micros: two && two.samples * two.each, memory: after.memory ?? null },
    basis,
    reason,
    time: one && two && timeDifference(one, two),
    speed: one && two && speedRatio(one, two),
    memory: memory && compareFunctionMemory(before.fn, after.fn, memory),
    lines: pairLines(linesOf(before), linesOf(after)).map((pair) => {
      const first = pair.before === null ? null : before.fn.lines[pair.before]!;
      const second = pair.after === null ? null : after.fn.lines[pair.after]!;
      return {
        before: first,
        after: second,
        changed: first !== null && second !== null && first.text.trim() !== second.text.trim(),
        ...compareTimes(
          [first?.samples ?? 0, second?.samples ?? 0],
          [before.fn.samples, after.fn.samples],
          one && two && [one.each, two.each],
        ),
        memory: memory && compareLineMemory(first, second, memory),
      };
    }),
  };
}

function compareTimes(
  [count1, count2]: readonly [number, number],
  [of1, of2]: readonly [number, number],
  each: readonly [number, number] | null,
): Pick<LineComparison, 'beforeMicros' | 'afterMicros' | 'time' | 'share'> {
  const rates =
    each &&
    ([
      { samples: count1, each: each[0] },
      { samples: count2, each: each[1] },
    ] as const);
  const seen = count1 + count2 > 0;
  return {
    beforeMicros: rates && rates[0].samples * rates[0].each,
    afterMicros: rates && rates[1].samples * rates[1].each,
    time: rates && seen ? timeDifference(...rates) : null,
    share: seen ? shareDifference(count1, of1, count2, of2) : null,
  };
}

/** What the two can fairly be compared by: by the work that was asked for, else by call. */
function basisOf(before: Side, after: Side): Pick<FunctionComparison, 'basis' | 'reason'> {
  const by = (basis: Basis) => ({ basis, reason: null });
  const none = (reason: string) => ({ basis: null, reason });
  const sides = [before, after];
  const calls = sides.every((side) => (callsOf(side) ?? 0) > 0);
  const evaluations = sides.every(({ run }) => run.repeats !== null && run.repeats > 0);
  const whole = sides.every(isWhole);
  const sameFunction = before.fn.name === after.fn.name && before.fn.file === after.fn.file;
  const sameCommand = before.run.command.join('\0') === after.run.command.join('\0');
  const ofMemory = sides.filter(isOfMemory);
  if (ofMemory.length === 1) return none('One of the two is of times, the other of memory.');
  if (ofMemory.length === 2) {
    if (sides.some(({ fn }) => fn.memory == null || fn.calls === 0)) {
      return none('One of the two was never called in its run.');
    }
    // What was done as often needs no division.
    if (whole && sides.every((side) => callsOf(side) === callsOf(before))) return by('total');
  } else if (sides.some(({ fn }) => fn.samples === 0 || fn.totalMicros === null)) {
    return none('One of the two has no samples.');
  }
  if (sameFunction && sameCommand) {
    if (evaluations) return by('evaluation');
    if (whole) return by('total');
  }
  if (calls) return by('call');
  if (evaluations) return by('evaluation');
  if (whole) return by('total');
  return none('One of the two was stopped, or repeated, and its calls were not counted.');
}

function callsOf({ fn }: Side): number | null {
  return fn.callsInTimedRun ?? fn.calls;
}

function isOfMemory({ memory }: Side): boolean {
  return memory !== undefined;
}

/** It ended by itself, and was done once: memory is read of one evaluation. */
function isWhole({ run, memory }: Side): boolean {
  const once = run.repeats === null || (memory !== undefined && run.repeats === 1);
  return once && run.stopped === null && run.signal === null;
}

function divisorOf(side: Side, basis: Basis): number {
  return basis === 'total' ? 1 : basis === 'call' ? callsOf(side)! : side.run.repeats!;
}

/** What bytes are divided by on either side; null: there are none to compare. */
function memoryDivisors(before: Side, after: Side, basis: Basis | null): Divisors | null {
  if (basis === null || !isOfMemory(before) || !isOfMemory(after)) return null;
  return [divisorOf(before, basis), divisorOf(after, basis)];
}

/** The function's samples, and what one of them is worth by the basis; isolates have intervals of their own. */
function rateOf(side: Side, basis: Basis | null): Rate | null {
  const { fn } = side;
  if (basis === null || fn.totalMicros === null || fn.samples === 0) return null;
  return { samples: fn.samples, each: fn.totalMicros / fn.samples / divisorOf(side, basis) };
}
