// `npm run l10n`: moves words of package.json into package.nls.json, and collects those of src/ into
// l10n/bundle.l10n.json, for translators. `node l10n.mjs --check` writes nothing and fails when there is
// something to do.
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { getL10nJson } from '@vscode/l10n-dev';

const root = import.meta.dirname;
const check = process.argv.includes('--check');
const WORDS = new Set([
  'title',
  'name',
  'displayName',
  'contextualTitle',
  'description',
  'markdownDescription',
  'userDescription',
  'enumDescriptions',
  'markdownEnumDescriptions',
  'deprecationMessage',
  'altText',
  'contents',
]);
/** What npm shows, and what is written for language models, stays as it is. */
const LEFT = [/^(?:name|displayName|description)$/, /^languageModelTools\.\w+\.(?:name|inputSchema)/];

const manifest = readJson('package.json');
const words = existsSync(join(root, 'package.nls.json')) ? readJson('package.nls.json') : {};
const used = {};
const localized = localize(manifest, '');
const bundle = await getL10nJson(sources());
const outdated = [
  ...differs('package.json', localized),
  ...differs('package.nls.json', used),
  ...differs('l10n/bundle.l10n.json', sorted(bundle)),
];
if (check && outdated.length > 0) {
  console.error(`${outdated.join(', ')}: not up to date; npm run l10n makes them so`);
  process.exit(1);
}
if (outdated.length > 0) console.log(`written: ${outdated.join(', ')}`);

function localize(value, path, isWord = false) {
  if (typeof value === 'string') {
    if (!isWord || LEFT.some((left) => left.test(path))) return value;
    const known = /^%(.+)%$/.exec(value)?.[1];
    const key = known ?? path;
    used[key] = known === undefined ? value : words[known];
    if (used[key] === undefined) throw new Error(`package.nls.json has no ${key}`);
    return `%${key}%`;
  }
  if (Array.isArray(value)) {
    return value.map((one, index) => localize(one, below(path, idOf(one) ?? index), isWord));
  }
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, one]) => [
      key,
      localize(one, below(path, key.replace(/^lineprof\./, '')), WORDS.has(key)),
    ]),
  );
}

/** A path that survives a change of order: entries of lists are known by their ids. */
function idOf(entry) {
  const id =
    entry?.command ?? entry?.id ?? entry?.view ?? (typeof entry?.name === 'string' ? entry.name : undefined);
  return id?.replace(/^lineprof\./, '');
}

function below(path, key) {
  return path === '' || path === 'contributes' ? `${key}` : `${path}.${key}`;
}

function sources() {
  return readdirSync(join(root, 'src'), { recursive: true, encoding: 'utf8' })
    .filter((name) => /^(?:(?:vscode|webview)[\\/].*|extension)\.ts$/.test(name))
    .sort()
    .map((name) => ({ extension: '.ts', contents: readFileSync(join(root, 'src', name), 'utf8') }));
}

function sorted(record) {
  return Object.fromEntries(Object.entries(record).sort(([a], [b]) => (a < b ? -1 : 1)));
}

/** Writes a file that is not as it should be (unless told to check) and names it. */
function differs(path, value) {
  const file = join(root, path);
  if (existsSync(file) && JSON.stringify(readJson(path)) === JSON.stringify(value)) return [];
  if (!check) {
    mkdirSync(join(file, '..'), { recursive: true });
    writeFileSync(file, `${JSON.stringify(value, null, 2)}\n`);
  }
  return [path];
}

function readJson(path) {
  return JSON.parse(readFileSync(join(root, path), 'utf8'));
}
