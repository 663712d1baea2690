import { dirname, resolve } from 'node:path';
import { FlattenMap, type TraceMap } from '@jridgewell/trace-mapping';
import { pathOfUrl } from './paths.ts';

/** What became of looking for a script's source map. */
export type FoundMap =
  | { readonly kind: 'none' }
  /** `folder` is what its relative sources start from. */
  | { readonly kind: 'map'; readonly map: TraceMap; readonly folder: string }
  | { readonly kind: 'broken'; readonly reason: string };

/** A map whose script does not name it. `url`: where its relative sources start, a path or `file:` URL; null: the script's own. */
export interface KnownMap {
  readonly url: string | null;
  /** Its JSON. */
  readonly map: string;
}

/** Reads a file, null when it cannot be read. */
export type ReadFile = (path: string) => string | null;

const KEY = 'sourceMappingURL=';
/** From up to `LEAD` characters before the key to the end of its line. */
const COMMENT =
  /(?:\/\/[#@][ \t]*sourceMappingURL=([^\s'"`]+)|\/\*[#@][ \t]*sourceMappingURL=([^\s'"`*]+)[ \t]*\*\/)[ \t]*$/;
const LEAD = 8;

/** The source map that the script's last `sourceMappingURL` comment names: inline or in a file. */
export function findMap(text: string, scriptPath: string | null, readFile: ReadFile): FoundMap {
  const url = lastMappingUrl(text);
  if (url === null) return { kind: 'none' };
  const scriptFolder = scriptPath === null ? '/' : dirname(scriptPath);
  if (url.startsWith('data:')) {
    const json = dataUrlText(url);
    return json === null
      ? { kind: 'broken', reason: 'its data URL cannot be read' }
      : parseMap(json, scriptFolder);
  }
  if (/^https?:/i.test(url)) return { kind: 'broken', reason: `it lies on the network (${url})` };
  for (const path of mapPaths(url, scriptFolder)) {
    const json = readFile(path);
    if (json !== null) return parseMap(json, dirname(path));
  }
  return { kind: 'broken', reason: `${url} cannot be read` };
}

/** Parses a map that was found by other means than the script's text. */
export function knownMap({ url, map }: KnownMap, scriptPath: string | null): FoundMap {
  const from = (url === null ? null : pathOfUrl(url)) ?? scriptPath;
  return parseMap(map, from === null ? '/' : dirname(from));
}

/**
 * As V8 has it, the last comment counts wherever it stands (runners wrap texts that end in one). What is in a string
 * of the program is none: on its line a quote follows (`eval("… //# sourceMappingURL=…")`), or below it the end of a
 * template.
 */
function lastMappingUrl(text: string): string | null {
  for (let at = text.lastIndexOf(KEY); at >= 0; at = at === 0 ? -1 : text.lastIndexOf(KEY, at - 1)) {
    const lineEnd = text.slice(at).search(/[\r\n]/);
    const end = lineEnd < 0 ? text.length : at + lineEnd;
    const match = COMMENT.exec(text.slice(Math.max(0, at - LEAD), end));
    if (match !== null && text.slice(end).split('`').length % 2 === 1) return match[1] ?? match[2] ?? null;
  }
  return null;
}

function dataUrlText(url: string): string | null {
  const comma = url.indexOf(',');
  if (comma < 0) return null;
  const head = url.slice(0, comma);
  const body = url.slice(comma + 1);
  try {
    if (/;base64$/i.test(head)) return Buffer.from(body, 'base64').toString('utf8');
    return decodeURIComponent(body);
  } catch {
    return null;
  }
}

function mapPaths(url: string, folder: string): string[] {
  const direct = pathOfUrl(url);
  if (direct !== null) return [direct];
  const raw = resolve(folder, url);
  try {
    const plain = resolve(folder, decodeURIComponent(url));
    return plain === raw ? [raw] : [plain, raw];
  } catch {
    return [raw];
  }
}

function parseMap(json: string, folder: string): FoundMap {
  try {
    // Some servers put `)]}'` before JSON against script inclusion; the source map specification strips that line.
    const parsed = JSON.parse(json.startsWith(")]}'") ? json.slice(json.indexOf('\n') + 1) : json);
    if (typeof parsed !== 'object' || parsed === null)
      return { kind: 'broken', reason: 'it is not a source map' };
    if (
      !Array.isArray(parsed.sections) &&
      (typeof parsed.mappings !== 'string' || !Array.isArray(parsed.sources))
    )
      return { kind: 'broken', reason: 'it is not a source map' };
    return { kind: 'map', map: FlattenMap(parsed), folder };
  } catch (error) {
    return { kind: 'broken', reason: error instanceof Error ? error.message : String(error) };
  }
}
