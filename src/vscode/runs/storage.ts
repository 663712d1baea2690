import { randomBytes } from 'node:crypto';
import { mkdir, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Profile } from '../../model/profile.ts';

/** What a list says of a kept run without reading its profile. */
export interface RunEntry {
  readonly id: string;
  /** What was profiled: a function, a file, a test, a command. */
  readonly title: string;
  /** Given by the user; null: none. */
  readonly name: string | null;
  readonly pinned: boolean;
  /** ISO 8601, UTC. */
  readonly startedAt: string;
  /** `v24.21.0` */
  readonly node: string;
  /** Of the function that was asked for, else of the whole run; null: not measured. */
  readonly totalMicros: number | null;
  /** There for memory runs: what was kept by the function that was asked for (else by all); null: not known. */
  readonly memory?: { readonly incrementBytes: number | null };
  /** Cut short by its user or its timeout. */
  readonly stopped: boolean;
  /** There for what a program under `lineprof/register` wrote. */
  readonly isProcess?: true;
  readonly functions: readonly RunFunction[];
}

/** A function of a kept run. */
export interface RunFunction {
  readonly name: string;
  /** As in the profile. */
  readonly file: string;
  readonly totalMicros: number | null;
  /** There in memory runs: what its calls left behind; null: not known. */
  readonly incrementBytes?: number | null;
}

/** Runs that are not pinned; older ones are dropped. */
export const MOST_RUNS = 50;
/** Of these, those that processes wrote: a command may start many, and they do not drive out what was asked for. */
export const MOST_PROCESSES = 10;

/** What a kept profile is of. */
export interface RunKind {
  /** One function was asked for, the profile's first. */
  readonly focused?: boolean;
  /** A process wrote it that nobody profiled from here. */
  readonly isProcess?: boolean;
}

/** Past runs in a folder, a result file ("lineprof/1") and a small file about it for each. */
export interface RunStorage {
  /** Pinned ones first, then by date, the newest first. Files that are damaged are left out. */
  list(): Promise<readonly RunEntry[]>;
  /** Keeps a profile, and drops the oldest of those that are not pinned when there are too many. */
  add(profile: Profile, title: string, kind: RunKind): Promise<RunEntry>;
  /** Puts a newer state of a run that is kept in its place; false when it is gone. */
  renew(id: string, profile: Profile): Promise<boolean>;
  /** Absolute path of the run's result file. */
  profilePath(id: string): string;
  change(entry: RunEntry, change: Partial<Pick<RunEntry, 'name' | 'pinned'>>): Promise<void>;
  /** Takes a run away; what is returned puts it back. */
  remove(entry: RunEntry): Promise<() => Promise<void>>;
}

const ENTRY = '.entry.json';
const PROFILE = '.profile.json';

/**
 * The runs kept below `folder`, which is made when there is something to keep. Every file is written beside its
 * place and moved there, so that a reader or a crash never sees half of one; the entry comes last.
 */
export function createRunStorage(folder: string): RunStorage {
  const entryPath = (id: string) => join(folder, `${id}${ENTRY}`);
  const profilePath = (id: string) => join(folder, `${id}${PROFILE}`);
  const put = async (path: string, text: string): Promise<void> => {
    await mkdir(folder, { recursive: true });
    const beside = `${path}.${process.pid}.tmp`;
    try {
      await writeFile(beside, text);
      await rename(beside, path);
    } catch (error) {
      await rm(beside, { force: true });
      throw error;
    }
  };
  const putEntry = (entry: RunEntry) => put(entryPath(entry.id), JSON.stringify(entry));
  const drop = async (id: string): Promise<void> => {
    await rm(entryPath(id), { force: true });
    await rm(profilePath(id), { force: true });
  };
  const list = async (): Promise<readonly RunEntry[]> => {
    const names = new Set(await readdir(folder).catch(() => []));
    const ids = [...names].filter((name) => name.endsWith(ENTRY)).map((name) => name.slice(0, -ENTRY.length));
    const entries = await Promise.all(
      ids.filter((id) => names.has(`${id}${PROFILE}`)).map((id) => readEntry(entryPath(id), id)),
    );
    return entries.filter((entry) => entry !== null).sort(inOrder);
  };
  return {
    list,
    profilePath,
    async add(profile, title, kind) {
      const entry = entryOf(profile, title, kind);
      await put(profilePath(entry.id), JSON.stringify(profile));
      await putEntry(entry);
      const loose = (await list()).filter(({ pinned }) => !pinned);
      const ofProcesses = loose.filter(({ isProcess }) => isProcess);
      for (const { id } of [...loose.slice(MOST_RUNS), ...ofProcesses.slice(MOST_PROCESSES)]) await drop(id);
      return entry;
    },
    async renew(id, profile) {
      const known = await readEntry(entryPath(id), id);
      if (known === null) return false;
      await put(profilePath(id), JSON.stringify(profile));
      const { name, pinned, title, isProcess = false } = known;
      await putEntry({ ...entryOf(profile, title, { isProcess }), id, name, pinned });
      return true;
    },
    change: (entry, change) => putEntry({ ...entry, ...change }),
    async remove(entry) {
      const text = await readFile(profilePath(entry.id), 'utf8');
      await drop(entry.id);
      return async () => {
        await put(profilePath(entry.id), text);
        await putEntry(entry);
      };
    },
  };
}

function inOrder(a: RunEntry, b: RunEntry): number {
  return Number(b.pinned) - Number(a.pinned) || (a.startedAt < b.startedAt ? 1 : -1);
}

function entryOf(
  { run, functions, memory }: Profile,
  title: string,
  { focused = false, isProcess = false }: RunKind,
): RunEntry {
  const { startedAt, node } = run;
  const [first] = functions;
  const alone = focused || functions.length === 1;
  return {
    id: `${startedAt.replace(/\D/g, '')}-${randomBytes(3).toString('hex')}`,
    title,
    name: null,
    pinned: false,
    startedAt,
    node,
    ...(memory !== undefined && {
      memory: { incrementBytes: (alone && first?.memory?.incrementBytes) || null },
    }),
    totalMicros: focused ? (functions[0]?.totalMicros ?? null) : run.realMicros,
    stopped: run.stopped !== null,
    ...(isProcess && { isProcess }),
    functions: functions.map(({ name, file, totalMicros, memory: own }) => ({
      ...{ name, file, totalMicros },
      ...(own !== undefined && { incrementBytes: own?.incrementBytes ?? null }),
    })),
  };
}

/** Null for a file that is not what it should be. */
async function readEntry(path: string, id: string): Promise<RunEntry | null> {
  try {
    const entry = JSON.parse(await readFile(path, 'utf8')) as RunEntry;
    const texts = [entry.title, entry.startedAt, entry.node];
    const sound = texts.every((text) => typeof text === 'string') && Array.isArray(entry.functions);
    return sound ? { ...entry, id } : null;
  } catch {
    return null;
  }
}
