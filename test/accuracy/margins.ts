import { copyFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { withFolder } from './prepare.ts';
import { PROGRAMS_FOLDER } from './programs.ts';
import { timedRun } from './timed.ts';

/** Functions with the same lines; each is a repeat of the same measurement, with margins of its own. */
export const REPEATS = 200;

/** True shares of each function's lines, in percent. */
export const SHARES = [2, 3, 5, 7, 10, 13, 15, 20, 25];

/** Work of one step, in rounds: 4 microseconds. */
const STEP = 400;

/** Steps of each function: 60 ms, some 300 samples. */
const STEPS = 15_000;

/**
 * The functions take turns of so many steps, 3 ms: on a busy machine V8's sampling thread may get no time for tens of
 * milliseconds, which would else leave some functions without samples.
 */
const TURN = 750;

/**
 * A Wilson interval presumes independent samples. V8's come at regular times, and of a program that does its work in
 * phases or in rhythm they scatter less than that, which makes the margins too wide. So these functions do their
 * steps, a fiftieth of the sampling interval each, in shuffled order: what one sample meets says nothing about what
 * the next one will.
 */
function repeatsProgram(): string {
  const branches = SHARES.map((_, i) => `    ${i === 0 ? '' : 'else '}if (way === ${i}) spin(${STEP});`);
  const counts = SHARES.map((share) => (share * STEPS) / 100);
  const functions = Array.from({ length: REPEATS }, (_, i) => [
    `function repeat${i}(from) {`,
    `  for (let step = from; step < from + ${TURN}; step++) {`,
    '    const way = order[step];',
    ...branches,
    '  }',
    '}',
  ]);
  return [
    "import { drive, shuffled, spin } from './kernel.mjs';",
    `const order = shuffled(${JSON.stringify(counts)}, 71);`,
    ...functions.flat(),
    'drive(() => {',
    `  for (let from = 0; from < order.length; from += ${TURN}) {`,
    ...functions.map((_, i) => `    repeat${i}(from);`),
    '  }',
    '});',
  ].join('\n');
}

/** How many of the margins of 200 repeats hold the true percentage. */
export interface Coverage {
  readonly margins: number;
  readonly right: number;
  /** Samples of a repeat, on average. */
  readonly samples: number;
}

/** Profiles the repeats in one run of about 12 s and compares each line's margin with its true share. */
export function marginCoverage(node: string): Promise<Coverage> {
  return withFolder(async (folder) => {
    const script = join(folder, 'repeats.mjs');
    await writeFile(script, repeatsProgram());
    await copyFile(join(PROGRAMS_FOLDER, 'kernel.mjs'), join(folder, 'kernel.mjs'));
    const profile = await timedRun({ script, folder, functions: ['repeat*'], args: ['1'], node });
    let margins = 0;
    let right = 0;
    let samples = 0;
    for (const fn of profile.functions) {
      samples += fn.samples;
      SHARES.forEach((share, i) => {
        const line = fn.lines.find(({ text }) => text.includes(`way === ${i})`));
        if (line === undefined || line.percentLow === null || line.percentHigh === null) return;
        margins++;
        if (line.percentLow <= share && share <= line.percentHigh) right++;
      });
    }
    return { margins, right, samples: samples / profile.functions.length };
  });
}
