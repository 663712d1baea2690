import * as l10n from '@vscode/l10n';
import type { Comparison, FunctionComparison, LineComparison } from '../../model/comparison.ts';
import type { LineStats } from '../../model/profile.ts';
import {
  basisWords,
  headline,
  isOfMemory,
  shareDifferenceWords,
  timeDifferenceWords,
  verdictOf,
} from '../../report/comparison.ts';
import { memoryAmount } from '../../report/memory-words.ts';
import { count, duration, percentage } from '../../report/numbers.ts';
import { code, escapeMarkdown } from '../hover-text.ts';
import {
  memoryFunctionRows,
  memoryNotes,
  memoryRows,
  memoryVerdictWords,
  objectWords,
} from './memory-rows.ts';

/** A row of a hover's table. */
export type Row = readonly [name: string, before: string, after: string, difference: string];

/** The hover of a line while two profiles are compared: both sides and their difference, in Markdown. */
export function comparisonHover(
  comparison: Comparison,
  fn: FunctionComparison,
  line: LineComparison,
  stale: boolean,
): string {
  const { before, after, changed } = line;
  const ofMemory = isOfMemory(fn);
  return [
    l10n.t('**Line {0}** of {1}', (after ?? before)?.line ?? 0, code(fn.after.fn.name)),
    stale ? `*${l10n.t('Changed since it was measured.')}*` : null,
    before === null ? l10n.t('This line is new.') : null,
    changed && before !== null ? l10n.t('It took the place of {0}', code(before.text.trim())) : null,
    ...(ofMemory && line.memory === null
      ? [fn.reason ?? l10n.t('No statement begins on this line, or none ran.')]
      : [
          table(comparison, line.memory ? memoryRows(line.memory, fn.basis) : timeRows(fn, line)),
          line.memory ? memoryVerdictWords(line.memory) : verdict(line),
        ]),
    ...memoryNotes(line),
  ]
    .filter((part) => part !== null)
    .join('\n\n');
}

function timeRows(fn: FunctionComparison, line: LineComparison): Row[] {
  const { before, after } = line;
  return [
    [fn.basis === 'total' ? l10n.t('Hits') : l10n.t('Hits in all'), hits(before), hits(after), ''],
    [
      `${l10n.t('Time')}${basisWords(fn.basis)}`,
      micros(before, line.beforeMicros),
      micros(after, line.afterMicros),
      line.time === null ? '' : timeDifferenceWords(line.time),
    ],
    [
      l10n.t('% of function'),
      share(before),
      share(after),
      line.share === null ? '' : shareDifferenceWords(line.share),
    ],
    [l10n.t('Samples'), samples(before), samples(after), ''],
  ];
}

/** The hover of a compared function's first line. */
export function comparedFunctionHover(comparison: Comparison, compared: FunctionComparison): string {
  const { before, after, memory } = compared;
  const calls = (value: number | null) =>
    value === null ? l10n.t('not counted') : value.toLocaleString('en-US');
  const rows: Row[] = [
    [l10n.t('Calls'), calls(before.fn.calls), calls(after.fn.calls), ''],
    ...(memory === null
      ? isOfMemory(compared)
        ? []
        : functionTimeRows(compared)
      : memoryFunctionRows(memory, compared.basis)),
    ['Node', escapeMarkdown(before.run.node), escapeMarkdown(after.run.node), ''],
  ];
  return [
    `**${escapeMarkdown(after.fn.name)}** ${escapeMarkdown(headline(compared))}`,
    before.fn.name === after.fn.name ? null : l10n.t('Compared with {0}', code(before.fn.name)),
    table(comparison, rows),
    goneWords(compared),
    memory && objectWords(memory),
    isOfMemory(compared)
      ? `*${l10n.t('Bounds are the limits of measurement (1 % or 1 KB of each side): two runs differ by what the program did, too.')}*`
      : `*${l10n.t('Margins are 95 % and of the sampling alone: two runs differ by what else the machine did, too.')}*`,
  ]
    .filter((part) => part !== null)
    .join('\n\n');
}

function functionTimeRows({ before, after, basis, time }: FunctionComparison): Row[] {
  const total = (value: number | null) => (value === null ? '' : duration(value));
  return [
    [l10n.t('Time in all'), total(before.fn.totalMicros), total(after.fn.totalMicros), ''],
    ...(basis === null || basis === 'total' || time === null
      ? []
      : [
          [
            `${l10n.t('Time')}${basisWords(basis)}`,
            total(before.micros),
            total(after.micros),
            timeDifferenceWords(time),
          ] as const,
        ]),
    [
      l10n.t('Samples'),
      before.fn.samples.toLocaleString('en-US'),
      after.fn.samples.toLocaleString('en-US'),
      '',
    ],
  ];
}

/** How many lines are gone, and what they took. */
function goneWords({ lines, basis }: FunctionComparison): string | null {
  const gone = lines.filter((line) => line.after === null);
  if (gone.length === 0) return null;
  const saved = gone.reduce((sum, line) => sum + (line.beforeMicros ?? 0), 0);
  const bytes = gone.reduce((sum, line) => sum + (line.memory?.allocated.before ?? 0), 0);
  const took =
    saved > 0
      ? `, with ${duration(saved)}${basisWords(basis)}`
      : bytes > 0
        ? `, with ${memoryAmount(bytes)} allocated${basisWords(basis)}`
        : '';
  return `${count(gone.length, 'line')} of before ${gone.length === 1 ? 'is' : 'are'} gone${took}`;
}

function table({ before, after }: Comparison, rows: readonly Row[]): string {
  const head = `| | ${escapeMarkdown(before)} | ${escapeMarkdown(after)} | ${l10n.t('Difference')} |\n|:--|--:|--:|:--|`;
  return `${head}\n${rows.map((cells) => `| ${cells.map((cell) => `${cell}&nbsp;`).join(' | ')} |`).join('\n')}`;
}

function verdict({ time, share }: LineComparison): string | null {
  switch (verdictOf(time ?? share)) {
    case 'noise':
      return l10n.t('Within noise: the difference may be chance.');
    case 'less':
      return l10n.t('Less than before, beyond noise.');
    case 'more':
      return l10n.t('More than before, beyond noise.');
    case null:
      return null;
  }
}

function hits(line: LineStats | null): string {
  return line === null || line.hits === null ? '' : line.hits.toLocaleString('en-US');
}

function micros(line: LineStats | null, value: number | null): string {
  return line === null || value === null || line.samples === 0 ? '' : duration(value);
}

function share(line: LineStats | null): string {
  if (line === null || line.percent === null || line.samples === 0) return '';
  return line.percentMargin === null
    ? percentage(line.percent)
    : `${percentage(line.percent)} ± ${percentage(line.percentMargin)}`;
}

function samples(line: LineStats | null): string {
  return line === null ? '' : line.samples.toLocaleString('en-US');
}
