/** Insertions in ascending order: [offset in the text as loaded, inserted length]; see `ScriptEdits`. */
export type Insertions = readonly (readonly [number, number])[];

/** Offset in an edited text → offset in the text as loaded; an offset inside an insertion gives the place it was put. */
export function uneditOffset(insertions: Insertions, offset: number): number {
  let inserted = 0;
  for (const [at, length] of insertions) {
    const start = at + inserted;
    if (offset < start) break;
    if (offset < start + length) return at;
    inserted += length;
  }
  return offset - inserted;
}

/** The text as loaded: the edited one without its insertions. */
export function uneditText(insertions: Insertions, text: string): string {
  let out = '';
  let from = 0;
  let inserted = 0;
  for (const [at, length] of insertions) {
    const start = at + inserted;
    out += text.slice(from, start);
    from = start + length;
    inserted += length;
  }
  return out + text.slice(from);
}
