import * as l10n from '@vscode/l10n';
import type { FunctionProfile, LineCall, LineStats, RunFacts, Where, WhereCounts } from '../model/profile.ts';
import { count, duration, percentage } from '../report/numbers.ts';
import { WHERE_WORDS } from '../report/where.ts';

/** What a hover needs besides the numbers. */
export interface HoverLinks {
  /** A command link to a callee; null where it has no file to go to. */
  goTo(call: LineCall): string | null;
  /** What a memory run said of the line, in words; absent: nothing. */
  readonly memory?: string | null;
  /** The hover is read out, not looked at: no bars. */
  readonly isSpoken?: boolean;
  /** What else the reader may want of the line: words and their command links. */
  readonly more: readonly (readonly [words: string, link: string])[];
}

/** Callees named in a hover; the rest is summed up. */
const MOST_CALLS = 8;
/** Length of the bar of `where`, in characters. */
const BAR = 24;
/** Fillings of that bar, most samples first; different in shape, not in colour alone. */
const FILLS = ['█', '▓', '▒', '░', '▚', '▞', '·'] as const;

/** The hover of one line, in Markdown. Everything that comes from the program is escaped. */
export function hoverText(
  run: RunFacts,
  fn: FunctionProfile,
  line: LineStats,
  stale: boolean,
  links: HoverLinks,
): string {
  const parts = [
    `${l10n.t('**Line {0}** of {1}', line.line, code(fn.name))}${moreLinks(links.more)}`,
    stale ? `*${l10n.t('Changed since it was measured; it read')}* ${code(line.text.trim())}` : null,
    ...(line.hits === 0 && line.samples === 0
      ? [l10n.t('Never ran.')]
      : [
          numbers(run, line),
          selfAndCalls(line),
          where(line.where, links.isSpoken === true),
          calls(line, links),
        ]),
    links.memory ?? null,
    samples(run, line),
    run.times === undefined ? null : `*${selfTimeWords(run)}*`,
  ];
  return parts.filter((part) => part !== null && part !== '').join('\n\n');
}

/** The hover of a function's first line: the function as a whole. */
export function functionHover(run: RunFacts, fn: FunctionProfile, more: HoverLinks['more'] = []): string {
  const rows = [
    [l10n.t('Calls'), fn.calls === null ? l10n.t('not counted') : fn.calls.toLocaleString('en-US')],
    [l10n.t('Time'), fn.totalMicros === null ? l10n.t('not measured') : duration(fn.totalMicros)],
    [l10n.t('Per call'), fn.calls && fn.totalMicros ? duration(fn.totalMicros / fn.calls) : null],
    [l10n.t('Self'), fn.selfMicros === null ? null : duration(fn.selfMicros)],
    [
      l10n.t('Share of the run'),
      run.samples > 0 ? `${percentage((fn.samples / run.samples) * 100)} %` : null,
    ],
  ].filter((row): row is [string, string] => row[1] !== null);
  return [
    `**${escapeMarkdown(fn.name)}**${moreLinks(more)}`,
    `| | |\n|:--|--:|\n${rows.map(([name, value]) => `| ${name} | ${value} |`).join('\n')}`,
    ...fn.notes.map((note) => `*${escapeMarkdown(note)}*`),
    `${count(fn.samples, 'sample')} of ${duration(run.intervalMicros)}${run.node === 'unknown' ? '' : `, Node ${escapeMarkdown(run.node)}`}`,
    ...(run.times === undefined ? [] : [`*${selfTimeWords(run)}*`]),
  ].join('\n\n');
}

/** A row of names over a row of numbers. */
export function table(cells: readonly (readonly [name: string, text: string])[]): string {
  const row = (at: 0 | 1) => cells.map((cell) => `${cell[at]}&nbsp;`).join(' | ');
  return `| ${row(0)} |\n|${'--:|'.repeat(cells.length)}\n| ${row(1)} |`;
}

/** In the first line: the last ones of a long hover are out of sight. */
export function moreLinks(more: HoverLinks['more']): string {
  return more.map(([words, link]) => ` &nbsp;·&nbsp; [${escapeMarkdown(words)}](${link})`).join('');
}

/** What the reader of a profile without whole times must know. */
function selfTimeWords({ times }: RunFacts): string {
  return times === 'functions'
    ? l10n.t('The file has no line numbers of its samples: only functions have times.')
    : l10n.t(
        'Self time only: the file does not tell which lines called, so the time of calls is not on this line.',
      );
}

/** Text made harmless in Markdown, HTML included. */
export function escapeMarkdown(text: string): string {
  return text
    .replace(/\p{Cc}+/gu, ' ')
    .replace(/[\\`*_{}[\]()#+\-.!|<>~&$:@/"']/g, (character) =>
      character === '<'
        ? '&lt;'
        : character === '>'
          ? '&gt;'
          : character === '&'
            ? '&amp;'
            : `\\${character}`,
    );
}

/** Text as a code span, whatever backticks it holds; never breaks out of a line or a table. */
export function code(text: string): string {
  const flat = text.replace(/\p{Cc}+/gu, ' ').replaceAll('|', '¦');
  const longest = Math.max(0, ...[...flat.matchAll(/`+/g)].map(([ticks]) => ticks.length));
  const fence = '`'.repeat(longest + 1);
  const pad = longest > 0 || flat.startsWith(' ') || flat.endsWith(' ') ? ' ' : '';
  return `${fence}${pad}${flat || ' '}${pad}${fence}`;
}

function numbers(run: RunFacts, line: LineStats): string {
  const { hits, totalMicros } = line;
  const ofRun = line.samples === 0 || run.samples === 0 ? '' : percentage((line.samples / run.samples) * 100);
  const selfCells: readonly (readonly [string, string])[] = [
    [l10n.t('Self'), line.samples === 0 || line.selfMicros === null ? '' : duration(line.selfMicros)],
    [l10n.t('% of function'), line.samples === 0 ? '' : share(line)],
    [l10n.t('% of run'), ofRun],
  ];
  const fullCells: readonly (readonly [string, string])[] = [
    [l10n.t('Hits'), hits === null ? '' : hits.toLocaleString('en-US')],
    [l10n.t('Time'), line.samples === 0 || totalMicros === null ? '' : duration(totalMicros)],
    [
      l10n.t('Per Hit'),
      line.samples === 0 || totalMicros === null || !hits ? '' : duration(totalMicros / hits),
    ],
    [l10n.t('% of function'), line.samples === 0 ? '' : share(line)],
    [l10n.t('% of run'), ofRun],
  ];
  const cells = run.times === undefined ? fullCells : selfCells;
  return table(cells);
}

function share({ percent, percentMargin }: LineStats): string {
  if (percent === null) return '';
  return percentMargin === null
    ? percentage(percent)
    : `${percentage(percent)} ± ${percentage(percentMargin)}`;
}

function selfAndCalls({ selfMicros, totalMicros, samples, selfSamples }: LineStats): string | null {
  if (samples === 0 || selfMicros === null || totalMicros === null) return null;
  if (selfSamples === samples) return l10n.t('All of it in the line itself: no sample was in a call');
  const self = (selfSamples / samples) * 100;
  return l10n.t(
    'Self {0} ({1} %), in calls {2} ({3} %)',
    duration(selfMicros),
    percentage(self),
    duration(Math.max(0, totalMicros - selfMicros)),
    percentage(100 - self),
  );
}

/** The machine states, most samples first, with a bar before them unless it is read out. */
function where(counts: WhereCounts, isSpoken: boolean): string | null {
  const entries = (Object.entries(counts) as [Where, number][])
    .filter(([, samples]) => samples > 0)
    .sort(([, a], [, b]) => b - a);
  const all = entries.reduce((sum, [, samples]) => sum + samples, 0);
  if (all === 0) return null;
  const words = entries.map(
    ([name, samples]) => `${WHERE_WORDS[name]} ${percentage((samples / all) * 100)} %`,
  );
  if (isSpoken) return words.join(', ');
  let bar = '';
  let seen = 0;
  entries.forEach(([, samples], index) => {
    seen += samples;
    bar += FILLS[index]!.repeat(Math.round((seen / all) * BAR) - bar.length);
  });
  return `\`${bar}\` ${words.map((text, index) => `\`${FILLS[index]}\` ${text}`).join(', ')}`;
}

function calls({ calls: callees }: LineStats, links: HoverLinks): string | null {
  if (callees.length === 0) return null;
  const rows = callees.slice(0, MOST_CALLS).map((call) => {
    const link = links.goTo(call);
    const name = link === null ? code(call.name) : `[${escapeMarkdown(call.name)}](${link})`;
    return `- ${name} ${percentage(call.percent)} %`;
  });
  const rest = callees.length - rows.length;
  return `${l10n.t('Calls')}\n${rows.join('\n')}${rest > 0 ? `\n- ${rest === 1 ? l10n.t('and 1 more function') : l10n.t('and {0} more functions', rest)}` : ''}`;
}

function samples(run: RunFacts, line: LineStats): string | null {
  if (line.samples === 0) return null;
  return `${count(line.samples, 'sample')} of ${duration(run.intervalMicros)}`;
}
