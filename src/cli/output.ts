import { ProfileError } from '../model/error.ts';
import type { OutputChoice } from './command.ts';

/** The parts of a standard stream that the command line uses. */
export interface Output {
  readonly isTTY?: boolean;
  readonly columns?: number;
  write(text: string, done: (error?: Error | null) => void): unknown;
}

/** Whether to colour: as asked, else NO_COLOR and FORCE_COLOR, else whether it is a terminal. */
export function wantsColor(
  choice: Pick<OutputChoice, 'color'>,
  out: Output,
  env: Readonly<Record<string, string | undefined>>,
): boolean {
  if (choice.color !== null) return choice.color;
  if (env['NO_COLOR']) return false;
  if (env['FORCE_COLOR'] !== undefined) return env['FORCE_COLOR'] !== '0' && env['FORCE_COLOR'] !== 'false';
  return out.isTTY === true && env['TERM'] !== 'dumb';
}

/** The width to cut to: as asked, else the terminal's, else none. */
export function widthOf(choice: OutputChoice, out: Output): number | null {
  if (choice.width !== null) return choice.width;
  return out.isTTY === true && out.columns !== undefined && out.columns > 0 ? out.columns : null;
}

/**
 * Writes and waits until it is gone; a reader that has left (`| head`) is no failure. Throws ProfileError
 * 'launch-failed' when the output cannot take it.
 */
export function writeAll(out: Output, text: string): Promise<void> {
  return new Promise((resolve, reject) => {
    out.write(text, (error) => {
      if (error && (error as NodeJS.ErrnoException).code !== 'EPIPE') reject(lost(error));
      else resolve();
    });
  });
}

function lost(error: Error): ProfileError {
  const advice = 'Give it a place with room, or write the result with --json to another.';
  return new ProfileError('launch-failed', `the output could not be written: ${error.message}`, advice, {
    cause: error,
  });
}
