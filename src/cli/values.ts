import { InvalidArgumentError } from 'commander';

/** A parser of whole numbers of at least `least`, for commander. */
export function wholeNumber(least: number): (text: string) => number {
  return (text) => {
    const value = Number(text);
    if (!/^\d+$/.test(text) || !Number.isSafeInteger(value) || value < least) {
      throw new InvalidArgumentError(`It must be a whole number, ${least} or more.`);
    }
    return value;
  };
}

/** Parses seconds, whole or not, above zero. */
export function seconds(text: string): number {
  const value = Number(text);
  if (!/^\d*\.?\d+$/.test(text) || !Number.isFinite(value) || value <= 0) {
    throw new InvalidArgumentError('It must be a number of seconds above 0.');
  }
  return value;
}

/** Gathers a repeatable option's values in the order they were typed. */
export function gather(text: string, before: readonly string[]): string[] {
  return [...before, text];
}
