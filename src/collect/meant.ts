import { existsSync } from 'node:fs';
import { pathToFileURL } from 'node:url';
import type { CollectorPlan } from '../protocol/collector.ts';
import { isOurTypeScript, pathOfUrl, transpiler } from './modules.ts';

/** The modules that an import may mean when it names no file there is: `./a.js` for a.ts, `./a` for a.ts. */
function otherNames(specifier: string): readonly string[] {
  const named = /^(.*)\.(js|mjs|cjs|jsx)$/.exec(specifier);
  if (named !== null) {
    const [, stem = '', ending = ''] = named;
    const endings = { js: ['.ts', '.tsx'], jsx: ['.tsx'], mjs: ['.mts'], cjs: ['.cts'] }[ending] ?? [];
    return endings.map((other) => stem + other);
  }
  const endings = ['.ts', '.tsx', '.mts', '.cts', '.js', '.mjs', '.cjs', '.jsx', '.json'];
  return [
    ...endings.map((other) => specifier + other),
    ...endings.map((other) => `${specifier}/index${other}`),
  ];
}

const NOT_FOUND = new Set([
  'ERR_MODULE_NOT_FOUND',
  'ERR_UNSUPPORTED_DIR_IMPORT',
  'MODULE_NOT_FOUND',
  // `@/lib` is no name of a package.
  'ERR_INVALID_MODULE_SPECIFIER',
]);

/**
 * What a failed import of a TypeScript file may have meant, or null: relative ones another ending, others what
 * `paths` of the project's tsconfig.json says (a path for `require`, else a URL).
 */
export function meantSpecifier(
  plan: CollectorPlan,
  specifier: string,
  parentUrl: string | undefined,
  error: unknown,
  isRequire: boolean,
): string | null {
  if (plan.typescript !== 'own' || parentUrl === undefined) return null;
  if (!NOT_FOUND.has(String((error as { code?: unknown } | null)?.code))) return null;
  const parent = pathOfUrl(parentUrl);
  if (parent === null || !isOurTypeScript(plan, parent)) return null;
  if (/^\.\.?\//.test(specifier))
    return otherNames(specifier).find((name) => existsSync(new URL(name, parentUrl))) ?? null;
  const path = transpiler(plan).pathOf(specifier, parent);
  return path === null || isRequire ? path : pathToFileURL(path).href;
}
