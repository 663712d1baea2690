import type { Where } from '../model/profile.ts';

/** What the machine was at, in words for a reader who does not know V8's names, which follow where there are several. */
export const WHERE_WORDS: Readonly<Record<Where, string>> = {
  interpreted: 'interpreted',
  baseline: 'compiled, not optimised',
  maglev: 'optimised (maglev)',
  turbofan: 'optimised (turbofan)',
  builtin: 'builtin',
  native: 'native',
  gc: 'GC',
};
