import type { FunctionProfile, LineStats, RunFacts } from '../model/profile.ts';
import { type HeatStep, heatStep } from './heat.ts';
import { neverCalled } from './notes.ts';
import { alignPoints, percentage, threeDigits } from './numbers.ts';
import { chooseUnit, inUnit, type TimeUnit, timeDecimals } from './units.ts';

/** What a table shows. */
export interface RowOptions {
  /** Null: the one that suits the function's time. */
  readonly unit: TimeUnit | null;
  /** Leave out lines that did not run. */
  readonly skipZero: boolean;
}

/** One line of a function as text, a blank for every number that was not measured. */
export interface TableRow {
  readonly line: number;
  readonly hits: string;
  readonly time: string;
  readonly perHit: string;
  /** Time for one call of the function; blank unless the table has `perCall`. */
  readonly perCall: string;
  readonly percent: string;
  /** Half-width of the 95 % interval of `percent`, in points. */
  readonly margin: string;
  readonly heat: HeatStep;
  /** False where the line is known not to have run. */
  readonly ran: boolean;
  /** The source as it stands, not made safe for a terminal. */
  readonly text: string;
}

/** The rows of one function. */
export interface FunctionTable {
  readonly unit: TimeUnit;
  /** What a line's time is: with what it called, or its self time alone. */
  readonly times: 'inclusive' | 'self';
  /** By what `perCall` divides, and whether those are calls of the function or evaluations; null: no column. */
  readonly perCall: { readonly divisor: number; readonly of: 'call' | 'evaluation' } | null;
  readonly rows: readonly TableRow[];
}

/** A function's lines as rows of text; numbers in a column have their decimal points below each other. */
export function functionTable(run: RunFacts, fn: FunctionProfile, options: RowOptions): FunctionTable {
  const unit = options.unit ?? chooseUnit(fn.totalMicros ?? 0);
  const decimals = timeDecimals(unit, run.intervalMicros);
  const perCall = perCallOf(run, fn);
  const blank = neverCalled(fn);
  const lines = fn.lines.filter((line) => !options.skipZero || (line.hits ?? 0) > 0 || line.samples > 0);
  const column = (text: (line: LineStats) => string) =>
    alignPoints(lines.map((line) => (blank ? '' : text(line))));

  // A line that holds no code and was never seen gets a blank and not a zero: there is nothing to be timed.
  const measured = (line: LineStats) => line.samples > 0 || line.hits !== null;
  const hits = column(({ hits }) => (hits === null ? '' : String(hits)));
  const times = run.times === undefined ? 'inclusive' : 'self';
  const time = column((line) => {
    const micros = times === 'self' ? line.selfMicros : line.totalMicros;
    return micros === null || !measured(line) ? '' : inUnit(micros, unit).toFixed(decimals);
  });
  const perHit = column(({ hits, totalMicros }) =>
    totalMicros === null || !hits ? '' : threeDigits(inUnit(totalMicros / hits, unit)),
  );
  const perCallTimes = column((line) =>
    perCall === null || line.totalMicros === null || !measured(line)
      ? ''
      : threeDigits(inUnit(line.totalMicros / perCall.divisor, unit)),
  );
  const percent = column((line) =>
    line.percent === null || !measured(line) ? '' : percentage(line.percent),
  );
  const margin = column((line) =>
    line.percentMargin === null || line.samples === 0 ? '' : percentage(line.percentMargin),
  );

  const rows = lines.map((line, index) => ({
    line: line.line,
    hits: hits[index]!,
    time: time[index]!,
    perHit: perHit[index]!,
    perCall: perCallTimes[index]!,
    percent: percent[index]!,
    margin: margin[index]!,
    heat: blank ? (0 as const) : heatStep(line.percent),
    ran: !blank && line.hits !== 0,
    text: line.text,
  }));
  return { unit, times, perCall, rows };
}

function perCallOf(run: RunFacts, fn: FunctionProfile): FunctionTable['perCall'] {
  if (run.repeats === null || run.repeats < 2) return null;
  const calls = fn.callsInTimedRun ?? fn.calls;
  if (calls === null) return { divisor: run.repeats, of: 'evaluation' };
  return calls === 0 ? null : { divisor: calls, of: 'call' };
}
