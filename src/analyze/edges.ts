import { createPairTable, type PairTable } from './pair-table.ts';
import type { Place } from './places.ts';

/** Calls of the whole run, from a line of a function (slot) to a function; an edge's id indexes both lists. */
export interface Edges {
  readonly slots: readonly number[];
  readonly callees: readonly number[];
  /** Edge ids of a call from a place to a function, one for each slot of the place. */
  of(place: Place, callee: number): Int32Array;
}

/** No calls yet. */
export function createEdges(): Edges {
  const table: PairTable = createPairTable();
  const slots: number[] = [];
  const callees: number[] = [];
  const rows: PairTable = createPairTable();
  const rowEdges: Int32Array[] = [];
  return {
    slots,
    callees,
    of(place, callee) {
      const row = rows.id(place.id, callee);
      let edges = rowEdges[row];
      if (edges === undefined) {
        edges = Int32Array.from(place.slots, (slot) => {
          const id = table.id(slot, callee);
          slots[id] = slot;
          callees[id] = callee;
          return id;
        });
        rowEdges[row] = edges;
      }
      return edges;
    },
  };
}
