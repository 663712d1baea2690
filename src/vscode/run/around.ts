import type { SourceFile } from '../../model/source.ts';

/** What may stand between a function's comment and its first token, comments aside. */
const BEFORE_FUNCTION =
  /^(?:\s|@[\w.]+(?:\([^()]*\))?|\b(?:export|default|declare|async|static|public|private|protected|readonly|override|accessor)\b)*$/;

/**
 * The index of the function that a user at an offset means: the innermost one with a name of its own around it,
 * or the one whose comment, decorator or modifiers it is in. Null: neither.
 */
export function functionAround(source: SourceFile, text: string, offset: number): number | null {
  let inner: number | null = null;
  source.functions.forEach(({ kind, name, start, end }, index) => {
    const named = kind !== 'module' && !name.endsWith('>');
    if (named && start <= offset && offset <= end) inner = index;
  });
  const line = text.lastIndexOf('\n', offset - 1) + 1;
  const next = source.functions.findIndex(
    ({ kind, name, start }) => kind !== 'module' && !name.endsWith('>') && start >= offset,
  );
  if (next < 0) return inner;
  const between = text.slice(commentStart(text, line), source.functions[next]!.start);
  const bare = between.replace(/\/\*[\s\S]*?\*\//g, '').replace(/\/\/.*/g, '');
  return between.trim() !== '' && BEFORE_FUNCTION.test(bare) ? next : inner;
}

/** Where the block comment begins that a line is inside of, else the line's own start. */
function commentStart(text: string, line: number): number {
  const open = text.lastIndexOf('/*', line);
  return open >= 0 && text.indexOf('*/', open) >= line ? open : line;
}
