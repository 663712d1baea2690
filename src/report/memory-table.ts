import type { FunctionMemory, MemoryFacts, ObjectsMemory } from '../model/memory.ts';
import type { FunctionProfile, Profile } from '../model/profile.ts';
import { type MemoryRow, type MemoryRowOptions, memoryRows, mib } from './memory-rows.ts';
import { runNotes } from './notes.ts';
import { count, duration } from './numbers.ts';
import { makePaint, type Paint, paintHeat } from './paint.ts';
import { cleanText, cutToWidth, displayWidth, padLeft } from './text.ts';

/** How memory tables are laid out. */
export interface MemoryTableOptions extends MemoryRowOptions {
  readonly color: boolean;
  /** Columns to keep to, or null for as many as it takes. */
  readonly width: number | null;
  /** Leave out what is said about the whole run. */
  readonly quiet: boolean;
}

const LEAST_SOURCE = 20;
/** Constructors shown of a function. */
const MOST_OBJECTS = 10;
/** Lines shown of a constructor, of those that made at least so much of it. */
const MOST_LINES = 3;
const LEAST_SHARE = 0.01;
/** V8's own comings and goings are less. */
const LEAST_BYTES = 1024;

interface Column {
  readonly title: string;
  readonly least: number;
  readonly text: (row: MemoryRow) => string;
  readonly style: (row: MemoryRow, text: string, paint: Paint) => string;
}

const asIs: Column['style'] = (_row, text) => text;

/** Those of memory_profiler, with what was allocated after the increment. */
const COLUMNS: readonly Column[] = [
  {
    title: 'Line #',
    least: 6,
    text: (row) => String(row.line),
    style: (_row, text, paint) => paint.dim(text),
  },
  { title: 'Mem usage', least: 13, text: (row) => row.usage, style: asIs },
  { title: 'Increment', least: 13, text: (row) => row.increment, style: asIs },
  {
    title: 'Allocated',
    least: 13,
    text: (row) => row.allocated,
    style: (row, text, paint) => paintHeat(paint, row.heat, text),
  },
  { title: 'Occurrences', least: 13, text: (row) => row.occurrences, style: asIs },
];

/** Everything `lineprof memory` prints about a profile; ends with a line end. */
export function renderMemory(profile: Profile, options: MemoryTableOptions): string {
  const paint = makePaint(options.color);
  const notes = options.quiet ? [] : memoryNotes(profile);
  return [
    ...profile.functions.map((fn) => renderFunction(profile, fn, options, paint)),
    ...(notes.length > 0
      ? [`${notes.map((note) => paint.warn(`Note: ${cleanText(note)}`)).join('\n')}\n`]
      : []),
  ].join('\n');
}

function renderFunction(
  profile: Profile,
  fn: FunctionProfile,
  options: MemoryTableOptions,
  paint: Paint,
): string {
  const table = memoryRows(fn, options);
  const widths = COLUMNS.map(({ title, least, text }, index) =>
    Math.max(least, displayWidth(title), ...table.map((row) => text(row).length + (index > 0 ? 1 : 0))),
  );
  const left = widths.reduce((sum, width) => sum + width, 0) + 2;
  const room = options.width === null ? Infinity : Math.max(LEAST_SOURCE, options.width - left);
  const titles = `${COLUMNS.map(({ title }, index) => padLeft(title, widths[index]!)).join('')}  Line Contents`;
  const rows = table.map((row) => {
    const cells = COLUMNS.map(({ text, style }, index) =>
      style(row, padLeft(text(row), widths[index]!), paint),
    );
    const source = cleanText(room === Infinity ? row.text : row.text.slice(0, room * 16 + 65));
    const shown = room === Infinity ? source : cutToWidth(source, room);
    return `${cells.join('')}  ${row.ran || shown === '' ? shown : paint.dim(shown)}`.trimEnd();
  });
  const notes = fn.notes.map((note) => paint.warn(`Note: ${cleanText(note)}`));
  return [
    `Memory in MiB (1,048,576 bytes)   Node ${cleanText(profile.run.node)}`,
    `File: ${cleanText(fn.file)}`,
    `Function: ${paint.title(cleanText(fn.name))} at line ${fn.line}${totalOf(fn, options.precision)}`,
    '',
    paint.title(titles),
    '='.repeat(displayWidth(titles)),
    ...rows,
    ...objectLines(fn.memory ?? null, options.precision),
    ...(notes.length > 0 ? ['', ...notes] : []),
    '',
  ].join('\n');
}

function totalOf({ memory, calls }: FunctionProfile, precision: number): string {
  if (memory == null) return '';
  const kept =
    memory.incrementBytes === null
      ? ''
      : `, kept ${signed(memory.incrementBytes, precision)} MiB${memory.isEstimated ? '~' : ''}`;
  const called = calls === null ? '' : `   (${count(calls, 'call')}: `;
  return `${called}allocated ${mib(memory.allocatedBytes, precision)} MiB${kept}${called === '' ? '' : ')'}`;
}

/** `+100,000 Particle  9.155 MiB`, most bytes first. */
function objectLines(memory: FunctionMemory | null, precision: number): string[] {
  const objects = (memory?.objects ?? [])
    .filter(({ bytes }) => Math.abs(bytes) >= LEAST_BYTES)
    .slice(0, MOST_OBJECTS);
  if (objects.length === 0) return [];
  const counts = objects.map(({ count: amount }) => plus(amount));
  const widest = Math.max(...counts.map((text) => text.length));
  const names = objects.map(({ name }) => cleanText(name));
  const longest = Math.max(...names.map(displayWidth));
  const line = ({ bytes }: ObjectsMemory, index: number): string => {
    const name = names[index]! + ' '.repeat(longest - displayWidth(names[index]!));
    const amount = `${padLeft(counts[index]!, widest)} ${name}  ${padLeft(signed(bytes, precision), precision + 6)} MiB`;
    return `  ${amount}${madeWhere(objects[index]!)}`;
  };
  return ['', 'What its first call left, by constructor:', ...objects.map(line)];
}

/** `  line 9`, `  lines 9 (60,000), 12 (40,000)`: those that made most of them, as far as is known. */
export function madeWhere({ bytes, lines = [] }: ObjectsMemory): string {
  const known = lines.filter((one) => one.bytes >= LEAST_SHARE * Math.abs(bytes));
  const [first] = known;
  if (first === undefined || bytes <= 0) return '';
  const sum = lines.reduce((total, one) => total + one.bytes, 0);
  if (known.length === 1 && isNearly(first.bytes, bytes)) return `  line ${first.line}`;
  const each = known
    .slice(0, MOST_LINES)
    .map((one) => `${one.line} (${one.count > 0 ? one.count.toLocaleString('en-US') : 'parts'})`);
  const rest = known.length > MOST_LINES ? ', others' : isNearly(sum, bytes) ? '' : ', others not known';
  return `  line${each.length > 1 ? 's' : ''} ${each.join(', ')}${rest}`;
}

function isNearly(bytes: number, all: number): boolean {
  return Math.abs(bytes - all) <= LEAST_SHARE * all;
}

function plus(amount: number): string {
  return `${amount > 0 ? '+' : ''}${amount.toLocaleString('en-US')}`;
}

function signed(bytes: number, precision: number): string {
  const text = mib(bytes, precision);
  return text.startsWith('-') || Number(text) === 0 ? text : `+${text}`;
}

/** What the reader must know about the whole run. */
export function memoryNotes({ run, memory, functions }: Profile): string[] {
  const notes = [...runNotes({ ...run, samples: 0, unplacedSamples: 0, cutSamples: 0, overheadSamples: 0 })];
  if (memory !== undefined) notes.push(...howMeasured(memory, functions));
  return notes;
}

function howMeasured(memory: MemoryFacts, functions: Profile['functions']): string[] {
  const lines = functions.flatMap((fn) =>
    fn.lines.flatMap((line) => (line.memory === null ? [] : [line.memory])),
  );
  const collected = `${count(memory.collections, 'collection')} (${duration(memory.collectMicros)})`;
  const notes = [
    lines.some(({ isEstimated }) => isEstimated)
      ? `Increments with ~ are dealt out between ${collected}${memory.collectionsLeftOut ? ', as many as there was time for (--collect)' : ''}; the others are live bytes before and after.`
      : `Increments are live bytes before and after each line: ${collected}.`,
  ];
  if (lines.some(({ isSampled }) => isSampled)) {
    notes.push(
      `Allocated with ~ is dealt out: of lines that ran more than ${count(memory.allRead, 'time')}, later occurrences are read together.`,
    );
  }
  if (lines.some(({ othersBytes }) => othersBytes > 0)) {
    notes.push('What other code allocates while a line waits (await, yield) is left out of it.');
  }
  return notes;
}
