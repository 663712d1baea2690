import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { shownPath } from '../analyze/kinds.ts';
import type { Finished } from '../launch/launch.ts';
import type { ThreadMemory } from '../launch/readings.ts';
import type { MemoryTimeline } from '../model/memory.ts';
import type { ProcessReading } from '../protocol/collector.ts';
import { readTimeline, residentName, TIMELINE_FILE, type TimelineReading } from '../protocol/timeline.ts';
import { parseSource } from '../source/parse.ts';
import { createMapper } from '../sourcemap/mapper.ts';
import { readText } from './sources.ts';

/**
 * Reads what a run for memory over time left, the first process first.
 * @param children also those of the processes below it
 * @param cwd names of files are relative to it
 */
export async function readTimelines(
  folder: string,
  { memory: threads, processes }: Pick<Finished, 'memory' | 'processes'>,
  children: boolean,
  cwd: string,
): Promise<readonly MemoryTimeline[]> {
  const readings: TimelineReading[] = [];
  for (const name of await readdir(folder)) {
    const pid = Number(TIMELINE_FILE.exec(name)?.[1] ?? 0);
    if (pid === 0) continue;
    const resident = await readFile(join(folder, residentName(pid))).catch(() => new Uint8Array());
    readings.push(readTimeline(pid, await readFile(join(folder, name)), resident));
  }
  readings.sort((a, b) => a.startMillis - b.startMillis);
  const from = readings[0]?.startMillis ?? 0;
  return (children ? readings : readings.slice(0, 1)).map((reading) =>
    timelineOf(reading, argvOf(reading.pid, processes), threads, from, cwd),
  );
}

function argvOf(pid: number, processes: readonly ProcessReading[]): readonly string[] {
  return processes.find((one) => one.pid === pid && one.thread === 0)?.argv ?? [];
}

function timelineOf(
  reading: TimelineReading,
  argv: readonly string[],
  threads: readonly ThreadMemory[],
  from: number,
  cwd: string,
): MemoryTimeline {
  const { pid, startMillis, rss, heap, brackets, spans, collections } = reading;
  const at = (millis: number): number => Math.round((millis - from) * 10) / 10;
  // Heap and buffers are read a moment after each sample, or not at all while none of the functions runs.
  let next = 0;
  const inHeap = rss.map(([millis], index) => {
    const until = rss[index + 1]?.[0] ?? Infinity;
    while (next < heap.length && heap[next]![0] < millis) next++;
    const found = heap[next];
    return found !== undefined && found[0] < until ? found : null;
  });
  const own = threads.filter((thread) => thread.pid === pid && thread.thread === 0);
  const names = namesOf(own);
  const lines = linesOf(own, cwd);
  return {
    pid,
    command: argv.join(' '),
    startMillis: at(startMillis),
    millis: rss.map(([millis]) => at(millis)),
    rss: rss.map(([, bytes]) => bytes),
    heapUsed: inHeap.map((found) => found?.[1] ?? null),
    external: inHeap.map((found) => found?.[2] ?? null),
    brackets: brackets
      .map(([fn, start, end]) => ({
        name: names.get(fn) ?? '(function)',
        fromMillis: at(start),
        toMillis: at(end),
      }))
      .sort((a, b) => a.fromMillis - b.fromMillis),
    spans: spans.flatMap(([point, start, end]) => {
      const place = lines.get(point);
      return place === undefined ? [] : [{ ...place, fromMillis: at(start), toMillis: at(end) }];
    }),
    collections: collections.map(([millis, kind]) => ({
      millis: at(millis),
      kind: kind === 1 ? ('major' as const) : ('minor' as const),
    })),
  };
}

/** Names of the functions of loaded texts, by number. */
function namesOf(threads: readonly ThreadMemory[]): ReadonlyMap<number, string> {
  const names = new Map<number, string>();
  for (const { scripts } of threads) {
    for (const { text, path, functions } of scripts) {
      let source: ReturnType<typeof parseSource>;
      try {
        source = parseSource(text, path);
      } catch {
        continue;
      }
      for (const [start, end, number] of functions) {
        const found = source.functions.findLast(
          (one) => one.start <= start && one.end >= Math.min(end, one.end) && one.end === end,
        );
        if (found !== undefined) names.set(number, found.name);
      }
    }
  }
  return names;
}

/** Original lines of the statements of loaded texts, by number: those that the readings of memory go to. */
function linesOf(
  threads: readonly ThreadMemory[],
  cwd: string,
): ReadonlyMap<number, { readonly file: string; readonly line: number }> {
  const mapper = createMapper({ readFile: readText, cwd });
  const lines = new Map<number, { file: string; line: number }>();
  for (const { scripts } of threads) {
    for (const { text, path, points } of scripts) {
      const map = mapper.open({ url: path, text: () => text });
      for (const [start, , , number] of points) {
        const at = map.atLoaded(start);
        if (at !== null) lines.set(number, { file: shownPath(at.file, cwd), line: at.line });
      }
    }
  }
  return lines;
}
