import { createRequire } from 'node:module';
import { join } from 'node:path';
import { build } from 'esbuild';
import { DEFAULT_INTERVAL_MICROS } from '../src/model/request.ts';
import { type Job, plainMillis, ROOT, timedMillis } from './launches.ts';
import { difference, median, ratio, ratioInterval, rounds, roundsByTurns } from './statistics.ts';
import { intervalRow, type Row } from './table.ts';
import type { Side } from './turns.ts';

const PROGRAMS = join(ROOT, 'bench', 'programs');

/** A program that does its work `times` times. */
interface Repeated {
  readonly name: string;
  readonly job: (times: number) => Job;
  /** For some seconds on a machine of 2026. */
  readonly times: number;
}

/** How long the plain program runs. The limits are for three seconds and more: a start-up is a part of any run. */
const LONG_MILLIS = 4000;

/** Programs that are bound by the processor, as long on a fast machine as on a slow one. */
async function longPrograms(folder: string): Promise<readonly (readonly [string, Job])[]> {
  const particles = join(folder, 'particles.mjs');
  // Plain Node 20 does not run TypeScript, and transpiling is not what is measured here.
  await build({
    entryPoints: [join(PROGRAMS, 'particles.ts')],
    outfile: particles,
    bundle: true,
    platform: 'node',
    format: 'esm',
  });
  const program = (name: string, script: string, times: number, ...args: readonly string[]): Repeated => ({
    name,
    job: (count) => ({ script, args: [String(count), ...args] }),
    times,
  });
  const jobs: [string, Job][] = [];
  for (const { name, job, times } of [
    program('particles example', particles, 30),
    program('acorn on typescript.js', join(PROGRAMS, 'acorn.mjs'), 6),
    program('prettier on many files', join(PROGRAMS, 'prettier.mjs'), 400, 'src'),
    program('JSON', join(PROGRAMS, 'json.mjs'), 90),
  ]) {
    const millis = await plainMillis(job(times));
    jobs.push([name, job(Math.ceil((times * LONG_MILLIS) / millis))]);
  }
  return jobs;
}

/** A program plain, in the timed run, and under Node's own profilers. */
function sidesOf(folder: string, job: Job): Readonly<Record<'plain' | 'usual' | 'cpuProf' | 'prof', Side>> {
  const under =
    (...flags: readonly string[]): Side =>
    (started) =>
      plainMillis(job, flags, {}, started);
  return {
    plain: under(),
    usual: (started) => timedMillis(job, DEFAULT_INTERVAL_MICROS, started),
    cpuProf: under('--cpu-prof', `--cpu-prof-dir=${folder}`),
    prof: under('--prof', `--logfile=${join(folder, 'prof.log')}`),
  };
}

/** The timed run against the plain one, with Node's own profilers beside it. */
export async function slowdowns(folder: string, count: number): Promise<readonly Row[]> {
  const rows: Row[] = [];
  for (const [name, job] of await longPrograms(folder)) {
    const times = await roundsByTurns(count, {
      ...sidesOf(folder, job),
      often: (started) => timedMillis(job, 100, started),
    });
    const peers =
      `--cpu-prof ${ratio(times.cpuProf, times.plain).toFixed(2)} ×, ` +
      `--prof ${ratio(times.prof, times.plain).toFixed(2)} ×`;
    const seconds = `${(median(times.plain) / 1000).toFixed(1)} s`;
    rows.push(
      intervalRow(`Timed run, ${name}, ${seconds}`, ratioInterval(times.usual, times.plain), 1.05, peers),
      intervalRow('… sampling every 100 µs', ratioInterval(times.often, times.plain), 1.15, ''),
    );
  }
  return rows;
}

/** A program that mostly loads code, and one that does nothing. */
export async function loading(folder: string, count: number): Promise<readonly Row[]> {
  const script = join(PROGRAMS, 'prettier.mjs');
  // 220 kB, over half a second's work; and 4 kB, where loading is nearly all.
  const large = createRequire(import.meta.url).resolve('typescript/lib/lib.es5.d.ts');
  const small = join(ROOT, 'src', 'analyze', 'accumulate.ts');
  const rows: Row[] = [];
  for (const [what, file] of [
    ['prettier on one file of 220 kB (loads 2 MB of code)', large],
    ['… of 4 kB', small],
  ] as const) {
    const job: Job = { script, args: ['1', file] };
    const times = await roundsByTurns(count, sidesOf(folder, job));
    const value = ratioInterval(times.usual, times.plain);
    const peers =
      `--cpu-prof ${ratio(times.cpuProf, times.plain).toFixed(2)} ×, ` +
      `--prof ${ratio(times.prof, times.plain).toFixed(2)} ×`;
    rows.push(
      intervalRow(file === large ? `Timed run, ${what}` : what, value, file === large ? 1.3 : null, peers),
    );
  }
  const empty: Job = { script: join(PROGRAMS, 'empty.mjs'), args: [] };
  const starts = await rounds(count * 2, {
    plain: () => plainMillis(empty),
    timed: () => timedMillis(empty, DEFAULT_INTERVAL_MICROS),
    cpuProf: () => plainMillis(empty, ['--cpu-prof', `--cpu-prof-dir=${folder}`]),
  });
  const added = difference(starts.timed, starts.plain);
  return [
    ...rows,
    {
      what: 'Start-up added to an empty program',
      value: `${added.toFixed(0)} ms`,
      limit: '≤ 60 ms',
      passed: added <= 60,
      peers: `--cpu-prof ${difference(starts.cpuProf, starts.plain).toFixed(0)} ms`,
    },
  ];
}

/** Slow-down by interval, from which the default was chosen. */
export async function intervals(folder: string, count: number): Promise<string> {
  const choices = [100, 500, 1000, 1500, 2000];
  const lines = [
    `| Timed run at | ${choices.map((micros) => `${micros} µs`).join(' | ')} |`,
    `|---|${choices.map(() => '--:').join('|')}|`,
  ];
  for (const [name, job] of await longPrograms(folder)) {
    const times = await roundsByTurns(count, {
      plain: (started) => plainMillis(job, [], {}, started),
      ...Object.fromEntries(
        choices.map((micros): [string, Side] => [
          String(micros),
          (started) => timedMillis(job, micros, started),
        ]),
      ),
    } as Record<string, Side>);
    const ratios = choices.map((micros) => `${ratio(times[String(micros)]!, times['plain']!).toFixed(3)} ×`);
    lines.push(`| ${name} | ${ratios.join(' | ')} |`);
  }
  return lines.join('\n');
}
