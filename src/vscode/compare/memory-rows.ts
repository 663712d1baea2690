import * as l10n from '@vscode/l10n';
import type {
  Basis,
  ComparedAmount,
  FunctionMemoryComparison,
  LineComparison,
  LineMemoryComparison,
  MemoryAmount,
} from '../../model/comparison.ts';
import { basisWords } from '../../report/comparison.ts';
import { amountVerdict, memoryDifferenceWords, sideWords } from '../../report/memory-comparison.ts';
import { comparedObjectRows } from '../../report/memory-comparison-grid.ts';
import { code } from '../hover-text.ts';
import type { Row } from './comparison-hover.ts';

/** Constructors named in a hover. */
const MOST_OBJECTS = 6;

/** The rows of a line's hover: all that was read, before and after. */
export function memoryRows(memory: LineMemoryComparison, basis: Basis | null): Row[] {
  const per = basisWords(basis);
  return [
    row(l10n.t('Mem usage'), 'usage', memory.usage),
    row(`${l10n.t('Increment')}${per}`, 'increment', memory.increment),
    row(`${l10n.t('Allocated')}${per}`, 'allocated', memory.allocated),
    row(`${l10n.t('Occurrences')}${per}`, 'occurrences', memory.occurrences),
  ];
}

/** The same of a function as a whole. */
export function memoryFunctionRows(
  { increment, allocated }: FunctionMemoryComparison,
  basis: Basis | null,
): Row[] {
  const per = basisWords(basis);
  return [
    row(`${l10n.t('Increment')}${per}`, 'increment', increment),
    row(`${l10n.t('Allocated')}${per}`, 'allocated', allocated),
  ];
}

function row(name: string, amount: MemoryAmount, compared: ComparedAmount): Row {
  const side = (value: number | null) => sideWords(amount, value);
  return [name, side(compared.before), side(compared.after), memoryDifferenceWords(amount, compared)];
}

/** What the differences say of the line: of what it keeps, and of what it allocates. */
export function memoryVerdictWords(memory: LineMemoryComparison): string | null {
  const kept = amountVerdict('increment', memory);
  const allocated = amountVerdict('allocated', memory);
  if (kept !== null && allocated === 'noise' && kept === 'noise') {
    return l10n.t('Within the limits of measurement: it may be no difference.');
  }
  const words = [
    kept === 'less' ? l10n.t('Keeps less than before, beyond the limits of measurement.') : null,
    kept === 'more' ? l10n.t('Keeps more than before, beyond the limits of measurement.') : null,
    kept === 'noise' ? l10n.t('Keeps as much as before, within the limits of measurement.') : null,
    allocated === 'less' ? l10n.t('Allocates less than before.') : null,
    allocated === 'more' ? l10n.t('Allocates more than before.') : null,
  ].filter((one) => one !== null);
  return words.length === 0 ? null : words.join(' ');
}

/** What the reader of one line must know of its differences. */
export function memoryNotes({ memory }: LineComparison): string[] {
  if (memory === null) return [];
  const { increment, allocated } = memory;
  const dealt = [increment, allocated].some(({ difference }) => difference?.bounds === null);
  const differs = allocated.difference !== null && !allocated.difference.noise;
  return [
    ...(dealt
      ? [
          l10n.t(
            '~ One side at least is dealt out among lines that were read together: how far off the difference may be is not known.',
          ),
        ]
      : []),
    ...(differs
      ? [
          l10n.t(
            'What hot code allocates depends on when V8 optimises it, too: run it again to see how much.',
          ),
        ]
      : []),
  ].map((note) => `*${note}*`);
}

/** What a call of each left, by constructor; null: nothing to say. */
export function objectWords(memory: FunctionMemoryComparison): string | null {
  const rows = comparedObjectRows(memory).filter(({ verdict }) => verdict !== 'noise');
  if (rows.length === 0) return null;
  const list = rows
    .slice(0, MOST_OBJECTS)
    .map(({ name, count, bytes }) => `- ${count} ${code(name)} ${bytes} MiB`);
  return `${l10n.t('What a call left, compared')}\n\n${list.join('\n')}`;
}
