import type * as ExtensionEngine from '../extension-engine.ts';

/** The part of the extension that is big: loaded by the first command that needs it. */
export function loaded(): typeof ExtensionEngine {
  return require('./engine.cjs');
}
