import * as l10n from '@vscode/l10n';
import type { LineMemory } from '../model/memory.ts';
import type { FunctionProfile, LineStats, RunFacts } from '../model/profile.ts';
import { objectRows } from '../report/memory-grid.ts';
import { memoryAmount, memoryChange, neverRead } from '../report/memory-words.ts';
import { code, escapeMarkdown, type HoverLinks, moreLinks, table } from './hover-text.ts';

/** Constructors named in a hover. */
const MOST_OBJECTS = 6;

/** The hover of a line whose memory was read, in Markdown. Everything that comes from the program is escaped. */
export function memoryHover(
  run: RunFacts,
  fn: FunctionProfile,
  { line, text, memory }: LineStats,
  stale: boolean,
  more: HoverLinks['more'],
): string {
  const parts = [
    `${l10n.t('**Line {0}** of {1}', line, code(fn.name))}${moreLinks(more)}`,
    stale ? `*${l10n.t('Changed since it was measured; it read')}* ${code(text.trim())}` : null,
    ...(memory === null
      ? [l10n.t('No statement begins on this line, or none ran.')]
      : memory.occurrences === 0
        ? [l10n.t('Never ran.')]
        : [numbers(memory), ...lineNotes(memory).map((note) => `*${note}*`)]),
    nodeOf(run),
  ];
  return parts.filter((part) => part !== null && part !== '').join('\n\n');
}

/** The hover of such a function's first line: the function as a whole, and what it left behind. */
export function memoryFunctionHover(run: RunFacts, fn: FunctionProfile, more: HoverLinks['more']): string {
  const { memory, calls } = fn;
  const objects = objectRows(memory?.objects?.slice(0, MOST_OBJECTS) ?? []);
  return [
    `**${escapeMarkdown(fn.name)}**${moreLinks(more)}`,
    memory == null || neverRead(fn)
      ? l10n.t('Not read: it was never called in this run.')
      : table([
          [l10n.t('Calls'), calls === null ? '' : calls.toLocaleString('en-US')],
          [
            l10n.t('Increment'),
            memory.incrementBytes === null ? '' : memoryChange(memory.incrementBytes, memory.isEstimated),
          ],
          [l10n.t('Allocated'), memoryAmount(memory.allocatedBytes)],
        ]),
    ...(objects.length === 0
      ? []
      : [
          l10n.t('What its first call left'),
          objects
            .map(({ name, count, bytes, where }) =>
              [`- ${count} ${code(name)} ${bytes} MiB`, where].filter((part) => part !== '').join(', '),
            )
            .join('\n'),
        ]),
    ...fn.notes.map((note) => `*${escapeMarkdown(note)}*`),
    nodeOf(run),
  ]
    .filter((part) => part !== '')
    .join('\n\n');
}

/** In the hover of a line's times: what a memory run said of the same line; null: nothing. */
export function memoryWords(memory: LineMemory | null): string | null {
  if (memory === null || memory.occurrences === 0) return null;
  const { incrementBytes, isEstimated, allocatedBytes } = memory;
  return incrementBytes === null
    ? l10n.t('Memory: {0} allocated', memoryAmount(allocatedBytes))
    : l10n.t(
        'Memory: {0} kept, {1} allocated',
        memoryChange(incrementBytes, isEstimated),
        memoryAmount(allocatedBytes),
      );
}

function numbers({
  usageBytes,
  incrementBytes,
  isEstimated,
  allocatedBytes,
  isSampled,
  occurrences,
}: LineMemory) {
  return table([
    [l10n.t('Mem usage'), usageBytes === null ? '' : memoryAmount(usageBytes)],
    [l10n.t('Increment'), incrementBytes === null ? '' : memoryChange(incrementBytes, isEstimated)],
    [l10n.t('Allocated'), `${isSampled ? '~' : ''}${memoryAmount(allocatedBytes)}`],
    [l10n.t('Occurrences'), occurrences.toLocaleString('en-US')],
  ]);
}

/** What the reader of one line must know of its numbers. */
function lineNotes({
  incrementBytes,
  isEstimated,
  isSampled,
  othersBytes,
  occurrences,
}: LineMemory): string[] {
  return [
    ...(incrementBytes === null
      ? [l10n.t('Nothing was collected around this line, so what stayed is not known.')]
      : isEstimated
        ? [l10n.t('~ Not every occurrence had a collection at both ends: the increment is dealt out.')]
        : []),
    ...(isSampled
      ? [
          l10n.t(
            '~ Not every one of its {0} occurrences was read by itself: what was allocated is dealt out.',
            occurrences.toLocaleString('en-US'),
          ),
        ]
      : []),
    ...(othersBytes > 0
      ? [
          l10n.t(
            '{0} were allocated by others while the line waited, and are left out.',
            memoryAmount(othersBytes),
          ),
        ]
      : []),
  ];
}

function nodeOf({ node }: RunFacts): string {
  return node === 'unknown' ? '' : `Node ${escapeMarkdown(node)}`;
}
