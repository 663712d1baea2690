import { keptBySnapshots, memoryOf } from './run.ts';
import { compareKnown, KNOWN } from './truth.ts';

const RUNS = 10;

/** Known lines beside what ten runs read of them, and what was kept beside heap snapshots, as Markdown. */
export async function memoryTable(node: string): Promise<string> {
  const rows = new Map<number, { text: string; known: number; reads: number[] }>();
  const kept: number[] = [];
  for (let run = 0; run < RUNS; run++) {
    const { functions } = await memoryOf({ kind: 'run', script: KNOWN, args: [] }, ['known'], node);
    kept.push(functions[0]!.memory!.incrementBytes ?? Number.NaN);
    for (const { line, text, known, read } of compareKnown(functions[0]!)) {
      const row = rows.get(line) ?? { text: text.trim(), known, reads: [] };
      row.reads.push(read ?? Number.NaN);
      rows.set(line, row);
    }
  }
  const number = (value: number): string => value.toLocaleString('en-US');
  const snapshots = keptBySnapshots(node);
  return [
    `Memory: bytes that each line of \`known\` allocates, ${RUNS} runs.`,
    '',
    '| Line | Known | Least read | Most read |',
    '|---|--:|--:|--:|',
    ...[...rows.values()].map(
      ({ text, known, reads }) =>
        `| \`${text}\` | ${number(known)} | ${number(Math.min(...reads))} | ${number(Math.max(...reads))} |`,
    ),
    `| Increment of the function, snapshots for known | ${number(snapshots)} | ${number(Math.round(Math.min(...kept)))} | ${number(Math.round(Math.max(...kept)))} |`,
  ].join('\n');
}
