import { type ParserOptions, type ParserPlugin, parse } from '@babel/parser';
import type * as t from '@babel/types';
import { ProfileError } from '../model/error.ts';

/** A node of @babel/parser's tree; `start` and `end` are UTF-16 offsets into the text. */
export type Node = t.Node;

/**
 * Parses JavaScript, JSX, TypeScript or TSX, told apart by the file's extension; everything else is read as
 * JavaScript with JSX. Decorators may be standard or legacy (parameter decorators, `@dec export class`).
 * @throws ProfileError `syntax-error` with `file:line:column: reason` (line and column 1-based)
 */
export function parseAst(text: string, fileName: string): t.File {
  const options = optionsFor(fileName, 'decorators-legacy');
  try {
    return parse(text, options);
  } catch (error) {
    // Only the standard proposal knows `export @dec class` and `@(expression)`.
    if (text.includes('@')) {
      try {
        return parse(text, optionsFor(fileName, 'decorators'));
      } catch {
        // The first refusal is the one to tell.
      }
    }
    throw syntaxError(error, fileName);
  }
}

function optionsFor(fileName: string, decorators: 'decorators' | 'decorators-legacy'): ParserOptions {
  const extension = /\.([cm]?)([jt])s(x?)$/i.exec(fileName);
  const typescript = extension?.[2]?.toLowerCase() === 't';
  const plugins: ParserPlugin[] = [decorators, 'decoratorAutoAccessors', 'explicitResourceManagement'];
  if (typescript) plugins.push('typescript');
  if (!typescript || extension?.[3] !== '') plugins.push('jsx');
  return {
    // A .cts or .cjs may hold `import` that a transpiler turns into `require`.
    sourceType: extension?.[1]?.toLowerCase() === 'm' ? 'module' : 'unambiguous',
    plugins,
    allowReturnOutsideFunction: true,
    allowNewTargetOutsideFunction: true,
    allowSuperOutsideMethod: true,
    allowUndeclaredExports: true,
    attachComment: false,
  };
}

function syntaxError(error: unknown, fileName: string): ProfileError {
  if (error instanceof RangeError) {
    const message = `${fileName}: its expressions are nested too deeply to be read`;
    return new ProfileError('syntax-error', message, 'Profile it without naming functions of it.', {
      cause: error,
    });
  }
  const { message, loc } = error as { message: string; loc?: { line: number; column: number } };
  const reason = message.replace(/ \(\d+:\d+\)$/, '');
  const place = loc === undefined ? fileName : `${fileName}:${loc.line}:${loc.column + 1}`;
  return new ProfileError('syntax-error', `${place}: ${reason}`, 'Correct the file, then profile it again.', {
    cause: error,
  });
}
