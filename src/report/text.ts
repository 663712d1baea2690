import stringWidth from 'string-width';

const TAB = 4;
// biome-ignore lint/suspicious/noControlCharactersInRegex: these are what must not reach a terminal
const CONTROL = /[\u0000-\u001f\u007f-\u009f\u202a-\u202e\u2066-\u2069]/g;
const PLAIN = /^[ -~]*$/;

/**
 * Text from elsewhere (source lines, paths, names) made safe for one line of a terminal: tabs become spaces,
 * control and direction-changing characters become visible signs.
 */
export function cleanText(text: string): string {
  if (PLAIN.test(text)) return text;
  return expandTabs(text).replace(CONTROL, (character) => {
    const code = character.charCodeAt(0);
    if (code < 0x20) return String.fromCharCode(0x2400 + code);
    return code === 0x7f ? '\u2421' : '\ufffd';
  });
}

function expandTabs(text: string): string {
  if (!text.includes('\t')) return text;
  let out = '';
  for (const part of text.split(/(\t)/)) {
    out += part === '\t' ? ' '.repeat(TAB - (out.length % TAB)) : part;
  }
  return out;
}

/** The columns that text takes on a terminal; wide characters take two. */
export function displayWidth(text: string): number {
  return PLAIN.test(text) ? text.length : stringWidth(text);
}

/** Text cut to at most `width` columns, with `…` as its last where something was cut. */
export function cutToWidth(text: string, width: number): string {
  // No character is narrower than a column but joined ones are longer than a unit: a generous first cut.
  const head = text.length > width * 16 + 64 ? text.slice(0, width * 16 + 64) : text;
  if (displayWidth(head) <= width && head === text) return text;
  let out = '';
  let used = 0;
  for (const { segment } of new Intl.Segmenter().segment(head)) {
    used += displayWidth(segment);
    if (used > width - 1) break;
    out += segment;
  }
  return `${out}…`;
}

/** Pads on the left to `width` columns. */
export function padLeft(text: string, width: number): string {
  return ' '.repeat(Math.max(0, width - displayWidth(text))) + text;
}
