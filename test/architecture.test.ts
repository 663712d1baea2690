import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { isBuiltin } from 'node:module';
import { dirname, join, relative, resolve, sep } from 'node:path';

const root = resolve(import.meta.dirname, '..');
const src = join(root, 'src');

/** Folder → the folders of src/ it may import from (its own is always allowed); the table of src/README.md. */
const allowed: Readonly<Record<string, readonly string[]>> = {
  model: [],
  source: ['model'],
  target: ['model', 'protocol', 'source', 'launch'],
  launch: ['model', 'protocol'],
  protocol: ['model'],
  collect: ['protocol', 'hits', 'memory', 'source', 'sourcemap', 'model'],
  register: ['collect', 'protocol', 'hits', 'source', 'sourcemap', 'export', 'model'],
  v8log: ['model'],
  hits: ['model', 'protocol', 'source'],
  memory: ['model', 'protocol', 'source', 'hits'],
  sourcemap: ['model'],
  analyze: ['model'],
  report: ['model'],
  compare: ['model', 'analyze'],
  vscode: ['model', 'protocol', 'report', '.'],
  webview: ['model', 'protocol', 'report'],
  export: ['model', 'source', 'analyze'],
  cli: ['model', 'report', 'analyze', 'export'],
  engine: [
    'model',
    'source',
    'target',
    'launch',
    'protocol',
    'v8log',
    'hits',
    'memory',
    'sourcemap',
    'analyze',
    'export',
  ],
};
/** Folders that may import node: modules. */
const mayUseNode = new Set([
  'protocol',
  'target',
  'launch',
  'collect',
  'register',
  'v8log',
  'sourcemap',
  'cli',
  'vscode',
  'engine',
  '.',
]);
/** Folders that may import packages, and which. */
const packages: Readonly<Record<string, readonly string[]>> = {
  source: ['@babel/parser', '@babel/types', 'picomatch', 'fastest-levenshtein'],
  target: ['@babel/parser', '@babel/types'],
  launch: ['cross-spawn'],
  hits: ['@babel/parser', '@babel/types', 'magic-string'],
  memory: ['@babel/types'],
  sourcemap: ['@jridgewell/trace-mapping'],
  report: ['string-width', 'picocolors', 'csv-stringify/sync', 'markdown-table'],
  compare: ['diff'],
  export: ['devtools-protocol'],
  cli: ['commander', 'ajv/dist/2020.js'],
  collect: ['typescript'],
  vscode: ['vscode', '@vscode/l10n', 'diff'],
  register: ['devtools-protocol'],
  webview: ['lit', '@vscode-elements/elements', '@vscode/l10n'],
};

interface Import {
  readonly file: string;
  readonly folder: string;
  readonly specifier: string;
}

function importsOfSrc(): Import[] {
  return readdirSync(src, { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.ts') && !name.endsWith('.d.ts'))
    .flatMap((name) => {
      const text = readFileSync(join(src, name), 'utf8');
      const folder = name.includes(sep) ? name.slice(0, name.indexOf(sep)) : '.';
      return [...text.matchAll(/^(?:import|export)\b[^'"`;]*?from\s+'([^']+)'|\bimport\('([^']+)'\)/gm)].map(
        (match) => ({ file: name, folder, specifier: (match[1] ?? match[2])! }),
      );
    });
}

describe('architecture', () => {
  const imports = importsOfSrc();

  it('every folder of src/ has its row in src/README.md and in this test', () => {
    const readme = readFileSync(join(src, 'README.md'), 'utf8');
    const folders = readdirSync(src, { withFileTypes: true }).filter((entry) => entry.isDirectory());
    for (const { name } of folders) {
      assert.ok(readme.includes(`| \`${name}/\` |`), `src/README.md has no row for ${name}/`);
      assert.ok(name in allowed, `no import rule for ${name}/`);
    }
  });

  it('folders import only what their row allows', () => {
    assert.ok(imports.length > 50, 'the import scan found too little to be true');
    const wrong = imports.flatMap(({ file, folder, specifier }) => {
      if (folder === '.') return [];
      if (specifier.startsWith('node:'))
        return mayUseNode.has(folder) ? [] : [`${file} imports ${specifier}`];
      if (!specifier.startsWith('.')) {
        // A component library is imported piece by piece.
        const known = packages[folder]?.some(
          (name) => specifier === name || specifier.startsWith(`${name}/`),
        );
        return known ? [] : [`${file} imports ${specifier}`];
      }
      const target = relative(src, resolve(src, dirname(file), specifier));
      const targetFolder = target.includes(sep) ? target.slice(0, target.indexOf(sep)) : '.';
      if (targetFolder === folder || allowed[folder]?.includes(targetFolder)) return [];
      return [`${file} imports ${specifier}`];
    });
    assert.deepEqual(wrong, []);
  });

  it('the page of the panel carries nothing that asks for Node, and none of the editor', () => {
    const meta: { outputs: Record<string, { inputs: Record<string, unknown> }> } = JSON.parse(
      readFileSync(join(root, 'dist/meta.json'), 'utf8'),
    );
    const inputs = Object.keys(meta.outputs['dist/webview/panel.js']?.inputs ?? {});
    assert.ok(inputs.length > 5, 'dist/webview/panel.js is not in dist/meta.json');
    const own = inputs.filter((file) => !file.startsWith('node_modules/'));
    assert.deepEqual(
      own.filter((file) => !/^src\/(webview|protocol|report|model)\//.test(file)),
      [],
    );
  });

  it('the extension alone has VS Code to import, and loads nothing but its engine besides', () => {
    const meta: { outputs: Record<string, { imports: { path: string; external?: boolean }[] }> } = JSON.parse(
      readFileSync(join(root, 'dist/meta.json'), 'utf8'),
    );
    const foreign = Object.entries(meta.outputs).flatMap(([output, { imports }]) =>
      imports
        .filter(({ path, external }) => external && !path.startsWith('node:') && !isBuiltin(path))
        .map(({ path }) => `${output}: ${path}`),
    );
    assert.deepEqual([...new Set(foreign)].sort(), [
      // TypeScript's own debugging aid, which it does without.
      'dist/collect/transpile.cjs: source-map-support',
      'dist/extension.cjs: ./engine.cjs',
      'dist/extension.cjs: vscode',
    ]);
  });

  it('what is preloaded into every process carries nothing but the collector and its protocol', () => {
    const meta: { outputs: Record<string, { inputs: Record<string, unknown> }> } = JSON.parse(
      readFileSync(join(root, 'dist/meta.json'), 'utf8'),
    );
    for (const output of ['dist/collect/preload.cjs', 'dist/collect/driver.cjs']) {
      const inputs = Object.keys(meta.outputs[output]?.inputs ?? {});
      assert.ok(inputs.length > 0, `${output} is not in dist/meta.json`);
      const foreign = inputs.filter((file) => !/^src\/(collect|protocol)\//.test(file));
      assert.deepEqual(foreign, [], output);
    }
  });

  it('what register loads at start carries no parser and no package', () => {
    const meta: { outputs: Record<string, { inputs: Record<string, unknown> }> } = JSON.parse(
      readFileSync(join(root, 'dist/meta.json'), 'utf8'),
    );
    const inputs = Object.keys(meta.outputs['dist/register.cjs']?.inputs ?? {});
    assert.ok(inputs.length > 5, 'dist/register.cjs is not in dist/meta.json');
    assert.deepEqual(
      inputs.filter((file) => !/^src\/(register|register\.ts|collect|protocol|model)\b/.test(file)),
      [],
    );
  });
});
