import { join } from 'node:path';
import { ROOT } from '../editor/cases.ts';
import { command, openWindow, screenshot, setTheme, untilThere, type Window } from '../support/window.ts';

describe('the walkthrough, by mouse', () => {
  let window: Window;

  before(async () => {
    window = await openWindow(join(ROOT, 'test', 'vscode', 'cases', 'example', 'workspace'), {});
  });
  afterEach(async function () {
    if (this.currentTest?.state === 'failed') await screenshot(window, 'failed');
  });
  after(() => window?.close());

  it('shows its steps, each with its picture or text', async () => {
    const { page } = window;
    const row = page.locator('.quick-input-list .monaco-list-row', { hasText: 'Get Started with Lineprof' });
    await untilThere(page, row.first(), () => command(page, 'Welcome: Open Walkthrough'));
    await row.first().click();
    const step = (title: string) => page.locator('.getting-started-step', { hasText: title });
    await step('Open the example').waitFor();
    await screenshot(window, 'walkthrough open');
    for (const title of [
      'Profile a function',
      'Look at a line',
      'Change what is slow',
      'See whether it helped',
    ]) {
      await step(title).click();
      await page.locator('.getting-started-step.expanded', { hasText: title }).waitFor();
      await page.waitForTimeout(400);
      await screenshot(window, `walkthrough ${title}`);
    }
    await setTheme(window, 'Dark Modern');
    await step('Look at a line').click();
    await page.waitForTimeout(400);
    await screenshot(window, 'walkthrough dark');
  });
});
