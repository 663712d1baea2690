import type { Analysis, AnalysisResult } from '../analyze/analysis.ts';
import type { ChosenFunction } from '../analyze/build.ts';
import type { AnalysedFile } from '../analyze/files.ts';
import { ProfileError } from '../model/error.ts';
import {
  markedFunctions,
  type SelectedFunction,
  selectFunctions,
  type UnmatchedSelector,
} from '../source/select.ts';

/** Functions shown when the user names none and none is marked. */
export const HOTTEST = 5;

/** The functions to show, and how they came to be chosen. */
export interface Choice {
  readonly functions: readonly ChosenFunction[];
  readonly by: 'selector' | 'mark' | 'heat';
  /** What the reader should know about the choice, in words. */
  readonly notes: readonly string[];
}

/**
 * Chooses functions among the files that were loaded: by selector, else by mark, else the hottest of the
 * user's own code. `extra` are files that a selector or the command line names but the program did not load;
 * `exitCode` is the program's, null while it runs or when a signal ended it.
 * @throws ProfileError `no-such-function` with the nearest names when a selector matches nothing.
 */
export function chooseFunctions(
  analysis: Analysis,
  selectors: readonly string[],
  extra: readonly AnalysedFile[],
  cwd: string,
  exitCode: number | null = null,
): Choice {
  if (selectors.length > 0) return bySelector(analysis, selectors, extra, cwd, exitCode);
  const loaded = analysis.files('loaded').filter(({ text }) => text.includes('profile'));
  const marked = markedFunctions(parsed(loaded));
  if (marked.length > 0) return { functions: chosenOf(marked, loaded), by: 'mark', notes: [] };
  const functions = analysis.hottest(HOTTEST);
  const what = functions.length === 1 ? 'the function' : `the ${functions.length} functions`;
  return {
    functions,
    by: 'heat',
    notes:
      functions.length === 0
        ? ['No function was chosen, none is marked, and no sample fell into your own code.']
        : [
            `No function was chosen (-f) or marked (/** @profile */): ${what} of your own code with most self time.`,
          ],
  };
}

/** The loaded files, and those of `extra` that are none of them; nor is one that was compiled from a loaded file. */
export function withUnloaded(
  loaded: readonly AnalysedFile[],
  extra: readonly AnalysedFile[],
): readonly AnalysedFile[] {
  const known = new Set(
    loaded.flatMap(({ path, scripts }) => [path, ...scripts.map((script) => script.path)]),
  );
  return [...loaded, ...extra.filter(({ path }) => !known.has(path))];
}

/** @param problem why one of the files has no functions; null: nothing is wrong with them */
export function noSuchFunction(
  { selector, nearest }: UnmatchedSelector,
  problem: string | null,
  exitCode: number | null,
): ProfileError {
  const hint =
    nearest.length > 0
      ? `Nearest names: ${nearest.join(', ')}.`
      : (problem ??
        (exitCode !== null && exitCode !== 0
          ? `The program ended with exit code ${exitCode}, perhaps before it loaded the file: see what it says.`
          : 'Check that the program loads the file, and that it is not in node_modules.'));
  return new ProfileError(
    'no-such-function',
    `no function matches '${selector}' in the files that the program loaded`,
    hint,
  );
}

function bySelector(
  analysis: Analysis,
  selectors: readonly string[],
  extra: readonly AnalysedFile[],
  cwd: string,
  exitCode: number | null,
): Choice {
  const loaded = analysis.files('loaded');
  const files = withUnloaded(loaded, extra);
  const { functions, unmatched } = selectFunctions(parsed(files), selectors, cwd);
  const [missing] = unmatched;
  if (missing !== undefined) {
    const broken = files.find((file) => file.problem() !== null)?.problem();
    throw noSuchFunction(missing, broken ?? null, exitCode);
  }
  const chosen = chosenOf(functions, files);
  if (!functions.some(({ wholeFile }) => wholeFile)) return { functions: chosen, by: 'selector', notes: [] };
  // Of a file named as a whole, the functions that were seen at work.
  const sampled = new Set(
    analysis.finish(chosen).functions.flatMap(({ samples }, index) => (samples > 0 ? [index] : [])),
  );
  return {
    functions: chosen.filter((_, index) => !functions[index]!.wholeFile || sampled.has(index)),
    by: 'selector',
    notes: [],
  };
}

function parsed(files: readonly AnalysedFile[]) {
  return files.flatMap((file) => {
    const source = file.source();
    return source === null ? [] : [{ path: file.path, source }];
  });
}

function chosenOf(selected: readonly SelectedFunction[], files: readonly AnalysedFile[]): ChosenFunction[] {
  const byPath = new Map(files.map((file) => [file.path, file]));
  return selected.map((one) => ({
    path: one.path,
    function: one.function,
    file: byPath.get(one.path)!,
  }));
}

/** The functions in the order to show them: as they were chosen (selectors, self time); marked ones by time, most first. */
export function inOrder(choice: Choice, result: AnalysisResult): readonly ChosenFunction[] {
  if (choice.by !== 'mark') return choice.functions;
  return choice.functions
    .map((chosen, index) => ({ chosen, samples: result.functions[index]!.samples }))
    .sort((a, b) => b.samples - a.samples)
    .map(({ chosen }) => chosen);
}
