import assert from 'node:assert/strict';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { ROOT } from '../editor/cases.ts';
import { violations } from '../support/axe.ts';
import { contrast } from '../support/contrast.ts';
import { drawnLines } from '../support/drawn-lines.ts';
import { panelPage } from '../support/panel.ts';
import { simulatorProfile } from '../support/profile.ts';
import { command, openWindow, screenshot, setTheme, type Window } from '../support/window.ts';

describe('a saved profile, by mouse and keyboard', () => {
  const folder = join(ROOT, 'test', 'vscode', 'cases', 'open-profile', 'workspace');
  let window: Window;

  before(async () => {
    window = await openWindow(folder, {}, (workspace) => {
      const text = readFileSync(join(workspace, 'src', 'simulator.ts'), 'utf8');
      writeFileSync(join(workspace, 'result.json'), JSON.stringify(simulatorProfile(workspace, text)));
    });
  });
  afterEach(async function () {
    if (this.currentTest?.state === 'failed') await screenshot(window, 'failed');
  });
  after(() => window?.close());

  it('is opened from the palette and drawn beside the right lines', async () => {
    const { page, workspace } = window;
    await command(page, 'Lineprof: Open Profile');
    await page.locator('.quick-input-list .monaco-list-row', { hasText: 'result.json' }).waitFor();
    await page.locator('.quick-input-widget input[type=text]').fill(join(workspace, 'result.json'));
    await page.keyboard.press('Enter');
    await page.locator('.statusbar', { hasText: 'Ln 26, Col 3' }).waitFor();
    await page.keyboard.press('Control+End');
    const lines = await untilDrawn();
    const at = (number: number) => lines.find((line) => line.number === number)!;
    assert.match(at(26).text, /evolve\(dt: number\)/);
    assert.equal(at(26).columns.trim().replace(/ +/g, ' '), 'Hits Time ms % Time');
    assert.match(at(32).text, /const norm = /);
    assert.equal(at(32).columns, '1,000,000    220.0    55.0');
    assert.equal(at(29).columns, '   10,001      2.4     0.6');
    assert.equal(at(31).columns.trim(), '');
    assert.equal(at(54).columns.trim(), 'never');
    assert.equal(at(25).columns, '');
  });

  it('keeps the code of all its lines in place', async () => {
    const lines = (await untilDrawn()).filter(
      ({ number, code }) => number >= 26 && number <= 44 && code !== null,
    );
    assert.ok(lines.length > 12);
    const character =
      (lines.find(({ number }) => number === 27)!.code! - lines.find(({ number }) => number === 26)!.code!) /
      2;
    for (const { number, text, code, left } of lines) {
      const indentation = text.length - text.trimStart().length;
      const start = lines[0]!.code! - lines[0]!.left - 2 * character;
      assert.ok(Math.abs(code! - left - indentation * character - start) < 0.6, `line ${number} jogs`);
    }
  });

  it('has bars as long as the share and as hot', async () => {
    const lines = await untilDrawn();
    const at = (number: number) => lines.find((line) => line.number === number)!;
    assert.ok(Math.abs(at(32).bar / at(33).bar - 55 / 12) < 0.5, `${at(32).bar} and ${at(33).bar}`);
    assert.notEqual(at(32).barColor, at(33).barColor);
    assert.equal(at(31).bar, 0);
  });

  for (const theme of ['Light Modern', 'Dark High Contrast', 'Light High Contrast', 'Dark Modern'] as const) {
    it(`is readable in ${theme}`, async () => {
      await setTheme(window, theme);
      await window.page.waitForTimeout(700);
      await screenshot(window, `annotations ${theme}`);
      const background = await backgroundOf();
      for (const { number, columns, columnsColor, barColor } of await untilDrawn()) {
        if (columns.trim() !== '') {
          const ratio = contrast(columnsColor, background);
          assert.ok(ratio >= 4.5, `line ${number}: ${columnsColor} on ${background} is ${ratio}`);
        }
        if (barColor !== '')
          assert.ok(contrast(barColor, background) >= 3, `bar of line ${number}: ${barColor}`);
      }
    });
  }

  it('opens the hover with the mouse, and its link leads to the callee', async () => {
    const { page } = window;
    const line = page.locator('.editor-instance .view-line', { hasText: 'const norm' });
    await line.hover({ position: { x: 30, y: 8 } });
    const hover = page.locator('.monaco-hover:visible', { hasText: 'Line 32' });
    await hover.waitFor();
    await page.waitForTimeout(300);
    await screenshot(window, 'hover');
    assert.match(
      (await hover.textContent()) ?? '',
      /Line 32 of ParticleSimulator\.evolve.*Show in the table/,
    );
    assert.match((await hover.textContent()) ?? '', /evil\]\(command:x\) `<b>` ¦ name/);
    await hover.locator('a', { hasText: 'Particle' }).click();
    await page.locator('.statusbar', { hasText: /Ln 7, Col 3/ }).waitFor();
  });

  it('says the numbers of a line from the keyboard alone: for a screen reader, and as its hover', async () => {
    const { page } = window;
    await page.locator('.editor-instance .view-line', { hasText: 'const norm' }).click();
    await page.keyboard.press('Control+Alt+F9');
    await page
      .locator('.notification-toast', {
        hasText: 'Line 32 of ParticleSimulator.evolve: Hits 1,000,000, Time ms 220.0, % Time 55.0.',
      })
      .waitFor();
    await command(page, 'Notifications: Clear All Notifications');
    await command(page, 'Show or Focus Hover');
    const hover = page.locator('.monaco-hover:visible', { hasText: 'Line 32' });
    await hover.waitFor();
    await page.keyboard.press('Escape');
  });

  it('has a link in the hover that leads to the table', async () => {
    const { page } = window;
    await page
      .locator('.editor-instance .view-line', { hasText: 'const vx' })
      .hover({ position: { x: 30, y: 8 } });
    const hover = page.locator('.monaco-hover:visible', { hasText: 'Line 33' });
    await hover.locator('a', { hasText: 'Show in the table' }).click();
    await page.locator('.part.panel .action-item.checked', { hasText: 'Line Profiler' }).waitFor();
    await screenshot(window, 'hover to table');
  });

  for (const theme of ['Light Modern', 'Dark High Contrast', 'Light High Contrast', 'Dark Modern'] as const) {
    it(`has a table that axe-core finds nothing wrong with, in ${theme}`, async () => {
      const panel = panelPage(window.page);
      await panel.grid.waitFor();
      await setTheme(window, theme);
      for (const tab of ['Functions', 'Lines']) {
        await panel.frame.getByRole('tab', { name: tab }).click();
        await panel.frame.locator('tbody td').first().click();
        assert.deepEqual(await violations(panel), []);
      }
      await screenshot(window, `table ${theme}`);
    });
  }

  /** The drawn lines, once the columns are there. */
  async function untilDrawn() {
    for (let tries = 0; ; tries++) {
      const lines = await drawnLines(window.page);
      if (lines.some(({ number, columns }) => number === 54 && columns !== '') || tries === 50) return lines;
      await window.page.waitForTimeout(100);
    }
  }

  async function backgroundOf(): Promise<string> {
    return (await window.page.evaluate(
      `getComputedStyle(document.querySelector('.editor-instance .monaco-editor-background')).backgroundColor`,
    )) as string;
  }
});
