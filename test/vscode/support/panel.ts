import type { FrameLocator, Locator, Page } from 'playwright-core';

/** The panel's page in a window of the editor, as a reader sees it. */
export interface PanelPage {
  readonly frame: FrameLocator;
  readonly grid: Locator;
  /** The texts of a column's drawn cells, by the column's id. */
  cells(column: string): Promise<string[]>;
  /** The row that is marked. */
  readonly selected: Locator;
  /** Clicks a column's title. */
  sort(title: string): Promise<void>;
  filter(text: string): Promise<void>;
  /** The value of an expression in the page. */
  evaluate(expression: string): Promise<unknown>;
}

/** The panel's page, once it is shown. */
export function panelPage(page: Page): PanelPage {
  const frame = page.frameLocator('iframe.webview').frameLocator('#active-frame');
  const grid = frame.getByRole('grid');
  return {
    frame,
    grid,
    cells: async (column) =>
      (await frame.locator(`td.c-${column}`).allTextContents()).map((text) => text.trim()),
    selected: frame.locator('tr[aria-selected="true"]'),
    sort: (title) => frame.getByRole('columnheader', { name: title }).getByRole('button').click(),
    filter: async (text) => {
      // The editor's own "select all" reaches the page late, and would take what was typed since.
      await frame.locator('.filter input').fill('');
      await frame.locator('.filter').click();
      if (text !== '') await page.keyboard.type(text);
    },
    evaluate: async (expression) => {
      const body = await frame.locator('body').elementHandle();
      return (await body!.ownerFrame())!.evaluate(expression);
    },
  };
}

/** Waits until a condition on the page holds; tells what it saw last when it does not. */
export async function untilTrue<T>(
  page: Page,
  look: () => Promise<T>,
  holds: (seen: T) => boolean,
): Promise<T> {
  for (let tries = 0; ; tries++) {
    const seen = await look();
    if (holds(seen)) return seen;
    if (tries === 300) throw new Error(`not within a minute; seen last: ${JSON.stringify(seen)}`);
    await page.waitForTimeout(200);
  }
}
