import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { type Entry, openPromise } from 'yauzl';

const root = resolve(import.meta.dirname, '..', '..');

describe('npm run package', () => {
  const folder = mkdtempSync(join(tmpdir(), 'lineprof-vsix-'));
  const vsix = join(folder, 'lineprof.vsix');
  let files: string[];
  let manifest: Record<string, unknown>;

  before(async function () {
    this.timeout(60_000);
    execFileSync(process.execPath, ['package.mjs', vsix], { cwd: root, stdio: 'pipe' });
    ({ files, manifest } = await contents(vsix));
  });
  after(() => rmSync(folder, { recursive: true, force: true }));

  it('makes a file under 3 MB', () => {
    const { size } = statSync(vsix);
    assert.ok(size < 3_000_000, `${size} bytes`);
  });

  it('ships the extension, its engine, the collector, the panel and the icons, and nothing else', () => {
    for (const file of [
      'dist/extension.cjs',
      'dist/engine.cjs',
      'dist/collect/preload.cjs',
      'dist/register/doctor.cjs',
      'dist/webview/panel.js',
      'package.json',
      'LICENSE.txt',
    ]) {
      assert.ok(files.includes(`extension/${file}`), `${file} is not in it`);
    }
    const known =
      /^(\[Content_Types\]\.xml|extension\.vsixmanifest|extension\/(package\.json|package\.nls\.json|l10n\/bundle\.l10n\.json|readme\.md|changelog\.md|LICENSE\.txt|dist\/(extension|engine|engine-process)\.cjs|dist\/collect\/[\w-]+\.(cjs|mjs)|dist\/register\/doctor\.cjs|dist\/webview\/(panel\.js|codicon\.(css|ttf))|media\/[\w.-]+\.(svg|css|png)|media\/walkthrough\/[\w.-]+\.(svg|md|ts)))$/;
    assert.deepEqual(
      files.filter((file) => !known.test(file)),
      [],
    );
  });

  it('has a manifest without anything of development, whose files are all there', () => {
    for (const key of ['devDependencies', 'scripts', 'bin', 'exports', 'files'])
      assert.ok(!(key in manifest), key);
    assert.equal(manifest['main'], './dist/extension.cjs');
    assert.deepEqual(Object.keys(manifest['engines'] as object), ['vscode']);
    const named = JSON.stringify(manifest).match(/"(?:\.\/)?media\/[^"]+"/g) ?? [];
    for (const name of named)
      assert.ok(files.includes(`extension/${name.slice(1, -1).replace(/^\.\//, '')}`), name);
  });
});

async function contents(path: string): Promise<{ files: string[]; manifest: Record<string, unknown> }> {
  const zip = await openPromise(path);
  const files: string[] = [];
  let manifest: Record<string, unknown> = {};
  for await (const entry of zip.eachEntry() as AsyncIterable<Entry>) {
    files.push(entry.fileName);
    if (entry.fileName !== 'extension/package.json') continue;
    const chunks: Buffer[] = [];
    for await (const chunk of await zip.openReadStreamPromise(entry)) chunks.push(chunk as Buffer);
    manifest = JSON.parse(Buffer.concat(chunks).toString('utf8'));
  }
  return { files, manifest };
}
