import * as l10n from '@vscode/l10n';
import { html, nothing, svg, type TemplateResult } from 'lit';
import { classMap } from 'lit/directives/class-map.js';
import type { MemoryTimeline } from '../model/memory.ts';
import { memoryAmount } from '../report/memory-words.ts';
import { duration } from '../report/numbers.ts';

/** The drawing's own units; it is stretched to the width there is. */
const WIDTH = 300;
const HEIGHT = 90;
/** Points drawn at most: the highest of each slice, so that no peak is lost. */
const MOST_POINTS = 600;

/** What a plot is about. */
export interface PlotOptions {
  /** The function whose calls are marked. */
  readonly fn: { readonly name: string; readonly file: string };
  /** The line whose intervals are marked, as it was numbered; null: none. */
  readonly line: number | null;
  /** Of two plots: which it is. */
  readonly title?: string;
  /** Bytes at the top of the plot; absent: its own peak. */
  readonly most?: number;
}

/**
 * Memory of a process over time: RSS, and what the program holds (heap and external), the calls of the function as
 * bands and the intervals of one of its lines as darker ones, major collections as ticks, the peak in words.
 */
export function timelinePlot(timeline: MemoryTimeline, options: PlotOptions): TemplateResult {
  const { fn, line, title, most: top } = options;
  const { millis, rss, heapUsed, external, brackets, collections } = timeline;
  const calls = brackets.filter((bracket) => bracket.name === fn.name);
  const { from, to } = shownTime(millis, calls);
  const most = rss.reduce((peak, bytes) => Math.max(peak, bytes), 1);
  const held = heapUsed.map((bytes, index) => {
    const outside = external[index];
    return bytes == null || outside == null ? null : bytes + outside;
  });
  // Beyond the edges, where the drawing ends.
  const x = (at: number) => ((at - from) / (to - from)) * WIDTH;
  const y = (bytes: number) => HEIGHT - (bytes / (top ?? most)) * (HEIGHT - 4);
  const spans = joined((timeline.spans ?? []).filter((span) => span.line === line && span.file === fn.file));
  const peakAt = rss.indexOf(most);
  const since = (at: number) => duration((at - (millis[0] ?? 0)) * 1000);
  const peak = peakAt === -1 ? '' : l10n.t('peak {0} at {1}', memoryAmount(most), since(millis[peakAt]!));
  const when = l10n.t('{0} to {1}', since(from), since(to));
  const said = l10n.t('Memory over time, {0}: {1}, calls of {2}: {3}', when, peak, fn.name, calls.length);
  const words = title === undefined ? said : `${title}: ${said}`;
  const band = (name: string) => (one: { readonly fromMillis: number; readonly toMillis: number }) =>
    svg`<rect class=${name} x=${x(one.fromMillis)} y="0"
      width=${Math.max(0.9, x(one.toMillis) - x(one.fromMillis))} height=${HEIGHT}></rect>`;
  return html`<figure class=${classMap({ plot: true, pointed: line !== null })}>
    <figcaption>
      ${title === undefined ? nothing : html`<b title=${title}>${title}</b>`}<span>${peak}</span>
      <span class="dim">${when}</span>
    </figcaption>
    <svg viewBox="0 0 ${WIDTH} ${HEIGHT}" preserveAspectRatio="none" role="img" aria-label=${words}>
      ${calls.map(band('call'))} ${spans.map(band('line'))}
      ${collections
        .filter(({ kind }) => kind === 'major')
        .map(({ millis: when }) => svg`<path class="gc" d="M${x(when)} ${HEIGHT - 6}V${HEIGHT}"></path>`)}
      <path class="rss" d=${path(millis, rss, x, y)}></path>
      <path class="held" d=${path(millis, held, x, y)}></path>
    </svg>
    <p class="legend dim">
      <span><i class="rss"></i>RSS</span><span><i class="held"></i>${l10n.t('heap and external')}</span>
      ${calls.length === 0 ? nothing : html`<span><i class="call"></i>${fn.name}</span>`}
    </p>
    ${timeline.spans === undefined ? nothing : lineMark(line, spans, since)}
  </figure>`;
}

interface Interval {
  readonly fromMillis: number;
  readonly toMillis: number;
}

/**
 * The calls and some time around them, as far as there are samples: a start-up may take longer than all of them.
 * Without a call, all samples.
 */
export function shownTime(
  millis: readonly number[],
  calls: readonly Interval[],
): { from: number; to: number } {
  const [first, last] = [millis[0] ?? 0, millis.at(-1) ?? 0];
  if (calls.length === 0) return { from: first, to: Math.max(first + 1, last) };
  const begin = calls.reduce((least, { fromMillis }) => Math.min(least, fromMillis), Infinity);
  const end = calls.reduce((most, { toMillis }) => Math.max(most, toMillis), -Infinity);
  const around = Math.max(50, (end - begin) * 0.2);
  const from = Math.max(first, begin - around);
  return { from, to: Math.max(from + 1, Math.min(last, end + around)) };
}

/** Intervals that touch are one: a statement and those within it may be on one line. */
function joined(spans: readonly Interval[]): Interval[] {
  const all: { fromMillis: number; toMillis: number }[] = [];
  for (const { fromMillis, toMillis } of [...spans].sort((a, b) => a.fromMillis - b.fromMillis)) {
    const before = all.at(-1);
    if (before !== undefined && fromMillis <= before.toMillis) {
      before.toMillis = Math.max(before.toMillis, toMillis);
    } else {
      all.push({ fromMillis, toMillis });
    }
  }
  return all;
}

/** Always there, so that nothing below it moves. */
function lineMark(line: number | null, spans: readonly Interval[], since: (at: number) => string) {
  return html`<p class="now dim" role="status">
    ${line === null ? l10n.t('Point at a line to see when it ran.') : html`<i class="line"></i>${lineWords(line, spans, since)}`}
  </p>`;
}

/** When a line was under way, in words; of many intervals the first begin and the last end. */
function lineWords(line: number, spans: readonly Interval[], since: (at: number) => string): string {
  const [first, last] = [spans[0], spans.at(-1)];
  if (first === undefined || last === undefined) return l10n.t('line {0}: not seen', line);
  const [begun, ended] = [since(first.fromMillis), since(last.toMillis)];
  return spans.length === 1
    ? l10n.t('line {0}: {1} to {2}', line, begun, ended)
    : l10n.t('line {0}: {1} to {2}, {3} times', line, begun, ended, spans.length);
}

/** A path through the known values; a gap where one is not known. */
function path(
  millis: readonly number[],
  values: readonly (number | null)[],
  x: (at: number) => number,
  y: (bytes: number) => number,
): string {
  const slice = Math.max(1, Math.ceil(millis.length / MOST_POINTS));
  let drawn = '';
  let isOpen = false;
  for (let start = 0; start < millis.length; start += slice) {
    let best = -1;
    for (let index = start; index < Math.min(start + slice, millis.length); index++) {
      if ((values[index] ?? -1) > (best === -1 ? -1 : values[best]!)) best = index;
    }
    if (best === -1) {
      isOpen = false;
      continue;
    }
    drawn += `${isOpen ? 'L' : 'M'}${x(millis[best]!).toFixed(1)} ${y(values[best]!).toFixed(1)}`;
    isOpen = true;
  }
  return drawn;
}
