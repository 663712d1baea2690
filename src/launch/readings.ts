import { readdir, readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import {
  type HitsReading,
  PROTOCOL_VERSION,
  type ProcessReading,
  type ScriptEdits,
} from '../protocol/collector.ts';
import {
  MEMORY_FILE,
  type MemoryCounts,
  type MemoryReading,
  type MemorySamples,
  type MemoryScript,
  memoryCountsName,
  memoryLogName,
  memorySamplesName,
  readCounts,
  type SampledHeap,
} from '../protocol/memory.ts';

/** What a launch left in its folder. */
export interface LaunchReadings {
  /** Absolute paths of V8's logs, one an isolate; empty ones left out. */
  readonly logs: readonly string[];
  readonly processes: readonly ProcessReading[];
  readonly hits: readonly HitsReading[];
  readonly edits: readonly ScriptEdits[];
  /** Of a run that reads memory. */
  readonly memory: readonly ThreadMemory[];
}

/** What a thread's memory probe left. */
export interface ThreadMemory {
  readonly pid: number;
  readonly thread: number;
  readonly scripts: readonly MemoryScript[];
  readonly counts: MemoryCounts;
  /** The records (protocol/memory.ts). */
  readonly log: Uint8Array;
  /** Null: not known. */
  readonly samples: SampledHeap | null;
}

/** Reads a launch's folder, also while the program still writes to it. A file that is damaged, as a full disk leaves it, is left out. */
export async function readReadings(folder: string): Promise<LaunchReadings> {
  const names = (await readdir(folder)).sort();
  const logs: string[] = [];
  for (const name of names.filter((each) => each.endsWith('.log'))) {
    const path = join(folder, name);
    if ((await stat(path)).size > 0) logs.push(path);
  }
  return {
    logs,
    processes: await readAll<ProcessReading>(folder, names, /^process-\d+-\d+\.json$/),
    hits: await readAll<HitsReading>(folder, names, /^hits-\d+-\d+\.json$/),
    edits: await readAll<ScriptEdits>(folder, names, /^edits-[0-9a-f]+\.json$/),
    memory: await readMemory(folder, names),
  };
}

async function readMemory(folder: string, names: readonly string[]): Promise<readonly ThreadMemory[]> {
  const readings = await readAll<MemoryReading>(folder, names, MEMORY_FILE);
  const threads = new Map<string, ThreadMemory>();
  for (const { pid, thread, script } of readings) {
    const key = `${pid} ${thread}`;
    const known = threads.get(key);
    if (known !== undefined) {
      threads.set(key, { ...known, scripts: [...known.scripts, script] });
      continue;
    }
    const counts = readCounts((await readIfThere(join(folder, memoryCountsName(pid, thread)))) ?? EMPTY);
    const log = (await readIfThere(join(folder, memoryLogName(pid, thread)))) ?? EMPTY;
    if (counts === null) continue;
    const samples = (await readAll<MemorySamples>(folder, names, memorySamplesName(pid, thread)))[0];
    threads.set(key, { pid, thread, scripts: [script], counts, log, samples: samples?.heap ?? null });
  }
  return [...threads.values()];
}

const EMPTY = new Uint8Array();

async function readIfThere(path: string): Promise<Uint8Array | null> {
  try {
    return await readFile(path);
  } catch {
    return null;
  }
}

async function readAll<T extends { readonly version: number }>(
  folder: string,
  names: readonly string[],
  pattern: RegExp | string,
): Promise<readonly T[]> {
  const readings: T[] = [];
  for (const name of names) {
    if (typeof pattern === 'string' ? name !== pattern : !pattern.test(name)) continue;
    try {
      const reading = JSON.parse(await readFile(join(folder, name), 'utf8')) as T;
      if (reading.version === PROTOCOL_VERSION) readings.push(reading);
    } catch {
      // Cut off: as if it were not there.
    }
  }
  return readings;
}
