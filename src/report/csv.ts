import { stringify } from 'csv-stringify/sync';
import { type FunctionComparison, MEMORY_AMOUNTS } from '../model/comparison.ts';
import { type FunctionProfile, type LineStats, WHERES } from '../model/profile.ts';
import type { FunctionSummary } from '../model/summary.ts';
import { isOfMemory } from './comparison.ts';
import { neverCalled } from './notes.ts';

/** The numbers of a line, as they stand in the header. */
const NUMBERS: readonly (readonly [string, (line: LineStats) => number | null])[] = [
  ['hits', ({ hits }) => hits],
  ['time_us', ({ totalMicros }) => totalMicros],
  ['per_hit_us', ({ hits, totalMicros }) => (totalMicros === null || !hits ? null : totalMicros / hits)],
  ['percent', ({ percent }) => percent],
  ['percent_margin', ({ percentMargin, samples }) => (samples === 0 ? null : percentMargin)],
  ['self_us', ({ selfMicros }) => selfMicros],
  ['samples', ({ samples }) => samples],
  ...WHERES.map((where) => [`${where}_samples`, (line: LineStats) => line.where[where] ?? 0] as const),
];

/** A function's lines as CSV (RFC 4180): plain numbers, units in the header, blanks for what is not known. */
export function linesCsv(fn: FunctionProfile): string {
  const blank = neverCalled(fn);
  // A line that holds no code and was never seen has nothing to be timed.
  const measured = (line: LineStats) => !blank && (line.samples > 0 || line.hits !== null);
  return write(
    ['line', ...NUMBERS.map(([name]) => name), 'source'],
    fn.lines.map((line) => [
      line.line,
      ...NUMBERS.map(([, number]) => (measured(line) ? number(line) : null)),
      line.text,
    ]),
  );
}

/** The functions of a run as CSV, as `linesCsv`. */
export function functionsCsv(functions: readonly FunctionSummary[]): string {
  return write(
    ['function', 'kind', 'file', 'line', 'calls', 'time_us', 'self_us', 'samples', 'self_samples'],
    functions.map((fn) => [
      ...[fn.name, fn.kind, fn.file, fn.line, fn.calls, fn.totalMicros, fn.selfMicros],
      ...[fn.samples, fn.selfSamples],
    ]),
  );
}

/** A function's memory as CSV, as `linesCsv`: bytes, and what was dealt out told. */
export function memoryLinesCsv({ lines }: FunctionProfile): string {
  const flag = (is: boolean | undefined) => (is === undefined ? null : is ? 'yes' : 'no');
  return write(
    [
      ...['line', 'usage_bytes', 'increment_bytes', 'increment_dealt_out', 'allocated_bytes'],
      ...['allocated_dealt_out', 'others_bytes', 'occurrences', 'source'],
    ],
    lines.map(({ line, text, memory }) => [
      ...[line, memory?.usageBytes ?? null, memory?.incrementBytes ?? null, flag(memory?.isEstimated)],
      ...[memory?.allocatedBytes ?? null, flag(memory?.isSampled), memory?.othersBytes ?? null],
      ...[memory?.occurrences ?? null, text],
    ]),
  );
}

/** The functions of a memory run as CSV, as `linesCsv`. */
export function memoryFunctionsCsv(functions: readonly FunctionSummary[]): string {
  return write(
    ['function', 'file', 'line', 'calls', 'increment_bytes', 'allocated_bytes'],
    functions.map(({ name, file, line, calls, memory }) => [
      ...[name, file, line, calls, memory?.incrementBytes ?? null, memory?.allocatedBytes ?? null],
    ]),
  );
}

/** The lines of a function before and after as CSV, as `linesCsv`; times and bytes by the comparison's basis. */
export function comparisonCsv(fn: FunctionComparison): string {
  if (isOfMemory(fn)) return memoryComparisonCsv(fn);
  const { lines } = fn;
  return write(
    [
      ...['line_before', 'line_after', 'before_us', 'after_us', 'delta_us', 'delta_low_us', 'delta_high_us'],
      ...['share_points', 'noise', 'source'],
    ],
    lines.map(({ before, after, beforeMicros, afterMicros, time, share }) => [
      ...[before?.line ?? null, after?.line ?? null, beforeMicros, afterMicros],
      ...[time?.value ?? null, time?.low ?? null, time?.high ?? null, share?.value ?? null],
      time === null ? null : time.noise ? 'yes' : 'no',
      (after ?? before)!.text,
    ]),
  );
}

/** Of each amount both sides, the difference, and its bounds: blank where one side is dealt out. */
function memoryComparisonCsv({ lines }: FunctionComparison): string {
  const heads = MEMORY_AMOUNTS.flatMap((amount) => {
    const name = amount === 'occurrences' ? amount : `${amount}_bytes`;
    const bounds = amount === 'occurrences' ? [] : [`${name}_delta_low`, `${name}_delta_high`];
    return [`${name}_before`, `${name}_after`, `${name}_delta`, ...bounds];
  });
  return write(
    ['line_before', 'line_after', ...heads, 'source'],
    lines.map(({ before, after, memory }) => [
      before?.line ?? null,
      after?.line ?? null,
      ...MEMORY_AMOUNTS.flatMap((amount) => {
        const one = memory?.[amount];
        const bounds = one?.difference?.bounds;
        return [
          ...[one?.before ?? null, one?.after ?? null, one?.difference?.value ?? null],
          ...(amount === 'occurrences' ? [] : [bounds?.low ?? null, bounds?.high ?? null]),
        ];
      }),
      (after ?? before)!.text,
    ]),
  );
}

function write(header: readonly string[], rows: readonly (readonly (string | number | null)[])[]): string {
  return stringify(
    [header, ...rows].map((row) => [...row]),
    {
      record_delimiter: 'windows',
      cast: {
        number: (value) => String(Number(value.toFixed(4))),
        string: (value) => harmless(value),
      },
    },
  );
}

/**
 * Source and names come from elsewhere: a spreadsheet would run a text that reads like a formula, so it gets
 * an apostrophe before it (OWASP, "CSV Injection"). Spaces before the sign are no protection.
 */
function harmless(text: string): string {
  return /^\s*[=+\-@\uff1d\uff0b\uff0d\uff20]|^[\t\r\n]/.test(text) ? `'${text}` : text;
}
