import assert from 'node:assert/strict';
import { join } from 'node:path';
import { ROOT } from '../editor/cases.ts';
import { type DrawnLine, drawnLines } from '../support/drawn-lines.ts';
import { panelPage } from '../support/panel.ts';
import {
  chooseEntry,
  command,
  openFile,
  openWindow,
  screenshot,
  setTheme,
  type Window,
} from '../support/window.ts';

describe('past runs, by mouse and keyboard', () => {
  let window: Window;
  const rows = () => window.page.locator('.pane-body .monaco-list-row');
  const row = (text: string) => rows().filter({ hasText: text }).first();

  before(async () => {
    window = await openWindow(join(ROOT, 'test', 'vscode', 'cases', 'runs', 'workspace'), {
      'files.autoSave': 'off',
    });
    await openFile(window.page, 'sums.js');
  });
  afterEach(async function () {
    if (this.currentTest?.state === 'failed') await screenshot(window, 'failed runs');
  });
  after(() => window?.close());

  it('the numbers grow beside the code while the program runs, and the code stands still', async () => {
    const { page } = window;
    await page.locator('.view-line', { hasText: 'function forEver' }).first().click();
    await command(page, 'Lineprof: Profile This Function');
    const line = page.locator('.view-line', { hasText: 'roots(k, 3000)' }).first();
    const seen: DrawnLine[] = [];
    for (let tries = 0; tries < 400 && seen.length < 6; tries++) {
      const now = (await drawnLines(page)).find(({ text }) => text.includes('roots(k, 3000)'));
      // Hits are blank while it runs.
      if (now && /^ +[\d.]+ +[\d.]+ *$/.test(now.columns) && now.columns !== seen.at(-1)?.columns)
        seen.push(now);
      await page.waitForTimeout(50);
    }
    assert.equal(seen.length, 6, 'the numbers changed while it ran');
    const lefts = seen.map(({ code }) => code);
    assert.equal(new Set(lefts).size, 1, `the code moved: ${lefts}`);
    await screenshot(window, 'live');
    await page
      .locator('.statusbar-item', { hasText: /Profiling forEver: .*samples/ })
      .locator('a')
      .click();
    await page.locator('.notification-toast', { hasText: 'It was stopped' }).waitFor();
    await line.waitFor();
    await page.keyboard.press('Escape');
  });

  it('a run is in the tree with its time, and opens by a click', async () => {
    const { page } = window;
    await page.locator('.view-line', { hasText: 'function slow' }).first().click();
    await command(page, 'Lineprof: Profile This Function');
    await page.locator('.activitybar .action-label[aria-label^="Line Profiler"]').first().click();
    await row('slow').waitFor();
    assert.match((await row('slow').textContent())!, /slow.*(ms|s) · .* · v\d+/);
    await command(page, 'Lineprof: Clear');
    await until((lines) => lines.every(({ columns }) => columns === ''));
    await row('slow').click();
    await until((lines) => hits(lines, 5) > 0);
    await screenshot(window, 'runs');
  });

  it('two are compared: select both, Compare with…', async () => {
    const { page } = window;
    await page.locator('.view-line', { hasText: 'roots(k, 4000)' }).first().click();
    await page.keyboard.press('Home');
    await page.keyboard.press('Shift+End');
    await page.keyboard.type('sum += roots(k, 1000);');
    await command(page, 'Lineprof: Profile This Function');
    await rows().nth(2).waitFor();
    // The newest is first.
    await rows().nth(0).click();
    await rows()
      .nth(1)
      .click({ modifiers: ['Control'] });
    await rows().nth(1).click({ button: 'right' });
    const entry = page.locator('.monaco-menu .action-label', { hasText: /^Compare with…$/ });
    await entry.waitFor();
    await chooseEntry(page, entry);
    const lines = await until((drawn) =>
      drawn.some(({ number, columns }) => number === 2 && /Δ (?:ms|µs) +Δ %/.test(columns)),
    );
    const changed = lines.find(({ number }) => number === 5)!;
    assert.match(changed.columns, /−\d/);
    await page.mouse.move(700, 700);
    await screenshot(window, 'compared dark');
    await setTheme(window, 'Light Modern');
    await screenshot(window, 'compared light');
    await setTheme(window, 'Dark High Contrast');
    await screenshot(window, 'compared high contrast');
    await setTheme(window, 'Dark Modern');
    await page
      .locator('.view-line', { hasText: 'roots(k, 1000)' })
      .first()
      .hover({ position: { x: 200, y: 8 } });
    const hover = page.locator('.monaco-hover', { hasText: 'Less than before, beyond noise' }).first();
    await hover.waitFor();
    await screenshot(window, 'compared hover');
    await page.keyboard.press('Escape');
    await command(page, 'Lineprof: Show Table');
    const panel = panelPage(page);
    await panel.frame.getByRole('columnheader', { name: 'Before' }).waitFor();
    assert.match(await panel.frame.locator('.summary').innerText(), /× faster .* → /);
    assert.match((await panel.cells('delta'))[3]!, /^−\d/);
    assert.deepEqual((await panel.cells('line')).slice(0, 4), ['2', '3', '4', '5']);
    await screenshot(window, 'table compared');
    await panel.frame.getByRole('button', { name: 'Stop Comparing' }).click();
    await panel.frame.getByRole('columnheader', { name: 'Hits' }).waitFor();
    await command(page, 'View: Hide Panel');
    await until((drawn) => hits(drawn, 5) > 0);
  });

  it('is renamed by F2 and deleted by Delete, which can be undone, from the keyboard alone', async () => {
    const { page } = window;
    const input = page.locator('.quick-input-widget input[type=text]');
    // The click opens the run as well; the keyboard stays in the tree.
    const chosen = await rows().nth(1).textContent();
    await rows().nth(1).click();
    await rows().nth(1).locator('.codicon-eye').waitFor();
    await page.keyboard.press('F2');
    await page.locator('.quick-input-title', { hasText: 'A name for this run' }).waitFor();
    assert.ok(chosen!.includes(await input.inputValue()));
    await input.fill('the slow one');
    await page.keyboard.press('Enter');
    await row('the slow one').waitFor();
    await row('the slow one').click();
    await page.keyboard.press('Delete');
    const toast = page.locator('.notification-toast', { hasText: 'the slow one' });
    await toast.waitFor();
    await row('the slow one').waitFor({ state: 'detached' });
    await toast.locator('.monaco-button', { hasText: 'Undo' }).click();
    await row('the slow one').waitFor();
  });

  it('is there again after a reload', async () => {
    const { page } = window;
    await page.reload();
    await page.locator('.monaco-workbench .statusbar').waitFor();
    await row('the slow one').waitFor();
    assert.equal(await rows().count(), 3);
    await row('the slow one').click();
    await until((lines) => lines.some(({ columns }) => /Hits/.test(columns)));
  });

  function hits(lines: readonly DrawnLine[], number: number): number {
    const columns =
      lines
        .find((line) => line.number === number)
        ?.columns.trim()
        .split(/ +/) ?? [];
    return columns.length === 3 ? Number(columns[0]!.replaceAll(',', '')) : 0;
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
});
