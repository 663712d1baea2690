/** Stands in an inserted text for what is known only when all of the text has been seen. */
export function place(key: string): string {
  return `\u0000${key}\u0000`;
}

// biome-ignore lint/suspicious/noControlCharactersInRegex: no text of a program holds one
const PLACE = /\u0000(\w+)\u0000/g;

/** Texts to be put into a text, gathered in the order of the text: at one offset, first come, first written. */
export interface Edits {
  insert(offset: number, text: string): void;
}

export interface EditedText {
  readonly text: string;
  /** Ascending: [offset in the text before, inserted length], one for each offset. */
  readonly insertions: readonly (readonly [number, number])[];
}

interface Insertion {
  readonly offset: number;
  readonly text: string;
}

/** A list that gathers insertions, and what makes the edited text of them. */
export function gatherEdits(): {
  readonly edits: Edits;
  readonly apply: (text: string, resolve: (key: string) => string) => EditedText;
} {
  const list: Insertion[] = [];
  return {
    edits: { insert: (offset, text) => void list.push({ offset, text }) },
    apply: (text, resolve) => applyInsertions(text, list, resolve),
  };
}

function applyInsertions(
  text: string,
  list: readonly Insertion[],
  resolve: (key: string) => string,
): EditedText {
  // The sort is stable: insertions at one offset keep their order.
  const sorted = [...list].sort((a, b) => a.offset - b.offset);
  const parts: string[] = [];
  const insertions: [number, number][] = [];
  let from = 0;
  for (const { offset, text: template } of sorted) {
    const inserted = template.replace(PLACE, (_, key: string) => resolve(key));
    if (inserted === '') continue;
    const last = insertions.at(-1);
    if (last?.[0] === offset) last[1] += inserted.length;
    else insertions.push([offset, inserted.length]);
    parts.push(text.slice(from, offset), inserted);
    from = offset;
  }
  parts.push(text.slice(from));
  return { text: parts.join(''), insertions };
}
