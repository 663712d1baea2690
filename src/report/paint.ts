import picocolors from 'picocolors';
import type { HeatStep } from './heat.ts';

type Style = (text: string) => string;

/** The styles of a table; without colour each leaves its text as it is. */
export interface Paint {
  readonly title: Style;
  readonly dim: Style;
  readonly warn: Style;
  readonly heat: readonly [Style, Style, Style, Style, Style, Style];
}

/** Styles for a terminal, or for plain text. */
export function makePaint(color: boolean): Paint {
  const { bold, dim, red, redBright, yellow, yellowBright } = picocolors.createColors(color);
  const plain: Style = (text) => text;
  return {
    title: bold,
    dim,
    warn: yellow,
    heat: [dim, plain, yellow, yellowBright, red, (text) => bold(redBright(text))],
  };
}

/** Text in the style of a heat step. */
export function paintHeat(paint: Paint, step: HeatStep, text: string): string {
  return text.trim() === '' ? text : paint.heat[step](text);
}
