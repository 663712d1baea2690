// `npm run vscode`: the real editor of the tests for a person to click in, with the examples open and the packaged
// extension installed (an editor with one in development shows no notifications here), until Ctrl-C. `-- FOLDER` opens another folder.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { QUIET, ROOT } from './editor/cases.ts';
import { installEditor } from './editor/install.ts';
import { installVsix, startServer } from './editor/server.ts';
import { packageOnce } from './support/package.ts';

const folder = resolve(process.argv[2] ?? join(ROOT, 'examples'));
const home = mkdtempSync(join(tmpdir(), 'lineprof-vscode-'));
const editor = installEditor(console.log);
await installVsix(editor, home, packageOnce());
const server = await startServer(editor, { home, settings: QUIET, env: {}, automation: false });
console.log(`Open ${server.url(folder)}`);
console.log('Then right-click a function and choose "Profile This Function". Ctrl-C ends the editor.');
for (const signal of ['SIGINT', 'SIGTERM'] as const) {
  process.once(signal, async () => {
    await server.stop();
    rmSync(home, { recursive: true, force: true, maxRetries: 5, retryDelay: 200 });
    process.exit(0);
  });
}
