// Makes the .vsix: what the extension needs at run time and nothing else, staged in a folder of its own so
// that the published package.json tells of the extension alone. `node package.mjs [FILE]`, after a build.
import { cpSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { createVSIX } from '@vscode/vsce';

const root = import.meta.dirname;
const stage = join(root, 'node_modules', '.cache', 'lineprof-package');
const manifest = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
const target = resolve(process.argv[2] ?? `lineprof-${manifest.version}.vsix`);

const dropped = ['bin', 'types', 'exports', 'files', 'scripts', 'devDependencies', 'optionalDependencies'];
for (const key of dropped) delete manifest[key];
manifest.engines = { vscode: manifest.engines.vscode };

rmSync(stage, { recursive: true, force: true });
mkdirSync(stage, { recursive: true });
writeFileSync(join(stage, 'package.json'), JSON.stringify(manifest, null, 2));
// .vscodeignore says what of these stays out.
for (const path of ['dist', 'media', 'l10n', 'package.nls.json', 'LICENSE', 'README.md', 'CHANGELOG.md']) {
  cpSync(join(root, path), join(stage, path), { recursive: true });
}
await createVSIX({
  cwd: stage,
  ignoreFile: join(root, '.vscodeignore'),
  packagePath: target,
  dependencies: false,
  allowMissingRepository: true,
  rewriteRelativeLinks: false,
});
