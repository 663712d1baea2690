import { join } from 'node:path';
import { randomIn } from '../test/accuracy/prepare.ts';
import { PROGRAMS } from '../test/accuracy/programs.ts';
import { countedMillis, type Job, plainMillis } from './launches.ts';
import { ratio, roundsByTurns } from './statistics.ts';
import { type Row, ratioRow } from './table.ts';

/** How long the plain program should run: long enough that the start of Node is small beside it. */
const MILLIS = 1500;

/** The argument that makes a program of the suite run so many cycles (programs/kernel.mjs). */
const cycles = (count: number) => `x${count}`;

/** How many cycles of a program take `MILLIS`: the difference of two runs leaves the start out. */
async function cyclesOf(script: string): Promise<number> {
  const few = await plainMillis({ script, args: [cycles(5)] });
  const more = await plainMillis({ script, args: [cycles(25)] });
  return Math.max(5, Math.round(MILLIS / Math.max(1, (more - few) / 20)));
}

/** The counting run against the plain one on the programs of the accuracy suite, V8's own coverage beside it. */
export async function counting(folder: string, count: number): Promise<readonly Row[]> {
  const programs = [
    ...PROGRAMS.filter(({ bundled, entry }) => !bundled && !entry.endsWith('.ts')),
    await randomIn(folder, 1),
  ];
  const rows: Row[] = [];
  for (const { name, entry, functions } of programs) {
    const job: Job = { script: entry, args: [cycles(await cyclesOf(entry))] };
    const times = await roundsByTurns(count, {
      plain: (started) => plainMillis(job, [], {}, started),
      counted: (started) => countedMillis(job, functions, started),
      coverage: (started) => plainMillis(job, [], { NODE_V8_COVERAGE: join(folder, 'coverage') }, started),
    });
    const coverage = ratio(times.coverage, times.plain).toFixed(2);
    const counted = ratio(times.counted, times.plain);
    rows.push(ratioRow(`Counting run, ${name}`, counted, 1.5, `NODE_V8_COVERAGE ${coverage} ×`));
  }
  return rows;
}
