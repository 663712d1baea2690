import type { MadeFrom } from '../analyze/targets.ts';
import { functionMadeFrom, placeIn } from '../hits/placing.ts';
import type { ScriptMap } from '../sourcemap/mapper.ts';

/** For scripts that a mapper opened. */
export const madeFrom: MadeFrom = (script, file, one, functions) => {
  const source = file.source();
  if (source === null) return null;
  return functionMadeFrom(source, one, functions, placeIn(script as ScriptMap, file.path, file.lineStarts));
};
