import assert from 'node:assert/strict';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { copyText } from '../../../src/report/copy.ts';
import { ROOT } from '../editor/cases.ts';
import { contrast } from '../support/contrast.ts';
import { type PanelPage, panelPage, untilTrue } from '../support/panel.ts';
import { functionProfile, profileOf, simulatorProfile } from '../support/profile.ts';
import { command, openWindow, screenshot, setTheme, type Window } from '../support/window.ts';

describe('the table of lines and functions, by mouse and keyboard', () => {
  const folder = join(ROOT, 'test', 'vscode', 'cases', 'open-profile', 'workspace');
  const violations: string[] = [];
  let window: Window;
  let page: Page;
  let panel: PanelPage;

  before(async () => {
    window = await openWindow(folder, {}, (workspace) => {
      const text = readFileSync(join(workspace, 'src', 'simulator.ts'), 'utf8');
      const write = (name: string, profile: unknown) =>
        writeFileSync(join(workspace, name), JSON.stringify(profile));
      write('result.json', simulatorProfile(workspace, text));
      const place = { name: 'ParticleSimulator.evolve', file: 'src/simulator.ts', line: 26, endLine: 44 };
      const short = functionProfile(place, text, 12, 1, { 32: { hits: 9, samples: 12 } });
      write('short.json', profileOf(workspace, [short]));
      const body = Array.from({ length: 10_000 }, (_, k) => `  step(${k});`);
      const long = ['export function large() {', ...body, '}'].join('\n');
      writeFileSync(join(workspace, 'large.ts'), long);
      const numbers = Object.fromEntries(body.map((_, k) => [k + 2, { hits: k + 1, samples: k % 400 }]));
      const all = { name: 'large', file: 'large.ts', line: 1, endLine: 10_002 };
      write('large.json', profileOf(workspace, [functionProfile(all, long, 500, 1, numbers)]));
    });
    ({ page } = window);
    page.on('console', (message) => {
      if (/Content Security Policy directive 'style-src [^']*'self' https/.test(message.text()))
        violations.push(message.text());
    });
    await page.context().grantPermissions(['clipboard-read', 'clipboard-write']);
    panel = panelPage(page);
  });
  afterEach(async function () {
    if (this.currentTest?.state === 'failed') await screenshot(window, 'failed');
  });
  after(() => window?.close());

  it('says what to do without a profile, and does it', async () => {
    await command(page, 'Lineprof: Show Table');
    await panel.frame.getByText('No profile yet').waitFor();
    await screenshot(window, 'table empty');
    await panel.frame.getByRole('button', { name: 'Open Profile…' }).click();
    await choose('result.json');
    await panel.grid.waitFor();
    assert.deepEqual((await panel.cells('line')).slice(0, 4), ['26', '27', '28', '29']);
    assert.deepEqual((await panel.cells('hits')).slice(0, 5), ['', '1', '', '10,001', '1,010,000']);
    assert.equal((await panel.cells('percent'))[6], '55.0±1.5');
    assert.equal(
      await panel.frame.locator('.summary').innerText(),
      '400 ms · 1 call · 99.0 % of the run · 2,000 samples',
    );
  });

  it('sorts by a click on a column, and by keyboard', async () => {
    await panel.sort('Time ms');
    const header = panel.frame.getByRole('columnheader', { name: 'Time ms' });
    assert.equal(await header.getAttribute('aria-sort'), 'descending');
    assert.deepEqual((await panel.cells('line')).slice(0, 5), ['32', '33', '34', '37', '30']);
    await page.keyboard.press('Enter');
    assert.equal(await header.getAttribute('aria-sort'), 'ascending');
    assert.deepEqual((await panel.cells('line')).slice(0, 3), ['29', '38', '40']);
    await page.keyboard.press('Enter');
    assert.equal(await header.getAttribute('aria-sort'), 'none');
    assert.equal((await panel.cells('line'))[0], '26');
  });

  it('filters while it is typed, and says when nothing matches', async () => {
    await panel.filter('norm');
    await untilTrue(
      page,
      () => panel.cells('line'),
      (lines) => lines.join() === '32,33,34',
    );
    await panel.filter('no such thing');
    await panel.frame.getByText('Nothing here matches “no such thing”.').waitFor();
    await page.keyboard.press('Escape');
    await untilTrue(
      page,
      () => panel.cells('line'),
      (lines) => lines.length > 8,
    );
  });

  it('goes to a line with a click, and keeps the keyboard in the table', async () => {
    await panel.frame.locator('tr', { hasText: 'const vx = ' }).click();
    await at('Ln 33, Col 9');
    assert.equal(await panel.frame.locator('table:focus').count(), 1);
    await page.keyboard.press('ArrowDown');
    await page.keyboard.press('ArrowDown');
    await page.keyboard.press('ArrowUp');
    assert.match(await panel.selected.innerText(), /^34\b/);
    assert.equal(
      await panel.grid.getAttribute('aria-activedescendant'),
      await panel.selected.getAttribute('id'),
    );
    await at('Ln 33, Col 9');
    await page.keyboard.press('Enter');
    await at('Ln 34, Col 9');
    await page.locator('.editor-instance .monaco-editor.focused').waitFor();
    await page.keyboard.press('End');
    await at(/Ln 34, Col [2-9]\d/);
  });

  it('follows the cursor, from function to function, unless told not to', async () => {
    await goToLine(41);
    await untilTrue(
      page,
      () => panel.selected.innerText(),
      (text) => /^41\b/.test(text),
    );
    await goToLine(55);
    await untilTrue(
      page,
      () => panel.frame.locator('select option:checked').innerText(),
      (name) => /evolveFast$/.test(name),
    );
    await untilTrue(
      page,
      () => panel.selected.innerText(),
      (text) => /^55\b/.test(text),
    );
    assert.match(await panel.selected.innerText(), /never/);
    await panel.frame.getByRole('switch', { name: 'Follow the cursor' }).click();
    await goToLine(32);
    await page.waitForTimeout(500);
    assert.match(await panel.selected.innerText(), /^55\b/);
    await panel.frame.getByRole('switch', { name: 'Follow the cursor' }).click();
    await untilTrue(
      page,
      () => panel.selected.innerText(),
      (text) => /^32\b/.test(text),
    );
    const box = (await panel.selected.boundingBox())!;
    const frame = (await panel.frame.locator('.scroller').boundingBox())!;
    assert.ok(box.y >= frame.y && box.y + box.height <= frame.y + frame.height, 'the row is in sight');
  });

  it('copies the table in the form that is asked for', async () => {
    const { workspace } = window;
    const profile = simulatorProfile(workspace, readFileSync(join(workspace, 'src', 'simulator.ts'), 'utf8'));
    for (const [label, format] of [
      ['Text', 'text'],
      ['Markdown', 'markdown'],
      ['CSV', 'csv'],
    ] as const) {
      await panel.frame.getByRole('button', { name: 'Copy the table' }).click();
      await page.locator('.quick-input-list .monaco-list-row', { hasText: label }).first().click();
      const wanted = copyText(profile, 0, format);
      await untilTrue(page, clipboard, (text) => text === wanted);
    }
  });

  it('says which lines were changed, and takes it back', async () => {
    await goToLine(33);
    await page.keyboard.press('End');
    await page.keyboard.type(' // changed');
    await panel.frame.getByText('1 line was changed since it was measured.').waitFor();
    assert.equal(await panel.frame.locator('tr.stale').count(), 1);
    await screenshot(window, 'table stale');
    await page.keyboard.press('Control+Home');
    await page.keyboard.press('Enter');
    await untilTrue(
      page,
      () => panel.cells('line'),
      (lines) => lines[0] === '27',
    );
    for (let undo = 0; undo < 4 && (await panel.frame.locator('.notice').count()) > 0; undo++) {
      await page.keyboard.press('Control+Z');
      await page.waitForTimeout(500);
    }
    await untilTrue(
      page,
      () => panel.frame.locator('.notice').count(),
      (notices) => notices === 0,
    );
    assert.equal((await panel.cells('line'))[0], '26');
  });

  it('keeps what was chosen while it is hidden', async () => {
    await panel.sort('Hits');
    await panel.filter('particle');
    const lines = await untilTrue(
      page,
      () => panel.cells('line'),
      (seen) => seen.length > 2 && seen.length < 9,
    );
    await command(page, 'Output: Focus on Output View');
    await page.locator('iframe.webview').waitFor({ state: 'hidden' });
    await command(page, 'Lineprof: Show Table');
    await panel.grid.waitFor();
    assert.deepEqual(await panel.cells('line'), lines);
    await panel.filter('');
    await panel.sort('Hits');
    await panel.sort('Hits');
  });

  it('shows the functions of the run, and goes from one to its lines', async () => {
    await panel.frame.getByRole('tab', { name: 'Functions' }).click();
    assert.deepEqual(await panel.cells('name'), ['ParticleSimulator.evolve', 'ParticleSimulator.evolveFast']);
    await screenshot(window, 'table functions');
    await panel.frame.locator('tr', { hasText: 'evolveFast' }).click();
    await at('Ln 47, Col 3');
    await page.keyboard.press('ArrowUp');
    await page.keyboard.press('Enter');
    await at('Ln 26, Col 3');
    await panel.frame.getByRole('tab', { name: 'Lines', selected: true }).waitFor();
    await untilTrue(
      page,
      () => panel.cells('line'),
      (lines) => lines[0] === '26',
    );
  });

  it('tells the facts about the run', async () => {
    await panel.frame.getByRole('switch', { name: 'Facts about the run' }).click();
    const facts = panel.frame.locator('.details');
    await facts.getByText('real 444 ms, user 404 ms, sys 10.0 ms').waitFor();
    await screenshot(window, 'table facts');
    await panel.frame.getByRole('switch', { name: 'Facts about the run' }).click();
    await facts.waitFor({ state: 'detached' });
  });

  for (const theme of ['Light Modern', 'Dark High Contrast', 'Light High Contrast', 'Dark Modern'] as const) {
    it(`is readable in ${theme}`, async () => {
      await setTheme(window, theme);
      await page.waitForTimeout(700);
      await screenshot(window, `table ${theme}`);
      const cells = (await panel.evaluate(`[...document.querySelectorAll('tbody td')].map((cell) => ({
        text: cell.innerText,
        color: getComputedStyle(cell).color,
        background: getComputedStyle(document.querySelector('th')).backgroundColor,
      }))`)) as { text: string; color: string; background: string }[];
      for (const { text, color, background } of cells.filter((cell) => cell.text.trim() !== '')) {
        const ratio = contrast(color, background);
        // The editor's own line numbers are paler than that in some themes.
        assert.ok(ratio >= (/^\d\d$/.test(text) ? 3 : 4.5), `${text}: ${color} on ${background} is ${ratio}`);
      }
    });
  }

  it('is of use at 300 pixels', async () => {
    await command(page, 'View: Toggle Primary Side Bar Visibility');
    await page.setViewportSize({ width: 366, height: 900 });
    await untilTrue(
      page,
      async () => (await panel.frame.locator('.scroller').boundingBox())?.width ?? 0,
      (width) => width > 200 && width <= 310,
    );
    const overflow = await panel.evaluate(
      `(() => { const one = document.querySelector('.scroller'); return one.scrollWidth - one.clientWidth; })()`,
    );
    assert.equal(overflow, 0);
    assert.ok(await panel.frame.locator('td.c-percent').first().isVisible());
    assert.ok((await panel.frame.locator('td.c-code').first().boundingBox())!.width > 130);
    await screenshot(window, 'table 300 px');
    await page.setViewportSize({ width: 1400, height: 1000 });
    await command(page, 'View: Toggle Primary Side Bar Visibility');
  });

  it('warns of a run that was too short', async () => {
    await command(page, 'Lineprof: Open Profile');
    await choose('short.json');
    await panel.frame
      .getByText('Too short to trust: only 12 samples fell into ParticleSimulator.evolve.')
      .waitFor();
    await panel.frame.getByRole('button', { name: 'Run Another Way…' }).waitFor();
    await screenshot(window, 'table too short');
  });

  it('draws of 10,000 lines those in sight, and goes to the last one', async () => {
    await command(page, 'Lineprof: Open Profile');
    await choose('large.json');
    await untilTrue(
      page,
      () => panel.grid.getAttribute('aria-rowcount'),
      (rows) => rows === '10003',
    );
    // The table follows the cursor into the file that was opened; then it is sorted.
    await untilTrue(
      page,
      () => panel.selected.innerText(),
      (text) => /^1\b/.test(text),
    );
    await panel.frame.locator('.scroller').evaluate((scroller) => scroller.scrollTo(0, 5000));
    await panel.sort('Hits');
    assert.equal((await panel.cells('hits'))[0], '10,000');
    await panel.sort('Hits');
    await panel.sort('Hits');
    await panel.frame.locator('tbody td').first().click();
    await page.keyboard.press('End');
    await untilTrue(
      page,
      () => panel.selected.innerText(),
      (text) => /^10002\b/.test(text),
    );
    assert.ok((await panel.frame.locator('tbody tr').count()) < 120);
    await page.keyboard.press('ArrowUp');
    await page.keyboard.press('Enter');
    await at('Ln 10001, Col 3');
  });

  it('never asked for a style that its policy forbids', () => {
    assert.deepEqual(violations, []);
  });

  async function choose(name: string): Promise<void> {
    await page.locator('.quick-input-list .monaco-list-row', { hasText: name }).waitFor();
    await page.locator('.quick-input-widget input[type=text]').fill(join(window.workspace, name));
    await page.keyboard.press('Enter');
  }

  async function at(place: string | RegExp): Promise<void> {
    await page.locator('.statusbar', { hasText: place }).waitFor();
  }

  async function goToLine(line: number): Promise<void> {
    await command(page, 'Go to Line/Column...');
    await page.locator('.quick-input-widget input[type=text]').fill(`:${line}`);
    await page.keyboard.press('Enter');
    await at(`Ln ${line}, `);
  }

  function clipboard(): Promise<string> {
    return page.evaluate('navigator.clipboard.readText()');
  }
});
