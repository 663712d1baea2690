import { getHeapSpaceStatistics } from 'node:v8';

/** What V8 makes of code on this thread, told from the sizes of its spaces. */
export interface CodeWatch {
  look(): void;
  /** Bytes of code that were made between the last two looks. */
  made(): number;
  /** Bytes that the old generation grew by in between: tables that belong to code lie there, and whatever else. */
  beside(): number;
}

/** Where V8 keeps code; no object of a program lies there. */
const CODE_SPACES = /^(?:shared_)?(?:code|trusted)_/;

/** Indices into `state`. */
const CODE = 0;
const OLD = 1;
const MADE = 2;
const BESIDE = 3;

/** Begins to watch: what the first look finds counts as made. */
export function watchCode(): CodeWatch {
  const state = new Float64Array(4);
  return {
    look() {
      let code = 0;
      let old = 0;
      for (const { space_name, space_used_size } of getHeapSpaceStatistics()) {
        if (CODE_SPACES.test(space_name)) code += space_used_size;
        else if (space_name === 'old_space') old = space_used_size;
      }
      state[MADE] = Math.max(0, code - state[CODE]!);
      state[BESIDE] = Math.max(0, old - state[OLD]!);
      state[CODE] = code;
      state[OLD] = old;
    },
    made: () => state[MADE]!,
    beside: () => state[BESIDE]!,
  };
}
