// `npm run accuracy [-- --node <path>]… [--only time,memory]`: the accuracy of each line's % Time, beside what V8's own sampling API says,
// as the Markdown that stands in docs/accuracy.md.
import { execFileSync } from 'node:child_process';
import { cpus } from 'node:os';
import { parseArgs } from 'node:util';
import { errorsOf } from './compare.ts';
import { compared, look, type Place, subjectOf } from './judge.ts';
import { marginCoverage } from './margins.ts';
import { memoryTable } from './memory/table.ts';
import { inspectorProfile, naiveMeasured } from './naive.ts';
import { randomIn, withFolder } from './prepare.ts';
import { PROGRAMS, type Program } from './programs.ts';
import { functionTruth } from './truth.ts';

/** As in lines.test.ts, so that the table shows what the tests judge. */
const SEEDS = [1, 4, 5, 6];

const NAIVE_MILLIS = 1500;

/** Mean and worst error of both metrics as four cells; null where a profiler has nothing to compare. */
type Cells = readonly [string, string, string, string];

const NOTHING: Cells = ['–', '–', '–', '–'];

async function rowOf(program: Program, place: Place): Promise<string> {
  const subject = await subjectOf(program, place);
  const [first] = compared(await look(subject, place, []), subject.truth, 1);
  const { measured, errors } = first!;
  const ours: Cells = [
    errors.inclusive.mean.toFixed(2),
    errors.inclusive.worst.toFixed(2),
    errors.self.mean.toFixed(2),
    errors.self.worst.toFixed(2),
  ];
  let naive = NOTHING;
  // It knows the lines of what V8 ran, which are not those of the source when that was compiled.
  if (!program.bundled && !program.entry.endsWith('.ts')) {
    const nodes = await inspectorProfile(subject.script, NAIVE_MILLIS, place.folder, place.node);
    const found = naiveMeasured(nodes, measured.name, measured);
    const truth = functionTruth(subject.truth, measured);
    const inclusive = errorsOf(found, truth, 'inclusive');
    const self = errorsOf(found, truth, 'self');
    naive = [
      inclusive.mean.toFixed(2),
      inclusive.worst.toFixed(2),
      self.mean.toFixed(2),
      self.worst.toFixed(2),
    ];
  }
  const cells = [
    program.name,
    `\`${measured.name}\``,
    errors.inclusive.lines,
    measured.samples,
    ...ours,
    ...naive,
  ];
  return `| ${cells.join(' | ')} |`;
}

const { values } = parseArgs({
  options: { node: { type: 'string', multiple: true }, only: { type: 'string', default: 'time,memory' } },
});
const only = values.only.split(',');
const nodes = values.node ?? [process.execPath];
console.log(`${new Date().toISOString().slice(0, 10)}, ${cpus()[0]?.model.trim()}, ${cpus().length} cores.`);
console.log('`npm run accuracy`; errors in points of % Time: mean over the lines / worst line.');
for (const node of nodes) {
  const version = execFileSync(node, ['-p', 'process.version'], { encoding: 'utf8' }).trim();
  console.log(`\n### Node ${version}\n`);
  if (only.includes('memory')) console.log(`${await memoryTable(node)}\n`);
  if (!only.includes('time')) continue;
  console.log(
    '| Program | Function | Lines | Samples | Time: mean | worst | Self: mean | worst | `positionTicks` Time: mean | worst | Self: mean | worst |',
  );
  console.log('|---|---|--:|--:|--:|--:|--:|--:|--:|--:|--:|--:|');
  for (const program of PROGRAMS) {
    console.log(await withFolder((folder) => rowOf(program, { node, folder })));
  }
  for (const seed of SEEDS) {
    console.log(await withFolder(async (folder) => rowOf(await randomIn(folder, seed), { node, folder })));
  }
  const { margins, right, samples } = await marginCoverage(node);
  console.log(
    `\nMargins: ${((100 * right) / margins).toFixed(1)} % of ${margins} hold the true share ` +
      `(200 repeats of ${Math.round(samples)} samples).`,
  );
}
