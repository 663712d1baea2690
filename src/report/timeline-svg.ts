import type { MemoryTimeline } from '../model/memory.ts';
import { MIB } from './memory-rows.ts';

/**
 * Memory over time as an SVG that stands alone. A chart library would bring a DOM or hundreds of kilobytes for
 * three lines, some marks and two axes.
 */
const WIDTH = 900;
const HEIGHT = 360;
const LEFT = 70;
const RIGHT = 20;
const TOP = 40;
const BOTTOM = 50;
/** Width of a letter, about. */
const LETTER = 7;

const SERIES = [
  { name: 'Resident set', color: '#4477aa', of: ({ rss }: MemoryTimeline) => rss },
  { name: 'Heap used', color: '#228833', of: ({ heapUsed }: MemoryTimeline) => heapUsed },
  { name: 'Buffers', color: '#ee6677', of: ({ external }: MemoryTimeline) => external },
] as const;

/** One chart for each process, below each other. */
export function timelineSvg(timelines: readonly MemoryTimeline[]): string {
  const height = HEIGHT * Math.max(1, timelines.length);
  const charts = timelines.map(
    (one, index) => `<g transform="translate(0,${index * HEIGHT})">${chart(one)}</g>`,
  );
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${height}" width="${WIDTH}" height="${height}" font-family="sans-serif" font-size="12" role="img">`,
    `<title>Memory over time</title><rect width="${WIDTH}" height="${height}" fill="#ffffff"/>`,
    ...charts,
    '</svg>\n',
  ].join('\n');
}

function chart(timeline: MemoryTimeline): string {
  const { millis, brackets, collections } = timeline;
  const end = Math.max(1, ...millis.slice(-1), ...brackets.map(({ toMillis }) => toMillis));
  let most = 1;
  for (const { of } of SERIES) for (const bytes of of(timeline)) most = Math.max(most, bytes ?? 0);
  const x = (at: number): string => (LEFT + ((WIDTH - LEFT - RIGHT) * at) / end).toFixed(1);
  const y = (bytes: number): string =>
    (HEIGHT - BOTTOM - ((HEIGHT - TOP - BOTTOM) * bytes) / most).toFixed(1);
  const peak = peakOf(timeline);
  const peakText =
    peak === null ? '' : `peak ${(peak.bytes / MIB).toFixed(1)} MiB at ${(peak.millis / 1000).toFixed(2)} s`;
  const room = Math.floor((WIDTH - LEFT - RIGHT) / LETTER) - peakText.length - 2;
  const parts = [
    `<text x="${LEFT}" y="16" fill="#333333">${escaped(cutLeft(timeline.command, room))}</text>`,
  ];
  for (const tick of ticks(most / MIB)) {
    const at = y(tick * MIB);
    parts.push(
      `<line x1="${LEFT}" x2="${WIDTH - RIGHT}" y1="${at}" y2="${at}" stroke="#e5e5e5"/>`,
      `<text x="${LEFT - 6}" y="${at}" dy="4" text-anchor="end" fill="#555555">${tick} MiB</text>`,
    );
  }
  for (const tick of ticks(end / 1000)) {
    parts.push(
      `<text x="${x(tick * 1000)}" y="${HEIGHT - BOTTOM + 28}" text-anchor="middle" fill="#555555">${tick} s</text>`,
    );
  }
  for (const { name, fromMillis, toMillis } of brackets.slice(0, 200)) {
    const [from, to] = [x(fromMillis), x(toMillis)];
    parts.push(
      `<g><title>${escaped(name)}: ${(toMillis - fromMillis).toFixed(0)} ms</title>`,
      `<path d="M${from},${TOP + 8}V${TOP}H${to}V${TOP + 8}" fill="none" stroke="#aa3377"/>`,
      `<rect x="${from}" y="${TOP}" width="${Math.max(1, Number(to) - Number(from))}" height="${HEIGHT - TOP - BOTTOM}" fill="#aa3377" opacity="0.06"/></g>`,
    );
  }
  for (const { name, fromMillis, toMillis } of brackets.slice(0, 200)) {
    const room = Number(x(toMillis)) - Number(x(fromMillis));
    if (room < LETTER * name.length) continue;
    parts.push(`<text x="${x(fromMillis)}" y="${TOP - 4}" fill="#aa3377">${escaped(name)}</text>`);
  }
  for (const { millis: at, kind } of collections) {
    const length = kind === 'major' ? 10 : 5;
    parts.push(
      `<line x1="${x(at)}" x2="${x(at)}" y1="${HEIGHT - BOTTOM}" y2="${HEIGHT - BOTTOM + length}" stroke="${kind === 'major' ? '#333333' : '#bbbbbb'}"/>`,
    );
  }
  SERIES.forEach(({ name, color, of }, index) => {
    const lines = runsOf(of(timeline), (bytes, i) => `${x(millis[i]!)},${y(bytes)}`);
    const at = LEFT + 110 * index;
    parts.push(
      ...lines.map(
        (points) => `<polyline points="${points}" fill="none" stroke="${color}" stroke-width="1.5"/>`,
      ),
      `<line x1="${at}" x2="${at + 16}" y1="${HEIGHT - 10}" y2="${HEIGHT - 10}" stroke="${color}" stroke-width="3"/>`,
      `<text x="${at + 20}" y="${HEIGHT - 6}" fill="#333333">${name}</text>`,
    );
  });
  if (peak !== null) {
    const [px, py] = [x(peak.millis), y(peak.bytes)];
    parts.push(
      `<circle cx="${px}" cy="${py}" r="3" fill="#4477aa"/>`,
      `<text x="${WIDTH - RIGHT}" y="16" text-anchor="end" fill="#333333">${peakText}</text>`,
    );
  }
  parts.push(
    `<text x="${WIDTH - RIGHT}" y="${HEIGHT - 6}" text-anchor="end" fill="#555555">ticks: collections, long ones of the whole heap</text>`,
  );
  return parts.join('\n');
}

/** Samples without a value, in a row, that break a line: what is not known is not drawn. */
const GAP = 5;

/** The points of each stretch in which values are known. */
function runsOf(
  values: readonly (number | null)[],
  point: (value: number, index: number) => string,
): string[] {
  const runs: string[][] = [[]];
  let unknown = 0;
  values.forEach((value, index) => {
    if (value === null) {
      unknown++;
      return;
    }
    if (unknown > GAP) runs.push([]);
    unknown = 0;
    runs.at(-1)!.push(point(value, index));
  });
  return runs.filter(({ length }) => length > 0).map((points) => points.join(' '));
}

/** The largest resident set and when it was; null without samples. */
export function peakOf({
  millis,
  rss,
}: MemoryTimeline): { readonly millis: number; readonly bytes: number } | null {
  let best: { millis: number; bytes: number } | null = null;
  rss.forEach((bytes, index) => {
    if (best === null || bytes > best.bytes) best = { millis: millis[index]!, bytes };
  });
  return best;
}

/** Round numbers from 0 to the largest, at most about six. */
function ticks(most: number): number[] {
  const rough = most / 5;
  const power = 10 ** Math.floor(Math.log10(rough));
  const step = [1, 2, 5, 10].map((factor) => factor * power).find((each) => each >= rough) ?? rough;
  const list: number[] = [];
  for (let at = 0; at <= most * 1.0001; at += step) list.push(Number(at.toPrecision(6)));
  return list;
}

/** The end of a text, where it is longer than so many letters: a command's end tells more than Node's path. */
function cutLeft(text: string, letters: number): string {
  return text.length <= letters ? text : `…${text.slice(1 - letters)}`;
}

function escaped(text: string): string {
  return text.replace(/[&<>"]/g, (character) => `&#${character.charCodeAt(0)};`);
}
