// Bundles everything that ships into dist/. `node esbuild.mjs [--metafile]` writes dist/meta.json as well,
// which test/architecture.test.ts reads.

import { existsSync } from 'node:fs';
import { chmod, cp, mkdir, rm, writeFile } from 'node:fs/promises';
import { build } from 'esbuild';

const common = {
  bundle: true,
  platform: 'node',
  target: 'node20.19',
  minifySyntax: true,
  minifyWhitespace: true,
  legalComments: 'none',
  metafile: true,
  logLevel: 'warning',
};

/** [entry, output, format, modules found at run time]; everything under collect/ runs inside the user's Node. */
const bundles = [
  ['src/index.ts', 'dist/index.js', 'esm'],
  ['src/index.ts', 'dist/index.cjs', 'cjs'],
  ['src/extension.ts', 'dist/extension.cjs', 'cjs', ['vscode', './engine.cjs']],
  ['src/extension-engine.ts', 'dist/engine.cjs', 'cjs'],
  ['src/engine-process.ts', 'dist/engine-process.cjs', 'cjs'],
  ['src/register.ts', 'dist/register.cjs', 'cjs'],
  ['src/register/doctor.ts', 'dist/register/doctor.cjs', 'cjs'],
  ['src/register/results.ts', 'dist/register/results.cjs', 'cjs'],
  ['src/collect/preload.ts', 'dist/collect/preload.cjs', 'cjs'],
  ['src/collect/driver.ts', 'dist/collect/driver.cjs', 'cjs'],
  ['src/collect/hooks-thread.ts', 'dist/collect/hooks-thread.mjs', 'esm'],
  ['src/collect/instrument.ts', 'dist/collect/instrument.cjs', 'cjs'],
  // TypeScript's own debugging aid, which it does without.
  ['src/collect/transpile.ts', 'dist/collect/transpile.cjs', 'cjs', ['source-map-support']],
  ['src/collect/memory.ts', 'dist/collect/memory.cjs', 'cjs'],
  ['src/collect/memory-thread.ts', 'dist/collect/memory-thread.cjs', 'cjs'],
];

/** A parser in the user's process: a third less text to keep in memory. Names show nowhere. */
const shortened = 'src/collect/instrument.ts';

// An ESM bundle has no `require` for the CommonJS packages inside it.
const esmBanner = "import{createRequire as __cr}from'node:module';const require=__cr(import.meta.url);";

await rm('dist', { recursive: true, force: true });
await mkdir('dist/collect', { recursive: true });
const results = await Promise.all(
  bundles
    .filter(([entry]) => existsSync(entry))
    .map(([entry, outfile, format, external = []]) =>
      build({
        ...common,
        entryPoints: [entry],
        outfile,
        format,
        external,
        minifyIdentifiers: entry === shortened,
        banner: format === 'esm' ? { js: esmBanner } : {},
      }),
    ),
);
// The command line is split into parts that are loaded when a command needs them: help and view start fast.
if (existsSync('src/cli.ts') && existsSync('src/engine.ts')) {
  results.push(
    await build({
      ...common,
      entryPoints: ['src/cli.ts'],
      outdir: 'dist',
      splitting: true,
      chunkNames: 'cli/[name]-[hash]',
      format: 'esm',
      banner: { js: esmBanner },
    }),
  );
}
// The panel's page: for the browser that is inside VS Code, with the icons that its components ask for.
results.push(
  await build({
    ...common,
    platform: 'browser',
    target: 'chrome120',
    minify: true,
    entryPoints: ['src/webview/panel.ts'],
    outfile: 'dist/webview/panel.js',
    format: 'esm',
  }),
);
for (const file of ['codicon.css', 'codicon.ttf']) {
  await cp(`node_modules/@vscode/codicons/dist/${file}`, `dist/webview/${file}`);
}
if (existsSync('dist/cli.js')) await chmod('dist/cli.js', 0o755);
if (existsSync('src/index.d.ts')) await cp('src/index.d.ts', 'dist/index.d.ts');
const inputs = {};
const outputs = {};
for (const { metafile } of results) {
  Object.assign(inputs, metafile.inputs);
  Object.assign(outputs, metafile.outputs);
}
await writeFile('dist/meta.json', JSON.stringify({ inputs, outputs }));
