import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdirSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { ROOT } from '../editor/cases.ts';
import { drawnLines } from '../support/drawn-lines.ts';
import {
  chooseEntry,
  openFile,
  openWindow,
  screenshot,
  setTheme,
  untilThere,
  type Window,
} from '../support/window.ts';

describe('a .cpuprofile in the explorer, by mouse', () => {
  const folder = join(ROOT, 'test', 'export', 'fixtures');
  let window: Window;
  let fromRegister: string;

  before(async () => {
    window = await openWindow(folder, {}, (workspace) => {
      const path = join(workspace, 'main-node20.cpuprofile');
      const text = readFileSync(path, 'utf8');
      writeFileSync(path, text.replaceAll('file:///project', pathToFileURL(workspace).href));
      fromRegister = registered(workspace);
    });
  });
  afterEach(async function () {
    if (this.currentTest?.state === 'failed') await screenshot(window, 'failed');
  });
  after(() => window?.close());

  it('is opened by its context menu: self time beside the lines', async () => {
    const { page } = window;
    const row = page.locator('.explorer-folders-view .monaco-list-row', {
      hasText: 'main-node20.cpuprofile',
    });
    const item = page.locator('.context-view .action-label', { hasText: 'Open in Lineprof' });
    // A window that is still starting does not know the extension's menu entries yet.
    await untilThere(page, item, () => row.click({ button: 'right' }));
    await screenshot(window, 'cpuprofile menu');
    await chooseEntry(page, item);
    await page.locator('.tab.active', { hasText: 'shapes.mjs' }).waitFor();
    await page.locator('.statusbar', { hasText: 'self time only' }).waitFor();
    let lines = await drawnLines(page);
    const at = (number: number) => lines.find((line) => line.number === number);
    for (let tries = 0; !at(3)?.columns.includes('Self') && tries < 100; tries++) {
      await page.waitForTimeout(100);
      lines = await drawnLines(page);
    }
    assert.equal(at(3)!.columns.trim().replace(/\s+/g, ' '), 'Self ms % Self');
    assert.equal(at(5)!.columns.trim().replace(/\s+/g, ' '), '39 100.0');
    assert.ok(at(5)!.bar > 0);
    await screenshot(window, 'cpuprofile dark');
  });

  it('says so in the hover', async () => {
    const { page } = window;
    await page.locator('.view-line', { hasText: 'Math.sqrt' }).hover({ position: { x: 300, y: 8 } });
    await page.locator('.monaco-hover', { hasText: 'Self time only' }).first().waitFor();
    await screenshot(window, 'cpuprofile hover');
    await setTheme(window, 'Light Modern');
    await screenshot(window, 'cpuprofile light');
  });

  it('out of lineprof/register is read by the viewer of the editor itself', async () => {
    const { page } = window;
    await openFile(page, fromRegister);
    const viewer = page.frameLocator('iframe.webview').frameLocator('#active-frame');
    // Lines as the viewer has them: its own, self time first, the name, the file.
    await viewer.getByText('handle', { exact: true }).first().waitFor();
    await viewer
      .getByText(/server\.mjs/)
      .first()
      .waitFor();
    await screenshot(window, 'cpuprofile viewer');
  });
});

/** Leaves a .cpuprofile that lineprof/register wrote in the workspace; its name. */
function registered(workspace: string): string {
  const modules = join(workspace, 'node_modules');
  mkdirSync(modules);
  symlinkSync(ROOT, join(modules, 'lineprof'), 'junction');
  const program = join(workspace, 'server.mjs');
  writeFileSync(
    program,
    `import { profile } from 'lineprof';
const handle = profile(function handle() {
  let x = 0;
  while (x < 1e5) x = Math.sqrt((x + 1) * (x + 1));
});
for (const end = Date.now() + 500; Date.now() < end; ) handle();
`,
  );
  execFileSync(process.execPath, ['--import', 'lineprof/register', program], {
    cwd: workspace,
    env: { ...process.env, LINEPROF_FORMAT: 'cpuprofile', LINEPROF_DIR: join(workspace, 'register') },
    stdio: 'ignore',
  });
  // The editor would watch all that the link leads to.
  rmSync(modules, { recursive: true });
  return readdirSync(join(workspace, 'register')).find((name) => name.endsWith('.cpuprofile'))!;
}
