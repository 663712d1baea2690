import { execFile } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { promisify } from 'node:util';

const run = promisify(execFile);

/** The processes below `root`, children before grandchildren; `root` itself is not among them. */
export async function descendantsOf(root: number): Promise<readonly number[]> {
  const parents =
    process.platform === 'linux'
      ? procStats().map(({ pid, parent }) => [pid, parent] as const)
      : await parentsFromPs();
  const children = new Map<number, number[]>();
  for (const [pid, parent] of parents) {
    const siblings = children.get(parent);
    if (siblings === undefined) children.set(parent, [pid]);
    else siblings.push(pid);
  }
  const found: number[] = [];
  const queue = [root];
  for (let parent = queue.shift(); parent !== undefined; parent = queue.shift()) {
    for (const pid of children.get(parent) ?? []) {
      found.push(pid);
      queue.push(pid);
    }
  }
  return found;
}

/** One process, as /proc/<pid>/stat tells it (man 5 proc_pid_stat). */
interface ProcStat {
  readonly pid: number;
  readonly state: string;
  readonly parent: number;
  readonly group: number;
}

function procStats(): readonly ProcStat[] {
  return readdirSync('/proc').flatMap((name) => {
    if (!/^\d+$/.test(name)) return [];
    try {
      const stat = readFileSync(`/proc/${name}/stat`, 'utf8');
      // The name in parentheses may hold anything, a parenthesis included.
      const [state = '', parent, group] = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
      return [{ pid: Number(name), state, parent: Number(parent), group: Number(group) }];
    } catch {
      return [];
    }
  });
}

/** Whether a process of this group still runs. One that is dead but not yet reaped does not. */
export function isGroupAlive(group: number): boolean {
  if (process.platform === 'linux')
    return procStats().some((stat) => stat.group === group && stat.state !== 'Z');
  try {
    process.kill(-group, 0);
    return true;
  } catch {
    return false;
  }
}

async function parentsFromPs(): Promise<readonly (readonly [number, number])[]> {
  const { stdout } = await run('ps', ['-A', '-o', 'pid=,ppid=']);
  return stdout
    .trim()
    .split('\n')
    .map((line) => line.trim().split(/\s+/).map(Number))
    .map(([pid = 0, parent = 0]) => [pid, parent] as const);
}

/**
 * Processes that carry `needle` in their environment (Linux only), for those that left their parent. The text
 * must be one that no unrelated process can carry, as the path of a run's folder is.
 */
export function processesWithEnvironment(needle: string): readonly number[] {
  if (process.platform !== 'linux') return [];
  return readdirSync('/proc').flatMap((name) => {
    if (!/^\d+$/.test(name) || Number(name) === process.pid) return [];
    try {
      return readFileSync(`/proc/${name}/environ`, 'latin1').includes(needle) ? [Number(name)] : [];
    } catch {
      return [];
    }
  });
}

/** Sends a signal to one process; that it is gone already is fine. */
export function signalProcess(pid: number, signal: NodeJS.Signals): void {
  try {
    process.kill(pid, signal);
  } catch {
    // Gone, or not ours.
  }
}

/**
 * Ends a process with all below it at once, on Windows by its own tool. `needle`: those are ended as well that
 * `processesWithEnvironment` finds by it; null: none.
 */
export async function killTree(root: number, ownGroup: boolean, needle: string | null): Promise<void> {
  if (process.platform === 'win32') {
    await run('taskkill', ['/pid', String(root), '/t', '/f']).catch(() => {});
    return;
  }
  const below = await descendantsOf(root).catch(() => []);
  if (ownGroup) signalProcess(-root, 'SIGKILL');
  signalProcess(root, 'SIGKILL');
  const marked = needle === null ? [] : processesWithEnvironment(Buffer.from(needle).toString('latin1'));
  for (const pid of new Set([...below, ...marked])) signalProcess(pid, 'SIGKILL');
}

/** The same without waiting, for the moment when Lineprof itself ends. */
export function killTreeNow(root: number, ownGroup: boolean): void {
  signalProcess(ownGroup && process.platform !== 'win32' ? -root : root, 'SIGKILL');
}
