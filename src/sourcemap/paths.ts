import { isAbsolute, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

/** The absolute path of a script by the URL V8 knows it by; null when it is no file (`node:fs`, `[eval]`, ''). */
export function pathOfUrl(url: string): string | null {
  if (url.startsWith('file:')) {
    try {
      return fileURLToPath(url);
    } catch {
      return null;
    }
  }
  return isAbsolute(url) ? url : null;
}

const SCHEME = /^[a-z][a-z0-9+.-]+:/i;

/**
 * Paths that a source map's source may mean, best first: maps hold URLs, but tools write raw paths as well.
 * `folder` is the absolute folder of the map (or of the script that carries it).
 */
export function sourceCandidates(source: string, sourceRoot: string, folder: string, cwd: string): string[] {
  const out: string[] = [];
  const add = (path: string | null): void => {
    if (path !== null && !out.includes(path)) out.push(path);
  };
  const addBelow = (base: string, path: string): void => {
    add(resolve(base, path));
    add(resolve(base, decoded(path)));
  };
  const full =
    isAbsolute(source) || SCHEME.test(source) || sourceRoot === '' ? source : joinRoot(sourceRoot, source);
  if (full.startsWith('file:')) add(pathOfUrl(full));
  else if (isAbsolute(full)) addBelow('/', full);
  else if (SCHEME.test(full)) {
    // `webpack://name/./src/a.ts`, `ng:///src/a.ts`: a path below the project, by convention of the bundlers.
    const rest = full
      .replace(SCHEME, '')
      .replace(/^\/\/[^/]*/, '')
      .replace(/^\/+/, '')
      .replace(/\?.*$/, '');
    addBelow(cwd, rest);
    addBelow(folder, rest);
  } else addBelow(folder, full);
  return out;
}

function joinRoot(root: string, source: string): string {
  return root.endsWith('/') ? root + source : `${root}/${source}`;
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
