// `npm run bench [-- --rounds <n>] [-- --only slowdown,loading,…,memory,intervals]`: what profiling
// costs, as the Markdown that stands in the README. Ratios of whole processes, medians over interleaved rounds.
// `--only busy --minutes <n>` (60 without a number) is a server under lineprof/register for so long.
import { cpus, release, type } from 'node:os';
import { parseArgs } from 'node:util';
import { busy } from './busy.ts';
import { counting } from './counting.ts';
import { withFolder } from './launches.ts';
import { memory } from './memory.ts';
import { latency, reading } from './reading.ts';
import { register } from './register.ts';
import { intervals, loading, slowdowns } from './slowdown.ts';
import { markdown, type Row } from './table.ts';

const SECTIONS: Readonly<Record<string, (folder: string, count: number) => Promise<readonly Row[]>>> = {
  slowdown: slowdowns,
  loading,
  counting,
  reading,
  latency,
  register,
  memory,
};

const { values } = parseArgs({
  options: {
    // So many that a median has an interval.
    rounds: { type: 'string', default: '6' },
    minutes: { type: 'string', default: '60' },
    only: { type: 'string', default: Object.keys(SECTIONS).join(',') },
  },
});
const only = values.only.split(',');
const count = Number(values.rounds);

console.log(
  `${new Date().toISOString().slice(0, 10)}, Node ${process.version}, ${cpus()[0]?.model.trim()}, ` +
    `${cpus().length} cores, ${type()} ${release()}; \`npm run bench\`, medians of ${count} rounds.\n`,
);
await withFolder(async (folder) => {
  const rows: Row[] = [];
  for (const [name, section] of Object.entries(SECTIONS)) {
    if (!only.includes(name)) continue;
    process.stderr.write(`${name}…\n`);
    rows.push(...(await section(folder, count)));
  }
  if (only.includes('busy')) rows.push(...(await busy(folder, Number(values.minutes))));
  if (rows.length > 0) console.log(markdown(rows));
  if (only.includes('intervals')) console.log(`\n${await intervals(folder, count)}`);
});
