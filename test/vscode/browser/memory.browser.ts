import assert from 'node:assert/strict';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import type { Profile } from '../../../src/model/profile.ts';
import { ROOT } from '../editor/cases.ts';
import { drawnLines } from '../support/drawn-lines.ts';
import { withObjectsAndTimeline } from '../support/memory-profile.ts';
import { type PanelPage, panelPage, untilTrue } from '../support/panel.ts';
import {
  chooseEntry,
  command,
  openFile,
  openWindow,
  screenshot,
  setTheme,
  untilThere,
  type Window,
} from '../support/window.ts';

describe('memory, by mouse and keyboard', () => {
  let window: Window;
  let page: Page;
  let panel: PanelPage;

  before(async () => {
    window = await openWindow(join(ROOT, 'test', 'vscode', 'cases', 'memory', 'workspace'), {
      'lineprof.columns': ['time', 'memory'],
    });
    ({ page } = window);
    panel = panelPage(page);
    await openFile(page, 'particles.ts');
  });
  afterEach(async function () {
    if (this.currentTest?.state === 'failed') await screenshot(window, 'failed memory');
  });
  after(() => window?.close());

  it('right-click, Profile Memory of This Function: the increment stands beside the line that allocates', async () => {
    const line = page.locator('.view-line', { hasText: 'new Float64Array(COUNT * 3)' }).first();
    const entry = page.locator('.monaco-menu .action-label', {
      hasText: /^Profile Memory of This Function$/,
    });
    await untilThere(page, entry, () => line.click({ button: 'right', position: { x: 200, y: 8 } }));
    await screenshot(window, 'memory menu');
    await chooseEntry(page, entry);
    await page.locator('.notification-toast', { hasText: 'Profiling memory of benchmarkMemory' }).waitFor();
    const lines = await untilColumns(16, /Mem MiB +Incr MiB +Occurs/);
    const at = (number: number) => lines.find((one) => one.number === number)!;
    const [, increment, occurrences] = at(18).columns.trim().split(/ +/);
    assert.ok(Math.abs(Number(increment) - 1.144) < 0.05, at(18).columns);
    assert.equal(occurrences, '1');
    assert.ok(at(17).bar > at(18).bar && at(18).bar > 0, 'bars by what stayed');
    assert.equal(at(24).bar, 0, 'a text that did not stay');
    await page
      .locator('.codelens-decoration', { hasText: /MiB kept/ })
      .first()
      .waitFor();
    await screenshot(window, 'memory annotations');
  });

  it('the panel shows the same as a table with bars: it sorts, and a click goes to the line', async () => {
    await command(page, 'Lineprof: Show Table');
    await panel.grid.waitFor();
    await panel.sort('Increment');
    const rows = await untilTrue(
      page,
      () => panel.cells('line'),
      (seen) => seen[0] === '17',
    );
    assert.equal(rows[1], '18');
    const bars = (await panel.evaluate(
      "[...document.querySelectorAll('tr[data-key] td.c-increment .bar i')].map((bar) => bar.getBoundingClientRect().width)",
    )) as number[];
    assert.ok(bars[0]! > bars[1]! && bars[1]! > 0, String(bars.slice(0, 3)));
    await screenshot(window, 'memory table');
    await panel.frame.locator('tr[data-key]', { hasText: 'JSON.stringify' }).click();
    await page.locator('.statusbar', { hasText: 'Ln 24, ' }).waitFor();
    await panel.frame.getByRole('tab', { name: 'Functions' }).click();
    assert.deepEqual(await panel.cells('name'), ['benchmarkMemory']);
    await panel.frame.getByRole('tab', { name: 'Lines' }).click();
  });

  it('stands beside the times of the same function, and the panel leads from one to the other', async () => {
    await page.locator('.view-line', { hasText: 'function benchmarkMemory' }).first().click();
    await command(page, 'Lineprof: Profile This Function');
    const lines = await untilColumns(16, /Time \S+ +Incr MiB/);
    const [, increment] = lines
      .find(({ number }) => number === 18)!
      .columns.trim()
      .split(/ +/);
    assert.ok(
      Math.abs(Number(increment ?? lines.find(({ number }) => number === 18)!.columns) - 1.144) < 0.05,
    );
    await page.locator('.statusbar-item', { hasText: 'Profiling' }).waitFor({ state: 'detached' });
    await screenshot(window, 'memory beside time');
    await panel.frame.getByRole('button', { name: 'Memory', exact: true }).click();
    await panel.frame.getByRole('columnheader', { name: 'Increment' }).waitFor();
    await untilColumns(16, /Mem MiB +Incr MiB/);
    await panel.frame.getByRole('button', { name: 'Time', exact: true }).click();
    await panel.frame.getByRole('columnheader', { name: '% Time' }).waitFor();
    await panel.frame.getByRole('button', { name: 'Memory', exact: true }).click();
  });

  it('the link of the hover reads it again', async () => {
    await untilColumns(16, /Mem MiB/);
    await page
      .locator('.view-line', { hasText: 'new Float64Array(COUNT * 3)' })
      .first()
      .hover({ position: { x: 330, y: 8 } });
    const link = page.locator('.monaco-hover a', { hasText: 'Profile its memory again' });
    await link.waitFor();
    await screenshot(window, 'memory hover');
    await link.click();
    await page.locator('.notification-toast', { hasText: 'Profiling memory of benchmarkMemory' }).waitFor();
    await page
      .locator('.notification-toast', { hasText: 'Profiling memory of' })
      .waitFor({ state: 'detached' });
  });

  it('lists what stayed by constructor and draws memory over time, where a profile has them', async () => {
    const file = join(window.workspace, 'memory.profile.json');
    await command(page, 'Lineprof: Save Profile');
    const input = page.locator('.quick-input-widget input[type=text]');
    // The dialog puts in a name of its own when it is there: what was written before is gone then.
    await untilTrue(
      page,
      () => input.inputValue(),
      (value) => value.endsWith('profile.json'),
    );
    await input.fill(file);
    await page.keyboard.press('Enter');
    await untilTrue(
      page,
      async () => readProfile(file),
      (profile) => profile !== null,
    );
    writeFileSync(file, JSON.stringify(withObjectsAndTimeline(readProfile(file)!)));
    await command(page, 'Lineprof: Open Profile');
    await page.locator('.quick-input-list .monaco-list-row', { hasText: 'memory.profile.json' }).waitFor();
    await input.fill(file);
    await page.keyboard.press('Enter');
    const objects = panel.frame.locator('.objects');
    await objects.getByText('Particle', { exact: true }).waitFor();
    assert.match(await objects.innerText(), /\+50,000/);
    await panel.frame.locator('tr[data-key="2"]').hover();
    const marked = panel.frame.locator('.plot rect.line');
    await marked.nth(1).waitFor({ state: 'attached' });
    await panel.frame.locator('.plot .now', { hasText: 'line 18: 900 ms to 1.50 s' }).waitFor();
    // By keys it is the selection that is marked, wherever the mouse was left.
    await panel.frame.locator('tr[data-key="1"]').click();
    await page.keyboard.press('ArrowDown');
    await panel.frame.locator('.plot .now', { hasNotText: 'line 17' }).waitFor();
    await page.keyboard.press('ArrowUp');
    await panel.frame.locator('.plot .now', { hasText: 'line 17: 300 ms to 700 ms' }).waitFor();
    await setTheme(window, 'Light Modern');
    await screenshot(window, 'memory side light');
    await setTheme(window, 'Dark Modern');
    await screenshot(window, 'memory side dark');
  });

  it('two memory runs are compared from the Runs view: differences beside the lines, in the panel and the hover', async () => {
    await page.locator('.activitybar .action-label[aria-label^="Line Profiler"]').first().click();
    const rows = page.locator('.pane-body .monaco-list-row');
    // The newest is first, and between the two there is the run of times.
    await rows.nth(2).waitFor();
    await rows.nth(0).click();
    await rows.nth(2).click({ modifiers: ['Control'] });
    const entry = page.locator('.monaco-menu .action-label', { hasText: /^Compare with…$/ });
    await untilThere(page, entry, () => rows.nth(2).click({ button: 'right' }));
    await chooseEntry(page, entry);
    const lines = await untilColumns(16, /Δ Mem +Δ Incr +Δ Alloc +Δ Occurs/);
    const particles = lines
      .find(({ number }) => number === 17)!
      .columns.trim()
      .split(/ +/);
    assert.equal(particles.length, 4, particles.join(' '));
    assert.match(particles[1]!, /^(≈[+−]?[\d.]+|0)$/, 'the same program keeps as much, within the limits');
    await panel.frame.getByRole('columnheader', { name: 'Δ Increment' }).waitFor();
    assert.match(await panel.frame.locator('.summary').innerText(), /keeps as much as before/);
    await panel.frame.locator('.objects.compared').waitFor();
    assert.equal(await panel.frame.locator('.plot').count(), 2, 'memory over time before and after');
    await screenshot(window, 'memory compared');
    await panel.frame.getByRole('button', { name: 'Stop Comparing' }).click();
    await panel.frame.getByRole('columnheader', { name: 'Occurrences' }).waitFor();
  });

  async function untilColumns(line: number, titles: RegExp) {
    return untilTrue(
      page,
      () => drawnLines(page),
      (lines) => lines.some(({ number, columns }) => number === line && titles.test(columns)),
    );
  }
});

/** Null: not there yet, or half of it. */
function readProfile(file: string): Profile | null {
  try {
    return JSON.parse(readFileSync(file, 'utf8'));
  } catch {
    return null;
  }
}
