import type * as Crypto from 'node:crypto';
import Module, { createRequire } from 'node:module';
import { sep } from 'node:path';
import { type CollectorPlan, PROTOCOL_VERSION, type SavedMap, savedMapName } from '../protocol/collector.ts';
import { writeReading } from './readings.ts';

/** Both packages of this kind (`source-map-support`, ts-node's `@cspotcode/source-map-support`) end so. */
const HOLDER = `${sep}source-map-support${sep}source-map-support.js`;

interface Holder {
  readonly exports?: {
    readonly retrieveSourceMap?: (path: string) => { readonly url?: unknown; readonly map: unknown } | null;
  };
}

/**
 * Source maps that a loader (@babel/register, @swc-node/register, …) keeps to itself: no text and no file holds
 * them, but stack traces must be mapped, so the loader tells `source-map-support`. Given each CommonJS text before
 * it is compiled, the returned function asks there for those that name no map, and saves the map in the run's
 * folder. It says whether the text has a map, of either kind.
 */
export function saveLoaderMaps(plan: CollectorPlan): (path: string, text: string) => boolean {
  const cache = (Module as unknown as { _cache: Record<string, Holder | undefined> })._cache;
  const holders: string[] = [];
  return (path, text) => {
    if (path.endsWith(HOLDER)) holders.push(path);
    if (/[#@]\s*sourceMappingURL=/.test(text)) return true;
    if (holders.length === 0 || path.includes(`${sep}node_modules${sep}`)) return false;
    for (const holder of holders) {
      try {
        const found = cache[holder]?.exports?.retrieveSourceMap?.(path);
        if (found?.map == null) continue;
        save(plan, text, found.url, found.map);
        return true;
      } catch {
        // A handler that fails has no map; a folder that is full is found full by the engine.
      }
    }
    return false;
  };
}

function save(plan: CollectorPlan, text: string, url: unknown, map: unknown): void {
  const crypto = createRequire(process.execPath)('node:crypto') as typeof Crypto;
  const hash = crypto.createHash('sha1').update(text).digest('hex');
  writeReading(plan.folder, savedMapName(hash), {
    version: PROTOCOL_VERSION,
    url: typeof url === 'string' ? url : null,
    map: typeof map === 'string' ? map : JSON.stringify(map),
  } satisfies SavedMap);
}
