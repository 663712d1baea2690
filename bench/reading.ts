import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createReadStream, createWriteStream } from 'node:fs';
import { copyFile, mkdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { promisify } from 'node:util';
import { build } from 'esbuild';
import { ROOT, recordLog, wallMillis } from './launches.ts';
import { median, ratio, rounds } from './statistics.ts';
import type { Row } from './table.ts';

const ACORN = join(ROOT, 'bench', 'programs', 'acorn.mjs');

const TICKS = 1_000_000;

/** What `read-child.ts` prints. */
interface Reading {
  readonly millis: number;
  readonly samples: number;
  readonly maxRssBytes: number;
}

/** Reading a log: against `node --prof-process` on the same file, and with a million ticks. */
export async function reading(folder: string, count: number): Promise<readonly Row[]> {
  const child = join(folder, 'read-child.mjs');
  await build({
    entryPoints: [join(ROOT, 'bench', 'read-child.ts')],
    outfile: child,
    bundle: true,
    platform: 'node',
    format: 'esm',
    banner: { js: "import{createRequire as __cr}from'node:module';const require=__cr(import.meta.url);" },
  });
  const read = async (log: string): Promise<Reading> => {
    const args = [child, log, join(ROOT, 'dist', 'collect')];
    const { stdout } = await promisify(execFile)(process.execPath, args);
    return JSON.parse(stdout) as Reading;
  };

  // The start of Node's compilers is a large part of reading a small log.
  const rows: Row[] = [];
  let log = '';
  for (const times of ['3', '12']) {
    log = await recordLog(join(folder, times), { script: ACORN, args: [times] }, 100);
    rows.push(await against(log, count, read));
  }

  const long = join(folder, 'long.log');
  await lengthen(log, long);
  const million = await read(long);
  const seconds = million.millis / 1000;
  const megabytes = million.maxRssBytes / 2 ** 20;
  return [
    ...rows,
    {
      what: `Reading ${million.samples.toLocaleString('en')} ticks`,
      value: `${seconds.toFixed(1)} s`,
      limit: '≤ 10 s',
      passed: seconds <= 10 && million.samples >= TICKS,
      peers: '',
    },
    {
      what: '… memory of the process (largest resident set)',
      value: `${megabytes.toFixed(0)} MiB`,
      limit: '≤ 300 MiB',
      passed: megabytes <= 300,
      peers: '',
    },
  ];
}

/** Reading one log, beside `node --prof-process`. */
async function against(log: string, count: number, read: (log: string) => Promise<Reading>): Promise<Row> {
  const { samples } = await read(log);
  const times = await rounds(count, {
    ours: async () => (await read(log)).millis,
    theirs: () => wallMillis(process.execPath, ['--prof-process', log]),
  });
  const faster = 1 / ratio(times.ours, times.theirs);
  return {
    what: `Reading a log of ${samples.toLocaleString('en')} ticks, against \`--prof-process\``,
    value: `${faster.toFixed(0)} × faster (${median(times.ours).toFixed(0)} ms)`,
    limit: '≥ 20 ×',
    passed: faster >= 20,
    peers: `--prof-process ${median(times.theirs).toFixed(0)} ms`,
  };
}

/** The same log with its ticks over and over at its end, until a million of them are samples. */
async function lengthen(log: string, long: string): Promise<void> {
  const ticks: string[] = [];
  for await (const line of createInterface({ input: createReadStream(log, 'latin1') })) {
    if (line.startsWith('tick,')) ticks.push(line);
  }
  await copyFile(log, long);
  const out = createWriteStream(long, { flags: 'a', encoding: 'latin1' });
  const block = `${ticks.join('\n')}\n`;
  // Some ticks are not samples (V8 writing the log): a tenth more.
  for (let written = 0; written < TICKS * 1.1; written += ticks.length) {
    if (!out.write(block)) await once(out, 'drain');
  }
  out.end();
  await once(out, 'finish');
}

/** Ticks of the profile whose table is waited for: as many on a slow machine as on a fast one. */
const TABLE_TICKS = 10_000;
/** Interval asked of V8 at first, and how much longer its real one is (µs; V8 takes that long for a tick). */
const SHORT = { asked: 100, longer: 105 };

/** From the end of a program to the end of the command that printed its table. */
export async function latency(folder: string, count: number): Promise<readonly Row[]> {
  const cli = join(ROOT, 'dist', 'cli.js');
  await mkdir(folder, { recursive: true });
  const result = join(folder, 'result.json');
  const end = join(folder, 'end');
  const run = async (interval: number, ...options: string[]): Promise<number> => {
    const args = [cli, 'run', '--no-hits', '-i', String(interval), ...options, ACORN, '3', end];
    const child = spawn(process.execPath, args, { cwd: ROOT, stdio: ['ignore', 'pipe', 'ignore'] });
    child.stdout.resume();
    await once(child, 'exit');
    return performance.timeOrigin + performance.now() - Number(await readFile(end, 'utf8'));
  };
  // Those that are waited for save no result: it holds the call tree, which no table needs.
  const ticksAt = async (interval: number): Promise<{ samples: number; intervalMicros: number }> => {
    await run(interval, '--json', result);
    return JSON.parse(await readFile(result, 'utf8')).run;
  };
  const often = await ticksAt(SHORT.asked);
  const wanted = Math.round((often.samples * often.intervalMicros) / TABLE_TICKS) - SHORT.longer;
  const interval = Math.max(SHORT.asked, wanted);
  const { samples } = await ticksAt(interval);
  const gaps: number[] = [];
  for (let round = 0; round < count; round++) gaps.push(await run(interval));
  const gap = median(gaps);
  return [
    {
      what: `End of the program to the printed table, ${samples.toLocaleString('en')} ticks`,
      value: `${gap.toFixed(0)} ms`,
      limit: '≤ 150 ms',
      passed: gap <= 150,
      peers: '',
    },
  ];
}
