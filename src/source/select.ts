import { distance } from 'fastest-levenshtein';
import picomatch from 'picomatch';
import type { SourceFile, SourceFunction } from '../model/source.ts';

/** A parsed file under its absolute path. */
export interface PathAndSource {
  readonly path: string;
  readonly source: SourceFile;
}

/** A function that a selector or a mark chose. */
export interface SelectedFunction {
  readonly path: string;
  readonly source: SourceFile;
  readonly function: SourceFunction;
  /** Index in `source.functions`. */
  readonly index: number;
  /** The selector that chose it; null: its mark. */
  readonly selector: string | null;
  /** The selector named only the file: of its functions those matter that were sampled. */
  readonly wholeFile: boolean;
}

/** The functions that were chosen, in the order of the selectors, each once; and what matched nothing. */
export interface Selection {
  readonly functions: readonly SelectedFunction[];
  readonly unmatched: readonly UnmatchedSelector[];
}

/** A selector without a function, with the names most like it, nearest first, as `file:name`-free names. */
export interface UnmatchedSelector {
  readonly selector: string;
  readonly nearest: readonly string[];
}

/** A selector taken apart; null: any. */
export interface Selector {
  readonly file: string | null;
  readonly name: string | null;
}

/**
 * Takes a selector apart: `file.ts:name`, `file.ts` alone (all its functions), `Class.method`, `name`; globs in
 * both parts. The colon of a Windows drive (`C:\x.ts`) divides nothing.
 */
export function parseSelector(selector: string): Selector {
  const colon = selector.lastIndexOf(':');
  const isDrive = colon === 1 && /^[a-z]:[\\/]/i.test(selector);
  if (colon > 0 && !isDrive) {
    const name = selector.slice(colon + 1);
    return { file: selector.slice(0, colon), name: name === '' ? null : name };
  }
  const isFile = isDrive || /[\\/]/.test(selector) || /\.[cm]?[jt]sx?$/i.test(selector);
  return isFile ? { file: selector, name: null } : { file: null, name: selector };
}

/**
 * Chooses functions by selector. A name matches a function's whole qualified name or its last parts
 * (`evolve`, `Simulator.evolve`); a file matches by the last parts of its path, relative to `cwd`, or absolute;
 * slashes and backslashes are the same. The module itself is chosen only by the name `<module>`.
 */
export function selectFunctions(
  files: readonly PathAndSource[],
  selectors: readonly string[],
  cwd: string,
): Selection {
  const functions = new Map<SourceFunction, SelectedFunction>();
  const unmatched: UnmatchedSelector[] = [];
  for (const selector of selectors) {
    const { file, name } = parseSelector(selector);
    const matchesFile = file === null ? () => true : fileMatcher(file, cwd);
    const matchesName = name === null ? (candidate: string) => candidate !== '<module>' : nameMatcher(name);
    const inFiles = files.filter(({ path }) => matchesFile(path));
    let any = false;
    for (const { path, source } of inFiles) {
      source.functions.forEach((one, index) => {
        if (!matchesName(one.name)) return;
        any = true;
        if (functions.has(one)) return;
        functions.set(one, { path, source, function: one, index, selector, wholeFile: name === null });
      });
    }
    if (!any)
      unmatched.push({ selector, nearest: nearestNames(selector, inFiles.length > 0 ? inFiles : files) });
  }
  return { functions: [...functions.values()], unmatched };
}

/** Chooses the functions that carry a mark, in the order of the files and their texts. */
export function markedFunctions(files: readonly PathAndSource[]): SelectedFunction[] {
  return files.flatMap(({ path, source }) =>
    source.functions.flatMap((one, index) =>
      one.mark === null ? [] : [{ path, source, function: one, index, selector: null, wholeFile: false }],
    ),
  );
}

/** Up to five function names most like a selector's name; of a selector without one, like the files' names. */
export function nearestNames(selector: string, files: readonly PathAndSource[]): string[] {
  const { file, name } = parseSelector(selector);
  const wanted = (name ?? slashes(file ?? '').replace(/^.*\//, '')).toLowerCase();
  const names = new Set<string>();
  for (const { path, source } of files) {
    if (name === null) names.add(slashes(path).replace(/^.*\//, ''));
    else for (const one of source.functions) if (!one.name.includes('<')) names.add(one.name);
  }
  return [...names]
    .map((candidate) => ({ candidate, far: farness(candidate.toLowerCase(), wanted) }))
    .sort((a, b) => a.far - b.far || (a.candidate < b.candidate ? -1 : 1))
    .slice(0, 5)
    .map(({ candidate }) => candidate);
}

function farness(candidate: string, wanted: string): number {
  return Math.min(...suffixesOf(candidate).map((suffix) => distance(suffix, wanted)));
}

/** `a.b.c`, `b.c` and `c`. */
function suffixesOf(name: string): string[] {
  const suffixes = [name];
  for (let dot = name.indexOf('.'); dot >= 0; dot = name.indexOf('.', dot + 1))
    suffixes.push(name.slice(dot + 1));
  return suffixes;
}

function nameMatcher(pattern: string): (name: string) => boolean {
  const isGlob = /[*?{[(!]/.test(pattern);
  // Slashes are nothing special in names, and a leading dot or `!` neither.
  const glob = isGlob ? picomatch(pattern, { dot: true, nonegate: true, bash: true }) : () => false;
  return (name) => {
    const plain = name === '<module>' && pattern !== name;
    return !plain && suffixesOf(name).some((suffix) => suffix === pattern || glob(suffix));
  };
}

function fileMatcher(pattern: string, cwd: string): (path: string) => boolean {
  const base = slashes(cwd).replace(/\/$/, '');
  const wanted = resolveDots(slashes(pattern), base);
  const nocase = /^[a-z]:\//i.test(base);
  const fold = (path: string): string => (nocase ? path.toLowerCase() : path);
  const isAbsolute = /^(?:[a-z]:)?\//i.test(wanted);
  const glob = picomatch(isAbsolute ? wanted : `**/${wanted}`, { dot: true, nonegate: true, nocase });
  return (path) => {
    const slashed = slashes(path);
    if (fold(slashed) === fold(wanted)) return true;
    return (!isAbsolute && fold(slashed).endsWith(`/${fold(wanted)}`)) || glob(slashed);
  };
}

/** `./x` is `x`; `../x` is taken from `base`. */
function resolveDots(pattern: string, base: string): string {
  if (pattern.startsWith('./')) return resolveDots(pattern.slice(2), base);
  if (!pattern.startsWith('../')) return pattern;
  let folder = base;
  let rest = pattern;
  while (rest.startsWith('../')) {
    folder = folder.slice(0, Math.max(0, folder.lastIndexOf('/')));
    rest = rest.slice(3);
  }
  return `${folder}/${rest}`;
}

function slashes(path: string): string {
  return path.replaceAll('\\', '/');
}
