// Entry of dist/engine.cjs, which the extension loads on demand (see vscode/lazy.ts).
import schema from '../docs/result.schema.json' with { type: 'json' };
import { resultReader } from './cli/result-file.ts';

/** Reads and checks a result file; the second argument is the folder that relative names are below. */
export const readResult = resultReader(schema);

export { compareFunctions, compareProfiles, sideOf } from './compare/compare.ts';
export { openCpuProfile } from './engine/import.ts';
export { copyComparison, copyText } from './report/copy.ts';
export { profileText } from './report/profile-text.ts';
export { parseSource } from './source/parse.ts';
export { testAt } from './source/tests.ts';
export { checkExpression } from './target/expression.ts';
