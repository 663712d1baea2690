import { cpSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Browser, Locator, Page } from 'playwright-core';
import { launchBrowser } from '../editor/browser.ts';
import { QUIET, ROOT } from '../editor/cases.ts';
import { installEditor } from '../editor/install.ts';
import { installVsix, startServer } from '../editor/server.ts';
import { packageOnce } from './package.ts';

/** Folder that screenshots are kept in. */
export const ARTIFACTS = join(ROOT, 'test', 'artifacts');

/** An editor in a browser, with the packaged extension installed as a user would. */
export interface Window {
  readonly page: Page;
  /** The opened folder: a copy. */
  readonly workspace: string;
  close(): Promise<void>;
}

/** Opens a copy of a folder in an editor that has the packaged extension. */
export async function openWindow(
  folder: string,
  settings: Readonly<Record<string, unknown>>,
  prepare: (workspace: string) => void = () => {},
): Promise<Window> {
  const log = () => {};
  const editor = installEditor(log);
  const home = mkdtempSync(join(tmpdir(), 'lineprof-window-'));
  const workspace = join(home, 'workspace');
  cpSync(folder, workspace, { recursive: true });
  prepare(workspace);
  mkdirSync(ARTIFACTS, { recursive: true });
  await installVsix(editor, home, packageOnce());
  const server = await startServer(editor, {
    home,
    settings: { ...QUIET, ...settings },
    env: {},
    automation: false,
  });
  let browser: Browser | undefined;
  const close = async () => {
    await browser?.close();
    await server.stop();
    rmSync(home, { recursive: true, force: true, maxRetries: 5, retryDelay: 200 });
  };
  try {
    browser = await launchBrowser(log);
    const page = await browser.newPage({ viewport: { width: 1400, height: 1000 } });
    // A machine that does other work as well: nothing waits for longer than it must.
    page.setDefaultTimeout(90_000);
    await page.goto(server.url(workspace));
    await page.locator('.monaco-workbench .statusbar').waitFor();
    return { page, workspace, close };
  } catch (error) {
    await close();
    throw error;
  }
}

/** Keeps a picture of the window among the test artifacts. */
export async function screenshot({ page }: Window, name: string): Promise<void> {
  await page.screenshot({ path: join(ARTIFACTS, `${name.replaceAll(' ', '-').toLowerCase()}.png`) });
}

/** Chooses a color theme by its name, by keyboard alone. */
export async function setTheme({ page }: Window, theme: keyof typeof THEME_CLASSES): Promise<void> {
  await command(page, 'Preferences: Color Theme');
  const input = page.locator('.quick-input-widget input[placeholder*="Color Theme"]');
  await input.waitFor();
  await input.fill(theme);
  await page.locator('.quick-input-list .monaco-list-row.focused', { hasText: theme }).waitFor();
  await page.keyboard.press('Enter');
  await page.locator(`.monaco-workbench.${THEME_CLASSES[theme]}`).waitFor();
}

/** Class of the workbench in each theme of the tests. */
const THEME_CLASSES = {
  'Dark Modern': 'vs-dark',
  'Light Modern': 'vs',
  'Dark High Contrast': 'hc-black',
  'Light High Contrast': 'hc-light',
} as const;

/**
 * How long an attempt may take (ms): a window that is still starting does not hear the first keys, and a slow
 * machine would be interrupted each time before it answers if all attempts were as short.
 */
function patience(tries: number): number {
  return 3000 * 1.5 ** Math.min(tries, 6);
}

/** Asks for a menu or list (`open`) until it has an entry: a window that is still starting lacks some. */
export async function untilThere(page: Page, entry: Locator, open: () => Promise<unknown>): Promise<void> {
  for (let tries = 0; ; tries++) {
    await open();
    try {
      await entry.waitFor({ timeout: patience(tries) });
      return;
    } catch (error) {
      if (tries === 11) throw error;
      await page.keyboard.press('Escape');
    }
  }
}

/**
 * Clicks an entry of the menu that is up until the menu is gone: one that has just come up takes no click, so that
 * the one that opened it is not taken twice.
 */
export async function chooseEntry(page: Page, entry: Locator): Promise<void> {
  for (let tries = 0; tries < 20; tries++) {
    // The menu may go between a look and a click.
    await entry.click({ timeout: 1000 }).catch(() => {});
    try {
      await entry.waitFor({ state: 'detached', timeout: 500 });
      return;
    } catch {
      await page.waitForTimeout(100);
    }
  }
  throw new Error('the menu takes no click');
}

/** Runs a command of the palette by its title, by keyboard alone. */
export async function command(page: Page, title: string): Promise<void> {
  const input = page.locator('.quick-input-widget input[type=text]');
  const row = page.locator('.quick-input-list .monaco-list-row', { hasText: title }).first();
  const focused = page.locator('.quick-input-list .monaco-list-row.focused', { hasText: title });
  // The palette knows an extension's commands as soon as the extension host has started, not before.
  for (let tries = 0; ; tries++) {
    // A window that still moves its focus closes the palette again.
    try {
      await page.keyboard.press('F1');
      await input.waitFor({ timeout: patience(tries) });
      await input.fill(`>${title}`, { timeout: patience(tries) });
      await row.waitFor({ timeout: patience(tries) });
      for (let down = 0; (await focused.count()) === 0 && down < 20; down++) await input.press('ArrowDown');
      // In the palette's own input, so that no key lands elsewhere when it has just been closed.
      await input.press('Enter', { timeout: patience(tries) });
      return;
    } catch (error) {
      if (tries === 9) throw error;
      await page.keyboard.press('Escape');
    }
  }
}

/** Opens a file of the workspace by its name. */
export async function openFile(page: Page, name: string): Promise<void> {
  const input = page.locator('.quick-input-widget input[type=text]');
  const row = page.locator('.quick-input-list .monaco-list-row', { hasText: name }).first();
  // A window that is still starting does not hear its keys.
  for (let tries = 0; ; tries++) {
    try {
      await page.keyboard.press('Control+P');
      await input.waitFor({ timeout: patience(tries) });
      await input.fill(name);
      await row.waitFor({ timeout: patience(tries) });
      break;
    } catch (error) {
      if (tries === 9) throw error;
      await page.keyboard.press('Escape');
    }
  }
  await page.keyboard.press('Enter');
  await page.locator('.tab.active', { hasText: name }).waitFor();
}
