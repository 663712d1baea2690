import { existsSync, readFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import type { TestRun, TestRunner } from './ways.ts';

const ENDINGS = '{ts,tsx,mts,cts,js,jsx,mjs,cjs}';

/** Names of test files, for VS Code's file search; it knows no braces inside braces. */
export const TEST_GLOBS = [
  `**/*.{test,spec,tests}.${ENDINGS}`,
  `**/{test,tests,__tests__}/**/*.${ENDINGS}`,
] as const;

/** Whether a file is one of tests, by its name or folder. */
export function isTestFile(path: string): boolean {
  const slashes = path.replaceAll('\\', '/');
  return (
    /\.(test|spec|tests)\.[cm]?[jt]sx?$/.test(slashes) ||
    /\/(test|tests|__tests__)\/[^/]*\.[cm]?[jt]sx?$/.test(slashes)
  );
}

/** Whether the text of the module at `path` imports the file `target` (directly; both absolute). */
export function importsFile(path: string, text: string, target: string): boolean {
  const wanted = stem(target);
  for (const [, , specifier] of text.matchAll(
    /\b(?:from|import|require|mock|importActual)\s*\(?\s*(['"])(\.[^'"\n]*)\1/g,
  )) {
    const found = resolve(dirname(path), specifier!);
    if (stem(found) === wanted || join(found, 'index') === wanted) return true;
  }
  return false;
}

/** A path without its ending: `./a.js` in TypeScript means `a.ts`. */
function stem(path: string): string {
  return path.replace(/\.[cm]?[jt]sx?$/, '');
}

/** The nearest folder with a package.json, from a file upwards, not above `root`; `root` without one. */
export function packageFolder(file: string, root: string): string {
  for (let folder = dirname(file); ; folder = dirname(folder)) {
    if (existsSync(join(folder, 'package.json'))) return folder;
    if (folder === root || folder === dirname(folder)) return root;
  }
}

/** What a test file is run with: what it imports, else what the project has. Null: nothing that is known. */
export function runnerOf(file: string, text: string, root: string): Omit<TestRun, 'name'> | null {
  const cwd = packageFolder(file, root);
  const imported = /['"]node:test['"]/.test(text)
    ? 'node:test'
    : /['"]vitest['"]/.test(text)
      ? 'vitest'
      : /['"]@jest\/globals['"]/.test(text)
        ? 'jest'
        : /['"]mocha['"]/.test(text)
          ? 'mocha'
          : null;
  const candidates: readonly TestRunner[] = imported ? [imported] : ['vitest', 'jest', 'mocha'];
  for (const runner of candidates) {
    if (runner === 'node:test') return { runner, file, bin: null, cwd };
    const bin = binOf(runner, cwd);
    if (bin !== null) return { runner, file, bin, cwd };
  }
  return null;
}

/** The script of an installed package's command, from a folder upwards. */
function binOf(name: string, from: string): string | null {
  for (let folder = from; ; folder = dirname(folder)) {
    const home = join(folder, 'node_modules', name);
    try {
      const { bin } = JSON.parse(readFileSync(join(home, 'package.json'), 'utf8'));
      const path = typeof bin === 'string' ? bin : bin?.[name];
      if (typeof path === 'string') return join(home, path);
    } catch {
      // Not installed here: look further up.
    }
    if (folder === dirname(folder)) return null;
  }
}
