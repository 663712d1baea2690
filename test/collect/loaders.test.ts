import assert from 'node:assert/strict';
import { mkdirSync, symlinkSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { execWay, type Hosted, host, makeFolder, runWay, writePrograms } from '../launch/support.ts';

const folder = makeFolder('loaders');
const twice = { purposes: ['time', 'count'] } as const;

/** The counts of `return` lines in the counting run, by file name. */
function returns({ result }: Hosted): Record<string, number[]> {
  return Object.fromEntries(
    result.hits.flatMap(({ scripts }) =>
      scripts.map(({ path, text, functions }) => [
        path.slice(folder.length + 1),
        functions.flatMap(({ ranges }) =>
          ranges.filter(([start]) => text.startsWith('return n', start)).map(([, , count]) => count),
        ),
      ]),
    ),
  );
}

describe("programs under the project's own loader", () => {
  before(() => {
    const work = 'enum Kind { One = 1 }\nfunction work(n: number): number {\n  return n * Kind.One;\n}\n';
    const loop = 'for (let i = 0; i < 23; i++) { work(i); lib(i); }\nconsole.log("done");';
    const lib = 'export function lib(n: number): number {\n  return n;\n}';
    writePrograms(folder, {
      'esm/package.json': '{ "type": "module" }',
      'esm/main.ts': `import { lib } from './lib.js';\n${work}await null;\n${loop}`,
      'esm/lib.ts': lib,
      'cjs/package.json': '{ "type": "commonjs" }',
      'cjs/main.ts': `import { lib } from './lib';\n${work}${loop}`,
      'cjs/lib.ts': lib,
    });
    mkdirSync(join(folder, 'node_modules'));
    const modules = resolve(import.meta.dirname, '../../node_modules');
    symlinkSync(join(modules, 'tsx'), join(folder, 'node_modules/tsx'));
  });

  for (const kind of ['esm', 'cjs']) {
    const expected = { [`${kind}/main.ts`]: [23], [`${kind}/lib.ts`]: [23] };

    it(`run, ${kind}: tsx where Node strips no types, else our own`, async () => {
      const hosted = await host(folder, runWay(`${kind}/main.ts`), twice);
      assert.equal(hosted.stdout, 'done\n', hosted.stderr);
      assert.deepEqual(returns(hosted), expected);
    });

    it(`exec of tsx, ${kind}`, async () => {
      const tsx = join(folder, 'node_modules/tsx/dist/cli.mjs');
      for (const node of ['node', process.execPath]) {
        const hosted = await host(folder, execWay(node, tsx, `${kind}/main.ts`), twice);
        assert.equal(hosted.stdout, 'done\n', hosted.stderr);
        assert.deepEqual(returns(hosted), expected);
      }
    });
  }
});
