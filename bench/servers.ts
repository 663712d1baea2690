import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, symlinkSync } from 'node:fs';
import { cp } from 'node:fs/promises';
import { cpus } from 'node:os';
import { join } from 'node:path';
import autocannon from 'autocannon';
import { ROOT } from './launches.ts';

const PROGRAMS = join(ROOT, 'bench', 'programs');

/** A server of bench/programs/server.mjs that answers. */
export interface Server {
  readonly child: ChildProcess;
  readonly url: string;
}

/** What a server says of itself, since it was started. */
export interface ServerFacts {
  /** Those for the facts left out. */
  readonly requests: number;
  /** Microseconds, all threads together. */
  readonly cpu: NodeJS.CpuUsage;
  /** Bytes. */
  readonly rss: number;
}

/** What a slice of load told: of the server itself, and of its clients. */
export interface Slice {
  /** CPU time of one request, all threads of the server together. */
  readonly cpuMicros: number;
  /** From one answer to the next while the server has all it can do. */
  readonly wallMicros: number;
  readonly medianMillis: number;
  readonly p99Millis: number;
}

/** Puts the programs into a folder in which `lineprof` is installed. */
export async function installPrograms(folder: string): Promise<void> {
  await cp(PROGRAMS, folder, { recursive: true });
  mkdirSync(join(folder, 'node_modules'), { recursive: true });
  symlinkSync(ROOT, join(folder, 'node_modules', 'lineprof'));
}

/** Starts a server in that folder. */
export async function startServer(
  folder: string,
  flags: readonly string[],
  env: NodeJS.ProcessEnv = {},
): Promise<Server> {
  const child = spawn(process.execPath, [...flags, 'server.mjs'], {
    cwd: folder,
    env: { ...process.env, LINEPROF_DIR: join(folder, 'results'), ...env },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const [port] = (await once(child.stdout!, 'data')) as [Buffer];
  return { child, url: `http://127.0.0.1:${port.toString().trim()}` };
}

/** See `ServerFacts`. */
export async function factsOf({ url }: Server): Promise<ServerFacts> {
  return (await (await fetch(`${url}/facts`)).json()) as ServerFacts;
}

/** Four clients, each with its next request as soon as it has an answer. */
export async function load(server: Server, seconds: number): Promise<Slice> {
  const before = await factsOf(server);
  // Its own percentiles are whole milliseconds.
  const millis: number[] = [];
  const result = await autocannon({
    url: server.url,
    connections: 4,
    duration: seconds,
    setupClient: (client) => client.on('response', (_status, _bytes, time) => millis.push(time)),
  });
  millis.sort((a, b) => a - b);
  const after = await factsOf(server);
  const micros = after.cpu.user + after.cpu.system - before.cpu.user - before.cpu.system;
  return {
    cpuMicros: micros / (after.requests - before.requests),
    wallMicros: 1e6 / result.requests.average,
    medianMillis: millis[millis.length >> 1]!,
    p99Millis: millis[Math.floor(millis.length * 0.99)]!,
  };
}

/**
 * Gives the clients, which are this process, a core of their own beside the servers, where Linux can: what was done,
 * in words for the report.
 */
export function pinClients(servers: readonly Server[]): string {
  const last = cpus().length - 1;
  if (last < 1) return 'clients and server on one core';
  try {
    const pin = (pid: number, list: string) =>
      execFileSync('taskset', ['-a', '-c', '-p', list, String(pid)], { stdio: 'ignore' });
    pin(process.pid, String(last));
    for (const { child } of servers) pin(child.pid!, last === 1 ? '0' : `0-${last - 1}`);
    return `clients on one core, servers on ${last === 1 ? 'the other' : `the other ${last}`}`;
  } catch {
    return 'clients and servers on cores as the system puts them';
  }
}
