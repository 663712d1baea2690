import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { ROOT } from '../editor/cases.ts';

const VSIX = join(ROOT, 'node_modules', '.cache', 'lineprof-test.vsix');

/**
 * The packaged extension's path: made by the first that asks, in this process or, as LINEPROF_TEST_VSIX says, in
 * the one that started it.
 */
export function packageOnce(): string {
  made ??= process.env['LINEPROF_TEST_VSIX'] ?? makePackage();
  return made;
}

let made: string | undefined;

function makePackage(): string {
  execFileSync(process.execPath, ['package.mjs', VSIX], { cwd: ROOT, stdio: 'pipe' });
  return VSIX;
}
