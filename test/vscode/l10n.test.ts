import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import * as l10n from '@vscode/l10n';
import { outcomeOf } from '../../src/vscode/run/outcome.ts';
import { profileOf } from './support/profile.ts';

const root = resolve(import.meta.dirname, '..', '..');

describe('words for translators', function () {
  this.timeout(60_000);

  it('are all in package.nls.json and l10n/bundle.l10n.json (npm run l10n writes them)', () => {
    const { status, stderr } = spawnSync(process.execPath, ['l10n.mjs', '--check'], {
      cwd: root,
      encoding: 'utf8',
    });
    assert.equal(status, 0, stderr);
  });

  it('hold what the code says, with its places', () => {
    const bundle = JSON.parse(readFileSync(join(root, 'l10n', 'bundle.l10n.json'), 'utf8'));
    assert.ok(Object.keys(bundle).length > 100);
    for (const key of ['Profile Again', 'Profiling {0}', '{0} was never called in this run.']) {
      assert.ok(key in bundle, key);
    }
  });

  it('come from the bundle of the language', () => {
    const key =
      'No function of your own code was seen at work: the run was too short, or ran something else.';
    try {
      l10n.config({ contents: { [key]: 'Nichts.' } });
      assert.equal(outcomeOf(profileOf('/x', []), null).text, 'Nichts.');
    } finally {
      l10n.config({ contents: {} });
    }
  });
});
