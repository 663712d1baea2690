import { readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import autocannon from 'autocannon';
import { factsOf, installPrograms, type Server, startServer } from './servers.ts';
import { median } from './statistics.ts';
import type { Row } from './table.ts';

const LOOK_MILLIS = 5000;
/** Seconds between two results: an hour has 720 of them. */
const EVERY_SECONDS = 5;
const MIB = 2 ** 20;
/**
 * V8's largest young generation, from the start and for both servers. V8 else lets it grow now or then, by what
 * happens to survive collections, and a server whose has grown is ahead of one whose will. For the program's own
 * thread: others (that of Node's loader hooks, before 22.15) begin as small as ever.
 */
const YOUNG = ['--min-semi-space-size=16', '--max-semi-space-size=16', '--require', './small-threads.cjs'];

/** Both servers at one moment; bytes. */
interface Look {
  readonly plain: number;
  readonly registered: number;
  readonly disk: number;
}

/**
 * A server under register that has all it can do for so many minutes and writes its result again and again, beside
 * the same server without register: what it adds in memory, whether that grows, and what lies on the disk.
 */
export async function busy(folder: string, minutes: number): Promise<readonly Row[]> {
  await installPrograms(folder);
  const plain = await startServer(folder, YOUNG);
  const registered = await startServer(folder, [...YOUNG, '--import', 'lineprof/register'], {
    LINEPROF_EVERY: String(EVERY_SECONDS),
  });
  const looks: Look[] = [];
  try {
    const loads = [plain, registered].map(({ url }) =>
      autocannon({ url, connections: 2, duration: minutes * 60 }),
    );
    let over = false;
    void Promise.allSettled(loads).then(() => {
      over = true;
    });
    const rss = async (server: Server) => (await factsOf(server)).rss;
    while (!over) {
      await new Promise((done) => setTimeout(done, LOOK_MILLIS));
      looks.push({
        plain: await rss(plain),
        registered: await rss(registered),
        disk: bytesIn(join(folder, 'results')),
      });
    }
    const results = await Promise.all(loads);
    return rowsOf(looks, minutes, results[1]!.requests.total);
  } finally {
    for (const { child } of [plain, registered]) child.kill('SIGKILL');
  }
}

function rowsOf(looks: readonly Look[], minutes: number, requests: number): readonly Row[] {
  const quarter = (which: number): readonly Look[] =>
    looks.slice(Math.floor((which * looks.length) / 4), Math.floor(((which + 1) * looks.length) / 4));
  const added = (some: readonly Look[]): number =>
    median(some.map((one) => one.registered)) - median(some.map((one) => one.plain));
  const [second, last] = [added(quarter(1)), added(quarter(3))];
  const disk = Math.max(...looks.map((one) => one.disk));
  const mib = (bytes: number): string => `${(bytes / MIB).toFixed(1)} MiB`;
  return [
    {
      what: `lineprof/register, ${minutes} minutes of a busy server (${requests.toLocaleString('en-US')} requests, a result every ${EVERY_SECONDS} s): memory added in the last quarter`,
      value: mib(last),
      limit: '≤ 30 MiB',
      passed: last <= 30 * MIB,
      peers: '',
    },
    {
      what: '… in the second quarter',
      value: mib(second),
      limit: '',
      passed: null,
      peers: '',
    },
    {
      what: '… results on the disk, at most',
      value: `${(disk / 1e6).toFixed(2)} MB`,
      limit: '≤ 50 MB',
      passed: disk <= 50e6,
      peers: '',
    },
  ];
}

function bytesIn(folder: string): number {
  return readdirSync(folder).reduce(
    (sum, name) => sum + (statSync(join(folder, name), { throwIfNoEntry: false })?.size ?? 0),
    0,
  );
}
