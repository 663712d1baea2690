import assert from 'node:assert/strict';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { ROOT } from '../editor/cases.ts';
import { type PanelPage, panelPage, untilTrue } from '../support/panel.ts';
import { command, openFile, openWindow, screenshot, type Window } from '../support/window.ts';

describe('the table while a program runs, by mouse and keyboard', () => {
  let window: Window;
  let page: Page;
  let panel: PanelPage;

  before(async () => {
    window = await openWindow(join(ROOT, 'test', 'vscode', 'cases', 'run', 'workspace'), {});
    ({ page } = window);
    panel = panelPage(page);
    await openFile(page, 'work.js');
  });
  afterEach(async function () {
    if (this.currentTest?.state === 'failed') await screenshot(window, 'failed');
  });
  after(() => window?.close());

  it('says why nothing came of a run, and offers what helps', async () => {
    await command(page, 'Lineprof: Show Table');
    await panel.frame.getByText('No profile yet').waitFor();
    await profileCommand('node src/nowhere-to-be-found.js');
    await panel.frame.getByText(/could not be profiled/).waitFor();
    await panel.frame.getByRole('button', { name: 'Show Output' }).waitFor();
    await screenshot(window, 'table failed');
  });

  it('counts samples while a program runs, and is stopped from the table', async () => {
    await goToLine(33);
    await command(page, 'Lineprof: Profile This Function');
    await panel.frame.getByText('Profiling forEver').waitFor();
    const counts = async () =>
      Number(
        /([\d,]+) samples/.exec(await panel.frame.locator('.live').innerText())?.[1]?.replaceAll(',', '') ??
          0,
      );
    const first = await untilTrue(page, counts, (samples) => samples > 0);
    await untilTrue(page, counts, (samples) => samples > first);
    await panel.grid.waitFor();
    await screenshot(window, 'table running');
    await panel.frame.getByRole('button', { name: 'Stop' }).click();
    await panel.frame.locator('.live').waitFor({ state: 'detached' });
    const lines = await panel.cells('line');
    assert.equal(lines[0], '33');
    assert.ok((await panel.cells('percent')).some((percent) => Number.parseFloat(percent) > 50));
  });

  it('lists the other functions of the run beside the profiled ones', async () => {
    await goToLine(5);
    await command(page, 'Lineprof: Profile This Function');
    await panel.frame.locator('.function', { hasText: 'crunch' }).waitFor();
    await panel.frame.locator('.live').waitFor({ state: 'detached' });
    await panel.frame.getByRole('tab', { name: 'Functions' }).click();
    const names = await untilTrue(
      page,
      () => panel.cells('name'),
      (seen) => seen.includes('slow'),
    );
    assert.equal(names[0], 'crunch');
    await screenshot(window, 'table run functions');
    await panel.frame
      .locator('tr', { hasText: /^\s*slow/ })
      .first()
      .click();
    await page.locator('.statusbar', { hasText: /Ln 1\d, Col / }).waitFor();
  });

  async function goToLine(line: number): Promise<void> {
    await command(page, 'Go to Line/Column...');
    await page.locator('.quick-input-widget input[type=text]').fill(`:${line}`);
    await page.keyboard.press('Enter');
    await page.locator('.statusbar', { hasText: `Ln ${line}, ` }).waitFor();
  }

  async function profileCommand(line: string): Promise<void> {
    await command(page, 'Lineprof: Profile Command');
    await page.locator('.quick-input-title', { hasText: 'Profile a command' }).waitFor();
    await page.locator('.quick-input-widget input[type=text]').fill(line);
    await page.keyboard.press('Enter');
  }
});
