// `npm run pictures`: the README's pictures (docs/*.png), of a real run of the examples in the real editor.
import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { ROOT } from './editor/cases.ts';
import { command, openWindow, setTheme, untilThere, type Window } from './support/window.ts';

const window = await openWindow(
  join(ROOT, 'examples'),
  { 'editor.minimap.enabled': false, 'workbench.colorTheme': 'Dark Modern' },
  (workspace) =>
    execFileSync(
      process.execPath,
      [
        ...[join(ROOT, 'dist', 'cli.js'), 'call', '-q', '-i', '100', '--json', 'profile.json'],
        ...['-f', 'ParticleSimulator.evolve', '-f', 'ParticleSimulator.evolveFast'],
        ...['particles/benchmark.ts', '(benchmark(), benchmarkFast())'],
      ],
      { cwd: workspace, stdio: ['ignore', 'ignore', 'inherit'] },
    ),
);
try {
  await open(window, 'profile.json');
  await goTo(window, 52);
  const hot = window.page.locator('.view-line', { hasText: 'particle.x += dx' }).first();
  await untilThere(
    window.page,
    window.page.locator('.monaco-hover-content', { hasText: 'ParticleSimulator.evolve' }),
    async () => {
      await window.page.mouse.move(900, 950);
      await hot.hover({ position: { x: 330, y: 8 } });
    },
  );
  await window.page.waitForTimeout(1000);
  await take(window, 'editor');

  await window.page.keyboard.press('Escape');
  await setTheme(window, 'Light Modern');
  await goTo(window, 1);
  await goTo(window, 38);
  await command(window.page, 'Lineprof: Show Table');
  await window.page.waitForTimeout(3000);
  await take(window, 'table');

  await setTheme(window, 'Dark Modern');
  await command(window.page, 'View: Toggle Panel Visibility');
  await goTo(window, 1000);
  await goTo(window, 52);
  await command(window.page, 'Lineprof: Compare with…');
  const row = window.page.locator('.quick-input-list .monaco-list-row', {
    hasText: 'ParticleSimulator.evolve',
  });
  await row.first().waitFor({ timeout: 20_000 });
  await row.first().click();
  await window.page.locator('.codelens-decoration', { hasText: 'Stop Comparing' }).first().waitFor();
  await window.page.waitForTimeout(1500);
  await take(window, 'compare');
} finally {
  await window.close();
}

/** Opens a saved profile by keyboard. */
async function open({ page, workspace }: Window, name: string): Promise<void> {
  await command(page, 'Lineprof: Open Profile');
  await page.locator('.quick-input-list .monaco-list-row', { hasText: name }).waitFor();
  await page.locator('.quick-input-widget input[type=text]').fill(join(workspace, name));
  await page.keyboard.press('Enter');
  await page
    .locator('.codelens-decoration', { hasText: /samples/ })
    .first()
    .waitFor();
}

/** Puts the cursor on a line by keyboard; one out of sight is brought to the middle. */
async function goTo({ page }: Window, line: number): Promise<void> {
  await page.keyboard.press('Control+g');
  await page.locator('.quick-input-widget input[type=text]').fill(`:${line}`);
  await page.keyboard.press('Enter');
}

async function take({ page }: Window, name: string): Promise<void> {
  await page.screenshot({
    path: join(ROOT, 'docs', `${name}.png`),
    clip: { x: 0, y: 0, width: 1400, height: 1000 },
  });
}
