import { readFileSync } from 'node:fs';
import Module, { createRequire } from 'node:module';
import { dirname, extname, join, sep } from 'node:path';
import { fileURLToPath } from 'node:url';
import { compileFunction } from 'node:vm';
import type { CallPlan, CollectorPlan } from '../protocol/collector.ts';
import type * as Transpile from './transpile.ts';

/** How a file is to be loaded. `unknown`: it says so itself, by its syntax. */
export type FileKind = 'module' | 'commonjs' | 'unknown';

/** Name under which a called module leaves its expression. */
export const CALL_SYMBOL = 'lineprof.call';

const TYPESCRIPT = new Set(['.ts', '.mts', '.cts', '.tsx', '.jsx']);
const SLASH_NODE_MODULES = `${sep}node_modules${sep}`;

/** The absolute path of a `file:` URL without its query, or null for other URLs. */
export function pathOfUrl(url: string): string | null {
  if (!url.startsWith('file:')) return null;
  try {
    return fileURLToPath(url);
  } catch {
    return null;
  }
}

/** Whether our own TypeScript loading is for this file. */
export function isOurTypeScript(plan: CollectorPlan, path: string): boolean {
  return plan.typescript === 'own' && TYPESCRIPT.has(extname(path)) && !path.includes(SLASH_NODE_MODULES);
}

/** What Node takes a file for: by its ending, else by the `type` of the nearest package.json. */
export function fileKind(path: string): FileKind {
  const ending = extname(path);
  if (ending === '.mts' || ending === '.mjs') return 'module';
  if (ending === '.cts' || ending === '.cjs') return 'commonjs';
  for (let folder = dirname(path); ; folder = dirname(folder)) {
    const text = readOrNull(join(folder, 'package.json'));
    if (text !== null) {
      try {
        const { type } = JSON.parse(text) as { type?: unknown };
        return type === 'module' || type === 'commonjs' ? type : 'unknown';
      } catch {
        return 'unknown';
      }
    }
    if (folder === dirname(folder)) return 'unknown';
  }
}

function readOrNull(path: string): string | null {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return null;
  }
}

/**
 * The text of the called module with the expression behind it, as a function in the module's own scope; other
 * texts as they are.
 */
export function withCall(call: CallPlan | null, path: string, text: string): string {
  if (call === null || path !== call.file) return text;
  const arrow = `${call.awaits ? 'async ' : ''}() => (${call.expression}\n)`;
  return `${text}\n;globalThis[Symbol.for('${CALL_SYMBOL}')] = ${arrow};\n`;
}

/**
 * Syntax that Node's type stripping may refuse (or, for decorators, leave as it is); a match in a string or a
 * comment only costs a second look.
 */
const MAYBE_NOT_STRIPPABLE =
  /\b(?:enum|namespace|module|public|private|protected|readonly|override)\b|\bimport\s+(?:type\s+)?\w+\s*=|\bexport\s*=|<\w[\w.]*>\s*[\w([{'"`]/;
const COMMENTS = /\/\*[\s\S]*?\*\/|\/\/[^\n]*/g;
const MAYBE_DECORATORS = /(?:^|[\s{};(),])@[\w$(]/;
/** Any of these at the start of a line: an ES module, as far as a look can tell. */
const MAYBE_ESM = /(?:^|[;}]|\*\/)[ \t]*(?:import\b(?!\s*\()|export\b)/m;

type StripTypes = (text: string, options?: { sourceUrl?: string }) => string;

/** Node's own type stripping, without its warning that it is experimental; null where Node has none. */
export const stripTypes: StripTypes | null = (() => {
  const { stripTypeScriptTypes } = Module as unknown as { stripTypeScriptTypes?: StripTypes };
  if (!stripTypeScriptTypes || !(process.features as { typescript?: unknown }).typescript) return null;
  return (text, options) => {
    const { emitWarning } = process;
    process.emitWarning = () => {};
    try {
      return stripTypeScriptTypes(text, options);
    } finally {
      process.emitWarning = emitWarning;
    }
  };
})();

let loaded: typeof Transpile | null = null;

/** The bundle of the transpiler, loaded when it is needed first. */
export function transpiler(plan: CollectorPlan): typeof Transpile {
  loaded ??= createRequire(plan.preload)('./transpile.cjs') as typeof Transpile;
  return loaded;
}

let mapsStacks = false;

/** The bundled transpiler's result for a file. */
export function transpile(
  plan: CollectorPlan,
  path: string,
  text: string,
  kind: FileKind,
): Transpile.Transpiled {
  // Stack traces then show the lines of the file, as other TypeScript loaders have it.
  if (!mapsStacks) process.setSourceMapsEnabled(true);
  mapsStacks = true;
  return transpiler(plan).transpile(text, path, kind === 'unknown' ? 'auto' : kind);
}

/** Whether Node's own type stripping does not do for a file, so that the bundled transpiler must. */
export function needsTranspiler(path: string, text: string, kind: FileKind): boolean {
  const ending = extname(path);
  if (stripTypes === null || ending === '.tsx' || ending === '.jsx') return true;
  if (MAYBE_DECORATORS.test(text) && MAYBE_DECORATORS.test(text.replace(COMMENTS, ' '))) return true;
  // Written as an ES module, declared as CommonJS: only a transpiler can bring these together.
  if (kind === 'commonjs' && MAYBE_ESM.test(text)) return true;
  if (!MAYBE_NOT_STRIPPABLE.test(text)) return false;
  try {
    stripTypes(text);
    return false;
  } catch {
    return true;
  }
}

/** Whether a text of no declared kind may be an ES module: a look at it that is never wrong in saying no. */
export function mayBeModule(text: string): boolean {
  return MAYBE_ESM.test(text) || /\bawait\b|\bimport\s*\.\s*meta\b/.test(text);
}

/**
 * Whether JavaScript of no declared kind is an ES module, as Node decides: it does not compile as CommonJS for
 * its import, export, import.meta or top-level await.
 */
export function isModuleText(javaScript: string): boolean {
  if (!mayBeModule(javaScript)) return false;
  try {
    compileFunction(javaScript, ['exports', 'require', 'module', '__filename', '__dirname']);
    return false;
  } catch {
    return true;
  }
}
