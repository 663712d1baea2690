import { existsSync, statSync } from 'node:fs';
import { basename, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { importCpuProfile } from '../export/cpuprofile.ts';
import type { Profile } from '../model/profile.ts';
import { parseSource } from '../source/parse.ts';
import { createMapper, type ScriptMap } from '../sourcemap/mapper.ts';
import { readText } from './sources.ts';

/** Where an imported profile's sources are looked for, and how much of it is wanted. */
export interface ImportOptions {
  /** Absolute; paths below it are shown relative to it. */
  readonly cwd: string;
  /** Folders that hold the sources of profiles made elsewhere; absolute, best first. */
  readonly roots: readonly string[];
  /** At most so many functions. */
  readonly most: number;
}

/**
 * The text of a .cpuprofile (its absolute path is for words and dates) with the sources on this machine.
 * @throws ProfileError `bad-result-file`
 */
export function openCpuProfile(text: string, path: string, { cwd, roots, most }: ImportOptions): Profile {
  const mapper = createMapper({ readFile: readText, cwd });
  const open = (url: string): ScriptMap | null => {
    const found = pathOnDisk(url, roots);
    const script = found === null ? null : readText(found);
    return script === null ? null : mapper.open({ url: found!, text: () => script });
  };
  return importCpuProfile(text, {
    name: basename(path),
    cwd,
    startedAt: recordedAt(path),
    most,
    open,
    parse: parseSource,
  });
}

/** Least segments of a path that tell a file in another folder. */
const LEAST_SEGMENTS = 2;

/** The file of a script's URL: where it says, else below one of `roots` by the end of its path. Null: nowhere. */
export function pathOnDisk(url: string, roots: readonly string[]): string | null {
  const path = pathOf(url);
  if (path === null) return null;
  const web = /^https?:/i.test(url);
  if (!web && existsSync(path)) return path;
  const segments = path.split(/[\\/]/).filter((part) => part !== '');
  if (segments.includes('..')) return null;
  for (let from = 0; from <= segments.length - (web && from === 0 ? 1 : LEAST_SEGMENTS); from++) {
    for (const root of roots) {
      const candidate = join(root, ...segments.slice(from));
      if (existsSync(candidate)) return candidate;
    }
  }
  return null;
}

function pathOf(url: string): string | null {
  try {
    if (url.startsWith('file:')) return fileURLToPath(url);
    if (/^https?:/i.test(url)) return decodeURIComponent(new URL(url).pathname);
  } catch {
    return null;
  }
  return /^(?:\/|[a-z]:[\\/])/i.test(url) ? url : null;
}

/** `CPU.20261123.182500.…` as Node names them, in local time; else when the file was written. */
function recordedAt(path: string): Date {
  const match = /(\d{4})(\d\d)(\d\d)[.T-]?(\d\d)(\d\d)(\d\d)/.exec(basename(path));
  if (match !== null) {
    const [year, month, day, hour, minute, second] = match.slice(1).map(Number) as [
      number,
      number,
      number,
      number,
      number,
      number,
    ];
    const named = new Date(year, month - 1, day, hour, minute, second);
    if (!Number.isNaN(named.getTime())) return named;
  }
  return statSync(path, { throwIfNoEntry: false })?.mtime ?? new Date(0);
}
