import assert from 'node:assert/strict';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

/** Holds text to test/report/goldens/<name>; UPDATE_GOLDENS=1 writes it anew. */
export function assertGolden(name: string, text: string): void {
  const path = join(import.meta.dirname, 'goldens', name);
  if (process.env['UPDATE_GOLDENS'] === '1') {
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, text);
  }
  assert.equal(text, readFileSync(path, 'utf8'), `${name} (UPDATE_GOLDENS=1 writes it anew)`);
}
