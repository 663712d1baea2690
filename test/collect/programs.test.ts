import assert from 'node:assert/strict';
import { symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { callWay, type Hosted, host, makeFolder, runWay, writePrograms } from '../launch/support.ts';

const folder = makeFolder('programs');

/** Every program has a function `work` that runs 37 times and prints `sum 666`. */
const rounds = 'let sum = 0; for (let i = 0; i < 37; i++) sum += work(i); console.log("sum", sum);';

const programs: Readonly<Record<string, string>> = {
  'plain.cjs': `function work(n) { return n; }\n${rounds}\nif (require.main === module) console.log('main');`,
  'plain.mjs': `import { join } from 'node:path';\nfunction work(n) { return n; }\nawait null;\n${rounds} join('a');`,
  'untyped/esm.js': `import fs from 'node:fs';\nconst work = (n) => {\n  return n;\n};\n${rounds}\nfs;`,
  'typed/package.json': '{ "type": "module" }',
  'typed/esm.js': `import { work } from './lib.js';\n${rounds}`,
  'typed/lib.js': 'export function work(n) { return n; }',
  'hashbang.js': `#!/usr/bin/env node\n'use strict';\nfunction work(n) { return n; }\n${rounds}`,
  'types.ts': `interface A { n: number }\nfunction work(n: number): number { const a: A = { n }; return a.n; }\n${rounds}`,
  'types.mts': `import type { A } from './lib.mts';\nimport { twice } from './lib.mts';\nfunction work(n: number): number { const a: A = { n }; return twice(a.n) / 2; }\nawait null;\n${rounds}`,
  'lib.mts': 'export interface A { n: number }\nexport const twice = (n: number) => n * 2;',
  'types.cts': `const work = function (n: number): number {\n  return n as number;\n};\n${rounds}`,
  'imports.ts': `import { twice } from './twice';\nimport { Kind } from './twice.js';\nfunction work(n: number): number { return Kind.One * twice(n) / 2; }\n${rounds}`,
  'twice.ts': 'export enum Kind { One = 1 }\nexport const twice = (n: number): number => n * 2;',
  'commonjs/package.json': '{ "type": "commonjs" }',
  'commonjs/esm-syntax.ts': `import { twice } from './twice';\nfunction work(n: number): number { return twice(n) / 2; }\n${rounds}\nif (require.main === module) console.log('main');`,
  'commonjs/twice.ts': 'export const twice = (n: number): number => n * 2;',
  'not-strippable.ts': `enum Kind { One = 1 }\nnamespace Deep { export const zero = 0; }\nclass P { constructor(private readonly n: number) {} value() { return this.n * Kind.One + Deep.zero; } }\nfunction work(n: number): number { return new P(n).value(); }\n${rounds}`,
  'decorators.ts': `function same(value: any, context: { kind: string }) { if (context.kind !== 'method') throw 1; return value; }\nclass P { @same value(n: number) { return n; } }\nfunction work(n: number): number { return new P().value(n); }\n${rounds}`,
  'legacy/tsconfig.json': '{ // comments are fine\n "compilerOptions": { "experimentalDecorators": true } }',
  'legacy/decorators.ts': `function same(target: any, key: string, descriptor: PropertyDescriptor) { if (key !== 'value') throw 1; }\nclass P { @same value(n: number) { return n; } }\nfunction work(n: number): number { return new P().value(n); }\n${rounds}`,
  'paths #%/base.json': '{ "compilerOptions": { "paths": { "@/*": ["./src/*"] } } }',
  'paths #%/tsconfig.json': '{ "extends": "./base.json" }',
  'paths #%/src/twice.ts': 'export const twice = (n: number): number => n * 2;',
  'paths #%/src/half.cts': 'exports.half = (n: number): number => n / 2;',
  'paths #%/a.mts': `import { createRequire } from 'node:module';\nimport { twice } from '@/twice';\nconst { half } = createRequire(import.meta.url)('@/half.cts');\nfunction work(n: number): number { return half(twice(n)); }\n${rounds}`,
  'jsx/tsconfig.json': '{ "compilerOptions": { "jsx": "react", "jsxFactory": "h" } }',
  'jsx/a.tsx': `const h = (_tag: string, props: { n: number }) => props.n;\nfunction work(n: number): number { return (<a n={n} />) as unknown as number; }\n${rounds}`,
  'jsx/b.jsx': `const h = (_tag, props) => props.n;\nfunction work(n) { return <a n={n} />; }\n${rounds}`,
};

const scripts = Object.keys(programs).filter((name) => programs[name]!.includes('"sum"'));

/** Whether something in this program was counted so many times by the last run. */
function counted({ result }: Hosted, name: string, times: number): boolean {
  return result.hits.some(({ scripts: counts }) =>
    counts.some(
      ({ path, functions }) =>
        path === join(folder, name) &&
        functions.some(
          ({ calls, ranges }) => calls === times || ranges.some(([, , count]) => count === times),
        ),
    ),
  );
}

function assertNoProblems({ results }: Hosted): void {
  for (const { processes } of results) {
    for (const { problems } of processes) assert.deepEqual(problems, []);
  }
}

describe('programs of every kind', () => {
  before(() => writePrograms(folder, programs));

  for (const name of scripts) {
    it(`run ${name}: runs, and its counts are exact in a second run`, async () => {
      const hosted = await host(folder, runWay(name), { purposes: ['time', 'count'] });
      const main = programs[name]!.includes('require.main') ? 'main\n' : '';
      assert.equal(hosted.stdout, `sum 666\n${main}`, hosted.stderr);
      assert.deepEqual(
        hosted.results.map(({ exitCode }) => exitCode),
        [0, 0],
      );
      assertNoProblems(hosted);
      assert.ok(
        counted(hosted, name === 'typed/esm.js' ? 'typed/lib.js' : name, 37),
        JSON.stringify(hosted.result.hits),
      );
    });

    it(`call work() of ${name}, exported or not`, async () => {
      if (name === 'typed/esm.js') return;
      const typed = /ts/.test(name) ? '(1 as any) as number' : '1';
      // Of the whole flow, `run` above has the first run too.
      const hosted = await host(folder, callWay(name, `work(${typed}) === 1 || process.exit(8)`, 63), {
        purposes: ['count'],
        counters: { level: 'lines', target: { kind: 'selectors', selectors: ['work'], cwd: folder } },
      });
      assert.deepEqual(
        hosted.results.map(({ exitCode, processes }) => [exitCode, processes[0]?.repeats]),
        [[0, 63]],
        hosted.stderr,
      );
      assertNoProblems(hosted);
      assert.ok(counted(hosted, name, 37 + 63), JSON.stringify(hosted.result.hits));
    });
  }

  it('single run: marks and selectors choose while loading', async () => {
    const marked = programs['hashbang.js']!.replace('function work', '/** @profile */\nfunction work');
    writePrograms(folder, {
      'marked.cjs': marked,
      'marked.mts': `${marked.replace(/if \(require.*/, '')} await null;`,
    });
    for (const name of ['marked.cjs', 'marked.mts']) {
      const hosted = await host(folder, runWay(name), {
        purposes: ['single'],
        counters: { level: 'lines', target: { kind: 'selectors', selectors: [], cwd: folder } },
      });
      assert.equal(hosted.stdout, 'sum 666\n', hosted.stderr);
      assert.ok(counted(hosted, name, 37), JSON.stringify(hosted.result.hits));
      assert.equal(hosted.result.edits.length, 1);
      assert.ok(hosted.result.logs.length > 0);
    }
  });

  it('a symlinked module is called by its own name', async () => {
    symlinkSync(join(folder, 'plain.mjs'), join(folder, 'link.mjs'));
    const { result, stdout } = await host(folder, callWay('link.mjs', 'console.log(work(5))'));
    assert.equal(result.exitCode, 0);
    assert.equal(stdout, 'sum 666\n5\n');
  });
});
