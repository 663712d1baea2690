// `npx tsx test/accuracy/operations/table.ts [--node <path>]… [--name <pattern>]`: every kind of operation, and the
// lines whose share is not that of their repeats. For cheap operations that is often true: the processor runs them
// side by side, V8 shares work between lines. What it finds is to be looked into, not a failure.
import { execFileSync } from 'node:child_process';
import { parseArgs } from 'node:util';
import { withFolder } from '../prepare.ts';
import { OPERATIONS } from './cases.ts';
import { measure, sharesOf } from './measure.ts';

/** Operations of one run, and its length. */
const GROUP = 8;
const MILLIS = 9000;

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: { node: { type: 'string', multiple: true }, name: { type: 'string', default: '' } },
  });
  const chosen = OPERATIONS.filter(({ name }) => new RegExp(values.name).test(name));
  for (const node of values.node ?? [process.execPath]) {
    console.log(`\n${execFileSync(node, ['-p', 'process.version'], { encoding: 'utf8' }).trim()}`);
    for (let from = 0; from < chosen.length; from += GROUP) {
      const group = chosen.slice(from, from + GROUP);
      const measured = await withFolder((folder) => measure(group, { node, folder, millis: MILLIS }));
      for (const one of measured) {
        const outside = sharesOf(one)
          .filter(({ found, expected, noise }) => Math.abs(found - expected) > 1 + 3 * noise)
          .map(({ line, found, expected }) =>
            line === null
              ? `loop ${found.toFixed(1)} %`
              : `line ${line} ${found.toFixed(1)} % instead of ${expected.toFixed(1)} %`,
          );
        console.log(`${one.name}, ${one.samples} samples: ${outside.join(', ') || 'right'}`);
      }
    }
  }
}

await main();
