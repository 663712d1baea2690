import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { build } from 'esbuild';

/** The repository. */
export const ROOT = resolve(import.meta.dirname, '..', '..', '..');

/** Where test bundles go: inside node_modules, so that they find mocha, and out of the repository. */
const BUNDLES = join(ROOT, 'node_modules', '.cache', 'lineprof-vscode-tests');

/** One folder of test/vscode/cases: a workspace and the tests to run inside the extension host with it open. */
export interface Case {
  readonly name: string;
  /** The workspace as kept; a copy of it is opened. */
  readonly workspace: string;
  /** User settings of the case (settings.json in its folder), over those of every case. */
  readonly settings: Readonly<Record<string, unknown>>;
  /** The tests, bundled as VS Code's `extensionTestsPath` wants them. */
  readonly bundle: string;
}

/** Settings that keep the editor quiet and its trust questions away. */
export const QUIET: Readonly<Record<string, unknown>> = {
  'security.workspace.trust.enabled': false,
  'workbench.startupEditor': 'none',
  'workbench.welcomePage.walkthroughs.openOnInstall': false,
  'workbench.secondarySideBar.defaultVisibility': 'hidden',
  'chat.disableAIFeatures': true,
  'telemetry.telemetryLevel': 'off',
  'update.mode': 'none',
  'extensions.autoCheckUpdates': false,
  'extensions.ignoreRecommendations': true,
  'git.enabled': false,
  // As on the desktop; a browser's editor saves what is typed a second later.
  'files.autoSave': 'off',
  // One TypeScript server, and none that asks npm for types: on a small machine they are most of what runs.
  'typescript.disableAutomaticTypeAcquisition': true,
  'typescript.tsserver.useSyntaxServer': 'never',
};

/** Every case on disk (or those whose name contains `filter`), its tests bundled. */
export async function findCases(filter: string | undefined): Promise<Case[]> {
  const folder = join(ROOT, 'test', 'vscode', 'cases');
  const names = readdirSync(folder)
    .filter((name) => existsSync(join(folder, name, 'case.ts')) && (!filter || name.includes(filter)))
    .sort();
  if (names.length === 0) throw new Error(`no case in ${folder}${filter ? ` matches ${filter}` : ''}`);
  await build({
    entryPoints: names.map((name) => ({ in: join(folder, name, 'case.ts'), out: name })),
    outdir: BUNDLES,
    outExtension: { '.js': '.cjs' },
    bundle: true,
    platform: 'node',
    format: 'cjs',
    target: 'node20',
    external: ['vscode', 'mocha'],
    sourcemap: 'inline',
    logLevel: 'warning',
  });
  return names.map((name) => {
    const settings = join(folder, name, 'settings.json');
    return {
      name,
      workspace: join(folder, name, 'workspace'),
      settings: { ...QUIET, ...(existsSync(settings) ? JSON.parse(readFileSync(settings, 'utf8')) : {}) },
      bundle: join(BUNDLES, `${name}.cjs`),
    };
  });
}
