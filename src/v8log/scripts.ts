import { closeSync, openSync, readSync } from 'node:fs';
import { unescapeText } from './fields.ts';

/** A script that V8 compiled. The text stays in the log file until it is asked for. */
export interface LogScript {
  readonly id: number;
  /** `file://…` for ES modules, a bare path for CommonJS, `node:…` for Node's own; may be empty. */
  readonly url: string;
  /** The whole source text as V8 compiled it. Throws when the log file is gone. */
  text(): string;
}

/** A script whose escaped text lies at `position`, `length` bytes long, in a log file. */
export function createLogScript(
  id: number,
  url: string,
  logFile: string,
  position: number,
  length: number,
): LogScript {
  let text: string | null = null;
  return {
    id,
    url,
    text() {
      text ??= unescapeText(readRange(logFile, position, length));
      return text;
    },
  };
}

function readRange(path: string, position: number, length: number): string {
  const file = openSync(path, 'r');
  try {
    const bytes = Buffer.allocUnsafe(length);
    let filled = 0;
    while (filled < length) {
      const read = readSync(file, bytes, filled, length - filled, position + filled);
      if (read === 0) break;
      filled += read;
    }
    return bytes.toString('latin1', 0, filled);
  } finally {
    closeSync(file);
  }
}
