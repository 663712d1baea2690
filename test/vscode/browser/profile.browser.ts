import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { ROOT } from '../editor/cases.ts';
import { type DrawnLine, drawnLines } from '../support/drawn-lines.ts';
import {
  chooseEntry,
  command,
  openFile,
  openWindow,
  screenshot,
  untilThere,
  type Window,
} from '../support/window.ts';

describe('profiling, by mouse and keyboard', () => {
  let window: Window;

  before(async () => {
    window = await openWindow(join(ROOT, 'test', 'vscode', 'cases', 'run', 'workspace'), {});
    await openFile(window.page, 'work.js');
  });
  afterEach(async function () {
    if (this.currentTest?.state === 'failed') await screenshot(window, 'failed');
  });
  after(() => window?.close());

  it('right-click, Profile This Function: the numbers stand beside its lines', async () => {
    const { page } = window;
    const line = page.locator('.view-line', { hasText: 'sum += slow(k);' }).first();
    // The menu entry is there once the extension has started.
    const entry = page.locator('.monaco-menu .action-label', { hasText: /^Profile This Function$/ });
    await untilThere(page, entry, () => line.click({ button: 'right', position: { x: 60, y: 8 } }));
    await screenshot(window, 'context menu');
    await chooseEntry(page, entry);
    await page.locator('.notification-toast', { hasText: 'Profiling crunch' }).waitFor();
    await screenshot(window, 'progress');
    // Until then the numbers are live: they have no hits yet.
    await page.locator('.notification-toast', { hasText: 'Profiling crunch' }).waitFor({ state: 'detached' });
    const at = await untilNumbers(2);
    assert.match(at(2).columns, /Hits +Time/);
    const [hits, , percent] = at(5).columns.trim().split(/ +/);
    assert.equal(Number(hits!.replaceAll(',', '')) % 300, 0);
    assert.ok(Number(percent) > 90, percent);
    assert.match(at(8).columns, /^ *never *$/);
    assert.equal(at(9).columns.trim(), '');
    await page
      .locator('.codelens-decoration', { hasText: /samples/ })
      .first()
      .waitFor();
    await screenshot(window, 'profiled');
  });

  it('a line that is typed in stands where its neighbours do', async () => {
    const { page } = window;
    await page.locator('.view-line', { hasText: 'sum += slow(k);' }).first().click();
    await page.keyboard.press('End');
    await page.keyboard.press('Enter');
    await page.keyboard.type('// typed in');
    const startOf = async (text: string): Promise<number> =>
      (await drawnLines(page)).find((line) => line.text.includes(text))?.code ?? Number.NaN;
    const apart = async (): Promise<number> =>
      Math.abs((await startOf('typed in')) - (await startOf('sum += slow(k);')));
    // Not a number while one of them is not drawn; the browser rounds room and numbers differently.
    for (let tries = 0; !((await apart()) < 1); tries++) {
      assert.ok(tries < 50, `${await apart()} pixels apart`);
      await page.waitForTimeout(100);
    }
    for (let undone = 0; (await page.locator('.tab.active.dirty').count()) > 0; undone++) {
      assert.ok(undone < 10, 'it is not undone');
      await page.keyboard.press('Control+Z');
      await page.waitForTimeout(200);
    }
  });

  it('goes from hot line to hot line by key', async () => {
    const { page } = window;
    await page.locator('.view-line', { hasText: 'function crunch' }).first().click();
    await page.keyboard.press('Alt+F9');
    await page.locator('.statusbar', { hasText: 'Ln 5, ' }).waitFor();
    await page.locator('.view-line', { hasText: 'return -1' }).first().click();
    await page.keyboard.press('Shift+Alt+F9');
    await page.locator('.statusbar', { hasText: 'Ln 5, ' }).waitFor();
  });

  it('asks how to run a method, checks the expression while it is typed, and remembers it', async () => {
    const { page } = window;
    await page.locator('.view-line', { hasText: 'run(rounds)' }).first().click();
    await command(page, 'Lineprof: Profile This Function');
    const row = page.locator('.quick-input-list .monaco-list-row', { hasText: 'Call it' });
    await row.waitFor();
    for (const words of ['Run this file', 'work.test.js', 'npm run work', 'Main']) {
      await page.locator('.quick-input-list .monaco-list-row', { hasText: words }).first().waitFor();
    }
    await screenshot(window, 'ways to run');
    await page.keyboard.press('Enter');
    const input = page.locator('.quick-input-widget input[type=text]');
    await page.locator('.quick-input-title', { hasText: 'An expression that runs Machine.run' }).waitFor();
    assert.equal(await input.inputValue(), 'new Machine().run(rounds)');
    await page.keyboard.type('(');
    await page.locator('.quick-input-message', { hasText: 'does not parse' }).waitFor();
    await page.keyboard.press('Backspace');
    await page.keyboard.type('200');
    assert.equal(await input.inputValue(), 'new Machine().run(200)');
    await page.keyboard.press('Enter');
    const toast = page.locator('.notification-toast', { hasText: 'Profiling Machine.run' });
    await toast.waitFor();
    await toast.waitFor({ state: 'detached' });
    const at = await untilNumbers(26, 28);
    assert.match(at(28).columns, /\d/);
    assert.equal(at(5).columns, '', 'the numbers of the function before are gone');
    // The editor moves its lenses a moment after the numbers.
    const again = page.locator('.codelens-decoration a', { hasText: 'Profile Again' });
    const header = page.locator('.view-line', { hasText: 'run(rounds)' }).first();
    for (let tries = 0; tries < 100; tries++) {
      const [lens, line] = [await again.first().boundingBox(), await header.boundingBox()];
      if (lens && line && Math.abs(line.y - lens.y) < 30) break;
      await page.waitForTimeout(100);
    }
    await again.first().click();
    await page.locator('.notification-toast', { hasText: 'Profiling Machine.run' }).waitFor();
    await page
      .locator('.notification-toast', { hasText: 'Profiling Machine.run' })
      .waitFor({ state: 'detached' });
  });

  it('hides the numbers and shows them again from the status bar', async () => {
    const { page } = window;
    const item = page.locator('.statusbar-item', { hasText: 'Machine.run' }).locator('a');
    await item.click();
    await until((lines) => lines.every(({ columns }) => columns === ''));
    await item.click();
    await untilNumbers(26);
  });

  it('profiles the function of the line number that is right-clicked, wherever the cursor is', async () => {
    const { page } = window;
    const number = page.locator('.margin-view-overlays .line-numbers').filter({ hasText: /^20$/ });
    const entry = page.locator('.monaco-menu .action-label', { hasText: /^Profile This Function$/ });
    await untilThere(page, entry, () => number.click({ button: 'right' }));
    await chooseEntry(page, entry);
    const at = await untilNumbers(19, 21);
    assert.match(at(21).columns, /\d/);
  });

  it('is stopped from its notification and shows what there was', async () => {
    const { page } = window;
    await page.locator('.view-line', { hasText: 'function forEver' }).first().click();
    await command(page, 'Lineprof: Profile This Function');
    const toast = page.locator('.notification-toast', { hasText: 'Profiling forEver' });
    await page
      .locator('.statusbar-item', { hasText: /Profiling forEver: [\d,]*[1-9][\d,]* samples/ })
      .waitFor();
    // The samples of the start-up come first: stopped now, a slow machine would not have called it yet.
    await untilNumbers(33, 35);
    await toast.hover();
    await toast.locator('.monaco-button', { hasText: 'Cancel' }).click();
    await toast.waitFor({ state: 'detached' });
    const at = await untilNumbers(33, 35);
    assert.match(at(35).columns, /\d/);
  });

  it('profiles a command, and its output is in the output channel', async () => {
    const { page } = window;
    await command(page, 'Lineprof: Profile Command');
    const input = page.locator('.quick-input-widget input[type=text]');
    await page.locator('.quick-input-title', { hasText: 'Profile a command' }).waitFor();
    await input.fill('node src/main.js');
    await page.keyboard.press('Enter');
    // Without a function that was asked for, the marked one is shown.
    await untilNumbers(2);
    await command(page, 'Lineprof: Show Output');
    const output = page.locator('.output-view-container, .panel .view-lines').first();
    await output.getByText('main begins').first().waitFor();
    await output.getByText('main ends true').first().waitFor();
    await command(page, 'View: Hide Panel');
  });

  it('saves the profile, and opens it again after a reload', async () => {
    const { page, workspace } = window;
    await command(page, 'Lineprof: Save Profile');
    await page.locator('.quick-input-list .monaco-list-row', { hasText: 'package.json' }).waitFor();
    await page.locator('.quick-input-widget input[type=text]').fill(join(workspace, 'kept.json'));
    await page.keyboard.press('Enter');
    const kept = await whenWhole(join(workspace, 'kept.json'));
    assert.deepEqual([kept.format, kept.functions[0]?.name], ['lineprof/1', 'crunch']);
    await page.reload();
    await page.locator('.monaco-workbench .statusbar').waitFor();
    await openFile(page, 'work.js');
    await until((lines) => lines.length > 10 && lines.every(({ columns }) => columns === ''));
    await command(page, 'Lineprof: Open Profile');
    await page.locator('.quick-input-list .monaco-list-row', { hasText: 'kept.json' }).waitFor();
    await page.locator('.quick-input-widget input[type=text]').fill(join(workspace, 'kept.json'));
    await page.keyboard.press('Enter');
    await untilNumbers(2);
  });

  /** The drawn lines by number, once a line has the labels of the columns, and another one numbers. */
  async function untilNumbers(header: number, line?: number): Promise<(line: number) => DrawnLine> {
    const lines = await until(
      (drawn) =>
        drawn.some(({ number, columns }) => number === header && /Hits/.test(columns)) &&
        (line === undefined || drawn.some(({ number, columns }) => number === line && /\d/.test(columns))),
    );
    return (number) => lines.find((line) => line.number === number)!;
  }

  async function until(condition: (lines: DrawnLine[]) => boolean): Promise<DrawnLine[]> {
    for (let tries = 0; ; tries++) {
      const lines = await drawnLines(window.page);
      if (condition(lines)) return lines;
      assert.ok(
        tries < 300,
        `not within a minute; the lines are\n${lines.map(({ number, columns }) => `${number}: ${columns}`).join('\n')}`,
      );
      await window.page.waitForTimeout(200);
    }
  }

  /** What a file says, once all of it is written. */
  async function whenWhole(path: string): Promise<{ format: unknown; functions: { name: unknown }[] }> {
    for (let tries = 0; ; tries++) {
      try {
        return JSON.parse(readFileSync(path, 'utf8'));
      } catch (error) {
        if (tries === 50) throw error;
        await window.page.waitForTimeout(200);
      }
    }
  }
});
