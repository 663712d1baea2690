/** A text as it was loaded, and where something was put into it: [offset, inserted length], ascending. */
export interface EditedSource {
  readonly original: string;
  readonly insertions: readonly (readonly [number, number])[];
}

/** In every text that Lineprof puts into a program. */
const MARK = '__lineprof_';

/**
 * Makes `toString` of functions and classes give the source as it was loaded: programs print it, compare it, and
 * send it to other places to be run there.
 * @param sources the texts that were changed until now
 */
export function keepSources(sources: () => readonly EditedSource[]): void {
  const known = new Map<string, string>();
  const original = Function.prototype.toString;
  const replaced = new Proxy(original, {
    apply(target, self: unknown, args) {
      const text = Reflect.apply(target, self === replaced ? original : self, args) as string;
      if (!text.includes(MARK)) return text;
      let source = known.get(text);
      if (source === undefined) {
        source = sourceOf(text, sources());
        if (source === undefined) return text;
        known.set(text, source);
      }
      return source;
    },
  });
  try {
    Object.defineProperty(Function.prototype, 'toString', {
      value: replaced,
      writable: true,
      configurable: true,
    });
  } catch {
    // Frozen (`--frozen-intrinsics`): nothing can be put in its place.
  }
}

/** The part of a loaded text that a function's text was made from. */
export function sourceOf(text: string, sources: readonly EditedSource[]): string | undefined {
  // Up to a body nothing is inserted but in parameters, which hold a brace or an arrow before it.
  const prefix = /^[^{>]*(?:\{|=>?|>)?/.exec(text)![0].replace(/[{=>]+$/, '');
  for (const { original, insertions } of sources) {
    for (let at = original.indexOf(prefix); at >= 0; at = original.indexOf(prefix, at + 1)) {
      const end = alignedEnd(text, original, at, insertions);
      if (end !== null) return original.slice(at, end);
    }
  }
  return undefined;
}

/** Where the original ends that, from `start` on and with the insertions in it, is `text`; null: it is not. */
function alignedEnd(
  text: string,
  original: string,
  start: number,
  insertions: EditedSource['insertions'],
): number | null {
  let from = start;
  let read = 0;
  for (const [offset, length] of insertions) {
    if (offset <= start) continue;
    const plain = offset - from;
    // The rest has no insertion in it.
    if (read + plain >= text.length) break;
    if (!text.startsWith(original.slice(from, offset), read)) return null;
    // Functions that end together have one insertion there, and each its part of it.
    if (read + plain + length >= text.length) return offset;
    read += plain + length;
    from = offset;
  }
  const rest = text.length - read;
  return text.slice(read) === original.slice(from, from + rest) ? from + rest : null;
}
