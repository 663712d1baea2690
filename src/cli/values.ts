import { InvalidArgumentError } from 'commander';

/** A parser of whole numbers from `least` to `most`, for commander. */
export function wholeNumber(least: number, most = Number.MAX_SAFE_INTEGER): (text: string) => number {
  return (text) => {
    const value = Number(text);
    if (!/^\d+$/.test(text) || value < least || value > most) {
      const range = most === Number.MAX_SAFE_INTEGER ? `${least} or more` : `${least} to ${most}`;
      throw new InvalidArgumentError(`It must be a whole number, ${range}.`);
    }
    return value;
  };
}

/** Eleven days: a timer of more than 24 would run out at once. */
const MOST_SECONDS = 1_000_000;

/** Parses seconds, whole or not, above zero. */
export function seconds(text: string): number {
  const value = Number(text);
  if (!/^\d*\.?\d+$/.test(text) || value <= 0 || value > MOST_SECONDS) {
    throw new InvalidArgumentError(`It must be a number of seconds above 0, at most ${MOST_SECONDS}.`);
  }
  return value;
}

/** Gathers a repeatable option's values in the order they were typed. */
export function gather(text: string, before: readonly string[]): string[] {
  return [...before, text];
}
