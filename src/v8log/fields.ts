/**
 * Fields of V8's log, read straight from bytes. V8 writes printable ASCII and escapes everything else
 * (`Log::MessageBuilder::AppendString`): `\x2C` for a comma, `\xHH`, `\uXXXX`, `\n` and `\\`.
 */

const COMMA = 0x2c;

/** Value of each hex digit by its byte; 255 for any other byte. */
const HEX = new Uint8Array(256).fill(255);
for (let i = 0; i < 16; i++) {
  HEX[i.toString(16).charCodeAt(0)] = i;
  HEX[i.toString(16).toUpperCase().charCodeAt(0)] = i;
}

/** Position of the next comma in `bytes` from `from`, or `end` when there is none before it. */
export function fieldEnd(bytes: Uint8Array, from: number, end: number): number {
  let at = from;
  while (at < end && bytes[at] !== COMMA) at++;
  return at;
}

/** An address (`0x…`, up to 53 bits) between `from` and `to`; NaN when it is not one. */
export function hexField(bytes: Uint8Array, from: number, to: number): number {
  if (to - from < 3 || bytes[from] !== 0x30 || bytes[from + 1] !== 0x78 || to - from > 16) return Number.NaN;
  // Two small integers instead of one double: the hot loop stays in integer arithmetic.
  const middle = Math.max(from + 2, to - 6);
  let high = 0;
  let bad = 0;
  for (let at = from + 2; at < middle; at++) {
    const digit = HEX[bytes[at]!]!;
    bad |= digit;
    high = high * 16 + digit;
  }
  let low = 0;
  for (let at = middle; at < to; at++) {
    const digit = HEX[bytes[at]!]!;
    bad |= digit;
    low = (low << 4) | digit;
  }
  return bad > 15 ? Number.NaN : high * 0x1000000 + low;
}

/** A decimal integer between `from` and `to`, with an optional minus sign; NaN when it is not one. */
export function decimalField(bytes: Uint8Array, from: number, to: number): number {
  const negative = bytes[from] === 0x2d;
  let at = negative ? from + 1 : from;
  if (at >= to) return Number.NaN;
  let value = 0;
  for (; at < to; at++) {
    const digit = bytes[at]! - 0x30;
    if (digit < 0 || digit > 9) return Number.NaN;
    value = value * 10 + digit;
  }
  return negative ? -value : value;
}

/** A field's text with V8's escapes undone. */
export function textField(bytes: Buffer, from: number, to: number): string {
  return unescapeText(bytes.toString('latin1', from, to));
}

/** Undoes V8's escapes; an escape cut short stays as it is. */
export function unescapeText(text: string): string {
  if (!text.includes('\\')) return text;
  return text.replace(
    /\\(?:x([0-9a-fA-F]{2})|u([0-9a-fA-F]{4})|n|\\)/g,
    (whole, two: string | undefined, four: string | undefined) => {
      const code = two ?? four;
      if (code !== undefined) return String.fromCharCode(Number.parseInt(code, 16));
      return whole === '\\n' ? '\n' : '\\';
    },
  );
}
