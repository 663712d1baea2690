import type { Page } from 'playwright-core';

/** A line of the editor as it is drawn. */
export interface DrawnLine {
  readonly number: number;
  /** The text of the columns before the code; empty where there are none. */
  readonly columns: string;
  /** Colors as the browser has them: of the columns, of the heat bar (empty without one), of what is behind. */
  readonly columnsColor: string;
  readonly barColor: string;
  /** Width of the heat bar in pixels; 0 without one. */
  readonly bar: number;
  /** Left edges of the row, of the columns' end and of the code's first character, in pixels. */
  readonly left: number;
  readonly code: number | null;
  readonly text: string;
}

/** The visible lines of the active editor, read from the DOM, top to bottom. */
export async function drawnLines(page: Page): Promise<DrawnLine[]> {
  return (await page.evaluate(SCRIPT)) as DrawnLine[];
}

/** JavaScript for the page: this project's types know no DOM. */
const SCRIPT = String.raw`
(() => {
  const editor = document.querySelector('.editor-group-container.active .editor-instance');
  const numbers = new Map(
    [...editor.querySelectorAll('.margin-view-overlays > div')].map((row) => [
      row.style.top,
      Number(row.querySelector('.line-numbers')?.textContent),
    ]),
  );
  const rows = [...editor.querySelectorAll('.view-lines > .view-line')].map((row) => {
    const spans = [...row.querySelectorAll('span > span')];
    const attachments = spans.flatMap((span) => {
      const style = getComputedStyle(span, '::before');
      return style.content === 'none' || style.content === 'normal' ? [] : [style];
    });
    const words = attachments.find((style) => style.backgroundColor === 'rgba(0, 0, 0, 0)');
    const bar = attachments.find((style) => style.backgroundColor !== 'rgba(0, 0, 0, 0)');
    const walker = document.createTreeWalker(row, NodeFilter.SHOW_TEXT);
    let code = null;
    for (let node = walker.nextNode(); node && code === null; node = walker.nextNode()) {
      const at = node.data.search(/[^\s ​]/);
      if (at < 0) continue;
      const range = document.createRange();
      range.setStart(node, at);
      range.setEnd(node, at + 1);
      code = range.getBoundingClientRect().left;
    }
    return {
      number: numbers.get(row.style.top),
      columns: words ? words.content.slice(1, -1).replaceAll(' ', ' ') : '',
      columnsColor: words ? words.color : '',
      barColor: bar ? bar.backgroundColor : '',
      bar: bar ? parseFloat(bar.width) : 0,
      left: row.getBoundingClientRect().left,
      code,
      text: row.textContent.replaceAll(' ', ' '),
    };
  });
  return rows.sort((a, b) => a.number - b.number);
})()`;
