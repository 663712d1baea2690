import assert from 'node:assert/strict';
import { join } from 'node:path';
import { ROOT } from '../editor/cases.ts';
import { drawnLines } from '../support/drawn-lines.ts';
import { command, openFile, openWindow, screenshot, type Window } from '../support/window.ts';

describe('ways to run, by keyboard', () => {
  let window: Window;

  before(async () => {
    window = await openWindow(join(ROOT, 'test', 'vscode', 'cases', 'run', 'workspace'), {
      'lineprof.hits': 'none',
    });
    await openFile(window.page, 'work.js');
  });
  afterEach(async function () {
    if (this.currentTest?.state === 'failed') await screenshot(window, 'failed ways');
  });
  after(() => window?.close());

  for (const [way, choice] of [
    ['an npm script', 'npm run work'],
    ['a configuration of launch.json', 'Main'],
  ] as const) {
    it(`Change How This Runs… to ${way}: it runs so, and is remembered`, async () => {
      const { page } = window;
      await page.locator('.view-line', { hasText: 'function crunch' }).first().click();
      // Its mark says how it runs: it is asked all the same.
      await command(page, 'Lineprof: Change How This Runs');
      await page.locator('.quick-input-title', { hasText: 'How is crunch to be run?' }).waitFor();
      await page.locator('.quick-input-widget input[type=text]').fill(choice);
      await page.locator('.quick-input-list .monaco-list-row.focused', { hasText: choice }).waitFor();
      await page.keyboard.press('Enter');
      await profiled();
      assert.match(await output(), new RegExp(`> .*${choice}`));
      await command(page, 'Lineprof: Clear');
      await command(page, 'Lineprof: Profile This Function');
      await profiled();
      assert.match(await output(), new RegExp(`> .*${choice}`), 'the next time nobody is asked');
      await command(page, 'Lineprof: Clear');
    });
  }

  it('Settings shows the settings of the extension', async () => {
    const { page } = window;
    await command(page, 'Lineprof: Settings');
    // Settings further down are drawn when they are scrolled to.
    for (const name of ['Columns', 'Heat Bar', 'Code Lens']) {
      await page.locator('.settings-editor .setting-item-label', { hasText: name }).first().waitFor();
    }
    await screenshot(window, 'settings');
  });

  /** Waits for the numbers of a whole run. */
  async function profiled(): Promise<void> {
    const { page } = window;
    for (let tries = 0; ; tries++) {
      const lines = await drawnLines(page);
      const done = lines.some(({ number, columns }) => number === 2 && /Time/.test(columns));
      if (done && (await page.locator('.statusbar-item', { hasText: 'Profiling' }).count()) === 0) return;
      assert.ok(tries < 300, 'no numbers within a minute');
      await page.waitForTimeout(200);
    }
  }

  /** The text of the output channel since the last time; the cursor is back in the editor afterwards. */
  async function output(): Promise<string> {
    const { page } = window;
    await command(page, 'Lineprof: Show Output');
    const lines = page.locator('.panel .view-lines').first();
    await lines.getByText('ended with code 0').first().waitFor();
    // The editor draws hard spaces.
    const text = (await lines.innerText()).replace(/[^\S\n]/g, ' ');
    await command(page, 'Clear Output');
    await command(page, 'View: Hide Panel');
    await page.locator('.view-line', { hasText: 'function crunch' }).first().click();
    return text;
  }
});
