import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, extname, join } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { TypeScriptLoading } from '../protocol/collector.ts';
import type { NodeInfo } from './node.ts';

/** How a program's TypeScript is to be loaded, and the Node flags which that needs. */
export interface TypeScriptPlan {
  readonly loading: TypeScriptLoading;
  readonly flags: readonly string[];
}

const TYPESCRIPT = new Set(['.ts', '.mts', '.cts', '.tsx', '.jsx']);

/**
 * An empty module to import: with it Node loads the program through its ESM loader, which finds out by
 * itself whether a file is a module, CommonJS included.
 */
const THROUGH_ESM_LOADER = ['--import', 'data:text/javascript,'] as const;

/**
 * Node's own type stripping where it has it, else the project's tsx or ts-node (`mayUseProjects`), else the
 * bundled transpiler; `.tsx` and `.jsx` go where Node cannot strip them. `script` is an absolute path.
 */
export function planTypeScript(script: string, node: NodeInfo, mayUseProjects: boolean): TypeScriptPlan {
  const ending = extname(script).toLowerCase();
  if (!TYPESCRIPT.has(ending)) return { loading: 'none', flags: [] };
  if (!node.stripsTypes && mayUseProjects) {
    const flags = projectsLoader(script);
    if (flags !== null) return { loading: 'project', flags };
  }
  return { loading: 'own', flags: THROUGH_ESM_LOADER };
}

/** Flags of the project's tsx, else of its ts-node (CommonJS only: its ESM loader fails on Node 20). */
function projectsLoader(script: string): readonly string[] | null {
  const require = createRequire(script);
  try {
    return ['--import', pathToFileURL(require.resolve('tsx')).href];
  } catch {
    // Not installed.
  }
  if (isModuleFile(script)) return null;
  try {
    return ['--require', require.resolve('ts-node/register/transpile-only')];
  } catch {
    return null;
  }
}

/** Whether Node takes a file for an ES module by its ending or by the nearest package.json. */
function isModuleFile(path: string): boolean {
  const ending = extname(path);
  if (ending === '.mts' || ending === '.cts') return ending === '.mts';
  for (let folder = dirname(path); ; folder = dirname(folder)) {
    try {
      return (
        (JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')) as { type?: unknown }).type ===
        'module'
      );
    } catch {
      // None there, or one that Node will complain of.
    }
    if (folder === dirname(folder)) return false;
  }
}
