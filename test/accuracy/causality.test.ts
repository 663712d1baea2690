import assert from 'node:assert/strict';
import { join } from 'node:path';
import type { Measured } from './compare.ts';
import { look, type Place, type Subject, subjectOf } from './judge.ts';
import { withFolder } from './prepare.ts';
import { PROGRAMS_FOLDER } from './programs.ts';
import { functionTruth } from './truth.ts';

const SLOWED = {
  name: 'slowed',
  entry: join(PROGRAMS_FOLDER, 'slowed.mjs'),
  functions: ['slowed'],
  bundled: false,
  millis: 1500,
};

/** By how many points a line may have moved too far or too little, and in how many looks (see lines.test.ts). */
const TOLERANCE = 2;
const LOOKS = 3;

/** Percent of the function with each line on the stack. */
function percents({ lines, samples }: Measured): ReadonlyMap<number, number> {
  return new Map([...lines].map(([line, { inclusive }]) => [line, (100 * inclusive) / samples]));
}

describe('accuracy: causality', function () {
  this.timeout(120_000);

  for (const extra of [200, 800, 4000]) {
    it(`one line slowed by ${extra} rounds of work moves the profile by as much`, () =>
      withFolder(async (folder) => {
        const place: Place = { node: process.execPath, folder };
        const before = await subjectOf(SLOWED, place);
        const after = await subjectOf(SLOWED, place, [String(extra)]);
        let [one, other]: (readonly Measured[])[] = [[], []];
        let failures: string[] = [];
        for (let looks = 1; looks <= LOOKS; looks++) {
          one = await look(before, place, one!);
          other = await look(after, place, other!);
          failures = movedWrongly(before, after, one[0]!, other[0]!);
          if (failures.length === 0) return;
        }
        assert.fail(failures.join('\n'));
      }));
  }
});

/** The lines whose change from one run to the other is not the true one. */
function movedWrongly(before: Subject, after: Subject, one: Measured, other: Measured): string[] {
  const truth = [functionTruth(before.truth, one).lines, functionTruth(after.truth, other).lines] as const;
  const found = [percents(one), percents(other)] as const;
  assert.ok(truth[0].size >= 4);
  return [...truth[0].keys()].flatMap((line) => {
    const expected = truth[1].get(line)!.inclusive - truth[0].get(line)!.inclusive;
    const moved = (found[1].get(line) ?? 0) - (found[0].get(line) ?? 0);
    return Math.abs(moved - expected) <= TOLERANCE
      ? []
      : [`line ${line} moved by ${moved.toFixed(2)} points instead of ${expected.toFixed(2)}`];
  });
}
