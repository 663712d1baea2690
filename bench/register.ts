import { join } from 'node:path';
import { plainMillis } from './launches.ts';
import {
  factsOf,
  installPrograms,
  load,
  pinClients,
  type Server,
  type Slice,
  startServer,
} from './servers.ts';
import { type Interval, median, ratio, ratioInterval, rounds } from './statistics.ts';
import { intervalRow, type Row, ratioRow } from './table.ts';

/** Long enough for some thousand requests: the slowest 1 % of them are dozens. */
const SLICE_SECONDS = 2;
const WARM_UP_SECONDS = 3;

/**
 * The servers are all up, and are loaded in turns, forwards and backwards; each slice is compared with the plain
 * server's of the same turn, and the median of the ratios is told with its interval.
 */
export async function register(folder: string, count: number): Promise<readonly Row[]> {
  await installPrograms(folder);
  const servers = {
    plain: await startServer(folder, []),
    registered: await startServer(folder, ['--import', 'lineprof/register']),
    // V8's own sampling, always on: what there is to be paid by anybody.
    cpuProf: await startServer(folder, ['--cpu-prof', `--cpu-prof-dir=${folder}`]),
  };
  type Name = keyof typeof servers;
  const names = Object.keys(servers) as Name[];
  try {
    const cores = pinClients(Object.values(servers));
    // Until all are optimised.
    for (const name of names) await load(servers[name], WARM_UP_SECONDS);
    const slices: Record<Name, Slice[]> = { plain: [], registered: [], cpuProf: [] };
    for (let turn = 0; turn < 4 * count; turn++) {
      const order = turn % 2 === 0 ? names : [...names].reverse();
      for (const name of order) slices[name].push(await load(servers[name], SLICE_SECONDS));
    }
    const of = (name: Name, key: keyof Slice): number[] => slices[name].map((slice) => slice[key]);
    const against = (name: Name, key: keyof Slice): Interval =>
      ratioInterval(of(name, key), of('plain', key));
    const row = (what: string, key: keyof Slice, limit: number | null): Row =>
      intervalRow(
        what,
        against('registered', key),
        limit,
        `--cpu-prof ${against('cpuProf', key).median.toFixed(3)} ×`,
      );
    const rss = (await factsOf(servers.registered)).rss - (await factsOf(servers.plain)).rss;
    const marks = (kind: string) => plainMillis({ script: join(folder, 'marks.mjs'), args: [kind] });
    const free = await rounds(count, { plain: () => marks('plain'), marked: () => marks('marked') });
    const micros = median(of('plain', 'wallMicros')).toFixed(0);
    return [
      row(
        `lineprof/register at 1 ms, a busy server's time for a request (${micros} µs; ${4 * count} pairs; ${cores})`,
        'wallMicros',
        1.03,
      ),
      row('… latency, median', 'medianMillis', null),
      row(`… latency p99 (${median(of('plain', 'p99Millis')).toFixed(1)} ms)`, 'p99Millis', 1.05),
      row('… CPU time of a request, the thread that samples included', 'cpuMicros', null),
      {
        what: '… memory added',
        value: `${(rss / 2 ** 20).toFixed(0)} MiB`,
        limit: '≤ 30 MiB',
        passed: rss <= 30 * 2 ** 20,
        peers: '',
      },
      {
        what: '… CPU time while nobody asks: the first 30 s, and then',
        value: `${await idleShare(servers.registered, 0)}, ${await idleShare(servers.registered, 35_000)} of a core`,
        limit: '',
        passed: null,
        peers: '',
      },
      ratioRow(
        'Marked function without register, against one without a mark',
        ratio(free.marked, free.plain),
        1.02,
      ),
    ];
  } finally {
    for (const { child } of Object.values(servers)) child.kill('SIGKILL');
  }
}

/** CPU time of a server that nobody asks for anything, after a pause, in percent of one core. */
async function idleShare(server: Server, pauseMillis: number): Promise<string> {
  const pause = (millis: number) => new Promise((done) => setTimeout(done, millis));
  await pause(pauseMillis);
  const before = await factsOf(server);
  const from = performance.now();
  await pause(4000);
  const after = await factsOf(server);
  const micros = after.cpu.user + after.cpu.system - before.cpu.user - before.cpu.system;
  return `${((micros / ((performance.now() - from) * 1000)) * 100).toFixed(1)} %`;
}
