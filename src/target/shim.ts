import type { LaunchFile } from '../model/launch.ts';

/** Folder of the shims inside a launch's folder. */
export const SHIM_FOLDER = 'bin';

/**
 * A `node` for PATH that runs the real one with our flags, for npm scripts and `#!/usr/bin/env node` tools.
 * `platform` as `process.platform`.
 */
export function nodeShims(
  execPath: string,
  flags: readonly string[],
  platform: NodeJS.Platform,
): readonly LaunchFile[] {
  const shell = `#!/bin/sh\nexec ${[execPath, ...flags].map(shellQuote).join(' ')} "$@"\n`;
  const files: LaunchFile[] = [{ name: `${SHIM_FOLDER}/node`, text: shell, executable: true }];
  if (platform === 'win32') {
    const words = [execPath, ...flags].map(batchQuote).join(' ');
    files.push({ name: `${SHIM_FOLDER}/node.cmd`, text: `@${words} %*\r\n`, executable: true });
  }
  return files;
}

/** One word for a POSIX shell; everything but a single quote is literal between single quotes. */
function shellQuote(word: string): string {
  return `'${word.replaceAll("'", `'\\''`)}'`;
}

/** One word for a batch file, where a percent sign is doubled to stand for itself. */
function batchQuote(word: string): string {
  return `"${word.replaceAll('%', '%%').replaceAll('"', '""')}"`;
}
