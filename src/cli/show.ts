import { access, constants, stat, writeFile } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';
import { ProfileError } from '../model/error.ts';
import type { Profile } from '../model/profile.ts';
import { renderMemory } from '../report/memory-table.ts';
import { renderProfile } from '../report/profile.ts';
import { timelineSvg } from '../report/timeline-svg.ts';
import type { OutputChoice } from './command.ts';
import { type Output, wantsColor, widthOf, writeAll } from './output.ts';

/** Where results go. */
export interface ShowPlace {
  readonly stdout: Output;
  readonly cwd: string;
  readonly env: Readonly<Record<string, string | undefined>>;
}

/** Throws 'usage' when a result could not be written where it is asked to go: better before a run than after. */
export async function checkJsonPath({ json }: OutputChoice, cwd: string): Promise<void> {
  if (json !== null && json !== '-') await checkWritable(json, '--json', cwd);
}

/** The same for any file that an option names. */
export async function checkWritable(file: string, option: string, cwd: string): Promise<void> {
  const path = resolve(cwd, file);
  const writable = (place: string) => access(place, constants.W_OK);
  try {
    if ((await stat(path).catch(() => null))?.isDirectory()) throw new Error('it is a folder');
    await writable(path).catch((error: NodeJS.ErrnoException) => {
      if (error.code !== 'ENOENT') throw error;
      return writable(dirname(path));
    });
  } catch (error) {
    throw new ProfileError(
      'usage',
      `the result cannot be written to ${path}: ${reasonOf(error)}`,
      `Give ${option} a file in a folder that exists and that you may write to.`,
    );
  }
}

/** Prints a profile and writes it where it is asked for. Throws 'temp-folder' when that cannot be written. */
export async function show(profile: Profile, choice: OutputChoice, place: ShowPlace): Promise<void> {
  if (choice.json === '-') return writeAll(place.stdout, jsonOf(profile));
  const shared = {
    skipZero: choice.skipZero,
    quiet: choice.quiet,
    color: wantsColor(choice, place.stdout, place.env),
    width: widthOf(choice, place.stdout),
  };
  const text =
    profile.memory === undefined
      ? renderProfile(profile, { ...shared, unit: choice.unit, byProcess: choice.byProcess })
      : renderMemory(profile, { ...shared, precision: choice.precision });
  if (text !== '') await writeAll(place.stdout, text);
  if (choice.json !== null) await writeResult(jsonOf(profile), resolve(place.cwd, choice.json));
}

/** Draws memory over time into an SVG file. Throws 'launch-failed' when that cannot be written. */
export async function drawTimeline({ memory }: Profile, file: string, cwd: string): Promise<void> {
  await writeResult(timelineSvg(memory?.timelines ?? []), resolve(cwd, file));
}

async function writeResult(text: string, path: string): Promise<void> {
  try {
    await writeFile(path, text);
  } catch (error) {
    throw new ProfileError(
      'launch-failed',
      `the result could not be written to ${path}: ${reasonOf(error)}`,
      'Make room or choose another place, and run it again.',
      { cause: error },
    );
  }
}

function jsonOf(profile: Profile): string {
  return `${JSON.stringify(profile)}\n`;
}

const REASONS: Readonly<Record<string, string>> = {
  ENOENT: 'there is no such folder',
  ENOTDIR: 'its folder is a file',
  EACCES: 'no permission',
  EPERM: 'no permission',
  EROFS: 'the disk is read-only',
  EISDIR: 'it is a folder',
  ENOSPC: 'the disk is full',
};

function reasonOf(error: unknown): string {
  const { code, message } = error as NodeJS.ErrnoException;
  return REASONS[code ?? ''] ?? message;
}
