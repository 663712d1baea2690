import type { FunctionMemory, MemoryFacts } from '../model/memory.ts';
import type { FunctionProfile, Profile, RunFacts } from '../model/profile.ts';
import { type Fact, runFacts } from './facts.ts';
import { MIB } from './memory-rows.ts';
import { runNotes } from './notes.ts';
import { count, duration, threeDigits } from './numbers.ts';

/** Bytes on their own, in MiB as everywhere (bytes below a KiB, which no reader divides): `9.16 MiB`, `120 B`, `0 B`. */
export function memoryAmount(bytes: number): string {
  const size = Math.abs(bytes);
  const sign = bytes < 0 ? '−' : '';
  return size < 1024 ? `${sign}${Math.round(size)} B` : `${sign}${threeDigits(size / MIB)} MiB`;
}

/** A change of live bytes: `+9.16 MiB`, `−120 B`; `~` before one that is dealt out. */
export function memoryChange(bytes: number, isEstimated: boolean): string {
  return `${isEstimated ? '~' : ''}${bytes > 0 ? '+' : ''}${memoryAmount(bytes)}`;
}

/** True for a function of a memory run that is known not to have run: it has no numbers. */
export function neverRead({ memory, calls }: Pick<FunctionProfile, 'memory' | 'calls'>): boolean {
  return memory == null || calls === 0;
}

/** A function as a whole: `+9.16 MiB kept, 15.1 MiB allocated in 1 call`; blank when it was not read. */
export function memorySummary(fn: Pick<FunctionProfile, 'memory' | 'calls'>): string {
  const { memory, calls } = fn;
  if (memory == null || neverRead(fn)) return '';
  const parts = [
    ...(memory.incrementBytes === null ? [] : [`${kept(memory)} kept`]),
    `${memoryAmount(memory.allocatedBytes)} allocated`,
  ];
  return `${parts.join(', ')}${calls === null ? '' : ` in ${count(calls, 'call')}`}`;
}

function kept({ incrementBytes, isEstimated }: FunctionMemory): string {
  return memoryChange(incrementBytes ?? 0, isEstimated);
}

/** What the reader of memory in an editor must know: how the run ended, and which numbers are dealt out. */
export function memoryRunNotes({ run, memory, functions }: Profile): string[] {
  const notes = [...runNotes({ ...run, samples: 0, unplacedSamples: 0, cutSamples: 0, overheadSamples: 0 })];
  if (memory === undefined) return notes;
  const lines = functions.flatMap((fn) => fn.lines.flatMap((line) => line.memory ?? []));
  if (lines.length > 0 && lines.every(({ incrementBytes }) => incrementBytes === null)) {
    notes.push('Nothing was collected, so what stayed is not known: Increment and Mem usage are blank.');
  } else if (lines.some(({ isEstimated }) => isEstimated)) {
    const enough = memory.collectionsLeftOut ? ', as many as there was time for' : '';
    notes.push(`Increments with ~ are dealt out between ${collections(memory)}${enough}.`);
  }
  if (lines.some(({ isSampled }) => isSampled)) {
    notes.push(
      `Allocated with ~ is dealt out: of lines that ran more than ${count(memory.allRead, 'time')}, later ones are read together.`,
    );
  }
  if (lines.some(({ othersBytes }) => othersBytes > 0)) {
    notes.push('What other code allocates while a line waits (await, yield) is left out of it.');
  }
  return notes;
}

function collections({ collections, collectMicros }: MemoryFacts): string {
  return `${count(collections, 'collection')} (${duration(collectMicros)})`;
}

/** Facts of a run of times that say nothing of memory. */
const OF_TIME: readonly string[] = ['Samples', 'Unplaced', 'Outside JS', 'Overhead', 'Hits', 'Evaluations'];

/** What was run, on what, and how its memory was read. */
export function memoryFacts(run: RunFacts, memory: MemoryFacts): Fact[] {
  const own = runFacts(run).filter(({ label }) => !OF_TIME.includes(label));
  const { ownCollections } = memory;
  return [
    ...own,
    { label: 'Readings', value: memory.readings.toLocaleString('en-US') },
    {
      label: 'Collections',
      value: `${collections(memory)} forced${ownCollections > 0 ? `, ${ownCollections.toLocaleString('en-US')} by V8 itself` : ''}`,
    },
    { label: 'Young', value: `generation of ${memory.youngMib} MiB` },
  ];
}
