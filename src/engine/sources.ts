import { readFileSync, realpathSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { type AnalysedFile, createFileTable } from '../analyze/files.ts';
import type { ProfileRequest } from '../model/request.ts';
import type { SourceFile } from '../model/source.ts';
import { PROTOCOL_VERSION, type SavedMap, savedMapName } from '../protocol/collector.ts';
import { parseSource } from '../source/parse.ts';
import { parseSelector } from '../source/select.ts';
import type { KnownMap } from '../sourcemap/find-map.ts';

/** Files that selectors name by path, so that a function of a file that was never loaded can be told of. */
export function namedFiles({ functions, cwd, way }: ProfileRequest): AnalysedFile[] {
  const table = createFileTable(parseSource);
  const script = way.kind === 'run' ? way.script : way.kind === 'call' ? way.file : null;
  const paths = [...functions.map((selector) => parseSelector(selector).file), script]
    .filter((file) => file !== null)
    .map((file) => realPath(resolve(cwd, file)));
  return [...new Set(paths)].flatMap((path) => {
    const text = readText(path);
    const file = text === null ? null : table.get(path, { ...NEVER_LOADED, sourceText: () => text });
    return file === null ? [] : [{ ...file, scripts: [] }];
  });
}

const NEVER_LOADED = {
  url: '',
  path: null,
  text: '',
  textHash: '',
  mapped: false,
  hasColumns: true,
  note: null,
  files: [],
  at: () => null,
  atLoaded: () => null,
};

/** Node knows files by their real paths: selectors that name a link must mean its target. */
export function realSelectors({
  functions,
  cwd,
}: Pick<ProfileRequest, 'functions' | 'cwd'>): readonly string[] {
  return functions.map((selector) => {
    const { file, name } = parseSelector(selector);
    const path = file === null ? null : resolve(cwd, file);
    if (path === null || realPath(path) === path) return selector;
    return name === null ? realPath(path) : `${realPath(path)}:${name}`;
  });
}

/** A path without links; itself where nothing is. */
export function realPath(path: string): string {
  try {
    return realpathSync.native(path);
  } catch {
    return path;
  }
}

/** A file's text, or null when it cannot be read. */
export function readText(path: string): string | null {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return null;
  }
}

/** Parses each text once, however often the logs are read. */
export function parseOnce(): (text: string, file: string) => SourceFile {
  const parsed = new Map<string, SourceFile>();
  return (text, file) => {
    const key = `${file}\n${text}`;
    let source = parsed.get(key);
    if (source === undefined) {
      source = parseSource(text, file);
      parsed.set(key, source);
    }
    return source;
  };
}

/** The source maps that a launch's loaders kept to themselves, as its collector saved them in its folder. */
export function savedMaps(launchFolder: string): (textHash: string) => KnownMap | null {
  return (textHash) => {
    const json = readText(join(launchFolder, savedMapName(textHash)));
    try {
      const saved = json === null ? null : (JSON.parse(json) as SavedMap);
      return saved?.version === PROTOCOL_VERSION ? saved : null;
    } catch {
      return null;
    }
  };
}
