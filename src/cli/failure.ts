import { exitCodeOf, ProfileError } from '../model/error.ts';
import { cleanText } from '../report/text.ts';

/** What is told about a failure, and the exit code it leads to. */
export interface Failure {
  /** Ends with a line end. */
  readonly text: string;
  readonly exitCode: 2 | 3;
}

/** One line of why, one of what to do; with `debug` also the stack and what caused it. */
export function failureOf(error: unknown, debug: boolean): Failure {
  const known = error instanceof ProfileError ? error : internal(error);
  const message = known.reason === 'internal' ? `internal error: ${known.message}` : known.message;
  const lines = [`lineprof: ${oneLine(message)}`, `  ${oneLine(known.advice)}`];
  if (debug) lines.push(stackOf(error));
  return { text: `${lines.join('\n')}\n`, exitCode: exitCodeOf(known.reason) };
}

function internal(error: unknown): ProfileError {
  return new ProfileError(
    'internal',
    error instanceof Error ? error.message : String(error),
    'This is a mistake in lineprof: please report it with the command and what LINEPROF_DEBUG=1 adds to this.',
    { cause: error },
  );
}

function oneLine(text: string): string {
  return cleanText(text.replaceAll(/\s*[\r\n]+\s*/g, ' ').trim());
}

function stackOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const stack = error.stack ?? String(error);
  return error.cause === undefined ? stack : `${stack}\nCaused by: ${stackOf(error.cause)}`;
}
