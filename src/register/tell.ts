import { writeSync } from 'node:fs';

const told = new Set<string>();

/** One line on stderr, at once: at a program's end there is no later. */
export function tell(message: string): void {
  try {
    writeSync(2, `lineprof: ${message.replace(/\s*\n\s*/g, ' ')}\n`);
  } catch {
    // Nobody reads it, or not fast enough; the program goes on.
  }
}

/** The same, once for each message. */
export function tellOnce(message: string): void {
  if (told.has(message)) return;
  told.add(message);
  tell(message);
}
