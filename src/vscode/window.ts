import type { Annotated } from './annotate.ts';

type Lines = readonly [from: number, to: number];

/** Up to this many annotated lines are drawn all at once. */
const ALL = 600;
/** Lines that are drawn above and below the view. */
const MARGIN = 150;
/** Fewer drawn lines than this beyond the view, and it is time to draw anew. */
const NEAR = 50;

/**
 * The lines whose numbers are to be drawn (1-based, inclusive) with `view` in sight; null when those that are
 * `drawn` will do.
 */
export function windowOf(view: Lines, { annotations }: Annotated, drawn: Lines | null): Lines | null {
  if (annotations.length <= ALL) return drawn === null ? [1, Number.POSITIVE_INFINITY] : null;
  if (drawn !== null && drawn[0] <= Math.max(1, view[0] - NEAR) && drawn[1] >= view[1] + NEAR) return null;
  return [Math.max(1, view[0] - MARGIN), view[1] + MARGIN];
}
