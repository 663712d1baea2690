import { readFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { looksLikeCpuProfile } from '../export/cpuprofile-file.ts';
import { ProfileError } from '../model/error.ts';
import type { CallTree, Profile } from '../model/profile.ts';

/** Makes a profile of a .cpuprofile's text; `path` is absolute. Throws ProfileError `bad-result-file`. */
export type CpuProfileReader = (text: string, path: string) => Promise<Profile>;

/**
 * A reader of result files that holds them to the schema of docs/result.schema.json; files of the name
 * `*.cpuprofile`, and others that hold the like, are handed to `readCpuProfile`.
 */
export function resultReader(
  schema: object,
): (file: string, cwd: string, readCpuProfile: CpuProfileReader) => Promise<Profile> {
  const ajv = new Ajv2020({ strict: true });
  const validate = ajv.compile<Profile>(schema);
  return async (file, cwd, readCpuProfile) => {
    const path = resolve(cwd, file);
    const text = await read(path, file);
    if (/\.cpuprofile$/i.test(file)) return await readCpuProfile(text, path);
    const value = parse(text, file);
    if (looksLikeCpuProfile(value)) return await readCpuProfile(text, path);
    const format = (value as { format?: unknown } | null)?.format;
    if (format !== 'lineprof/1') {
      throw typeof format === 'string' && format.startsWith('lineprof/')
        ? bad(
            file,
            `is of format ${format}, this lineprof reads lineprof/1`,
            'Print it with the version of lineprof that made it.',
          )
        : bad(file, 'is no result of lineprof');
    }
    if (!validate(value)) {
      const [error] = validate.errors ?? [];
      throw bad(
        file,
        `is damaged: ${error?.instancePath || 'it'} ${error?.message ?? 'does not fit the format'}`,
      );
    }
    if (!treeHolds(value.tree)) throw bad(file, 'is damaged: its call tree does not hang together');
    return value;
  };
}

/** Indices are beyond a schema: every node's frame exists, and its parent comes before it. */
function treeHolds({ frames, nodes }: CallTree): boolean {
  return nodes.every(({ frame, parent }, index) => frame < frames.length && parent < index);
}

async function read(path: string, file: string): Promise<string> {
  try {
    return await readFile(path, 'utf8');
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    if (code === 'ENOENT') {
      throw new ProfileError(
        'file-not-found',
        `there is no file ${file}`,
        'Name a file that --json has written.',
      );
    }
    throw bad(file, `cannot be read: ${code === 'EISDIR' ? 'it is a folder' : message}`);
  }
}

function parse(text: string, file: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw bad(
      file,
      text.trimStart().startsWith('{') ? 'is cut off or damaged: it is not JSON' : 'is no result of lineprof',
    );
  }
}

function bad(
  file: string,
  why: string,
  advice = 'Name a file that --json has written, or write it anew.',
): ProfileError {
  return new ProfileError('bad-result-file', `${file} ${why}`, advice);
}
