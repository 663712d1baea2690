import assert from 'node:assert/strict';
import {
  cpSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  realpathSync,
  rmSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { profile } from '../../src/engine.ts';
import { ProfileError } from '../../src/model/error.ts';
import type { FunctionProfile, Profile } from '../../src/model/profile.ts';
import type { ProfileRequest, Way } from '../../src/model/request.ts';

const SPIN = `
function spin(rounds) {
  let s = 0;
  for (let i = 0; i < rounds; i++) s = (s * 31 + i) | 0;
  return s;
}
`;

describe('engine', function () {
  this.timeout(120_000);
  let folder: string;
  let collectFolder: string;

  before(() => {
    folder = realpathSync(mkdtempSync(join(tmpdir(), 'lineprof engine, é#%-')));
    // A copy: other suites may rebuild dist/ meanwhile.
    collectFolder = join(folder, 'collect');
    cpSync(resolve(import.meta.dirname, '../../dist/collect'), collectFolder, { recursive: true });
  });
  after(() => rmSync(folder, { recursive: true }));

  const write = (name: string, text: string): string => {
    const path = join(folder, name);
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, text);
    return path;
  };
  const run = (way: Way, options: Partial<ProfileRequest> = {}, tools = {}): Promise<Profile> =>
    profile(
      {
        way,
        functions: [],
        intervalMicros: 200,
        hits: 'second-run',
        node: process.execPath,
        timeoutMillis: null,
        cwd: folder,
        env: process.env,
        ...options,
      },
      { collectFolder, ...tools },
    );
  const script = (path: string, args: readonly string[] = []): Way => ({ kind: 'run', script: path, args });
  const hitsOf = (fn: FunctionProfile): (number | null)[] => fn.lines.map(({ hits }) => hits);
  const fails = (work: Promise<unknown>, reason: string, message: RegExp): Promise<void> =>
    assert.rejects(work, (error) => {
      assert.ok(error instanceof ProfileError, String(error));
      assert.equal(error.reason, reason);
      assert.match(error.message, message);
      return true;
    });

  it('chooses the hottest functions when none is named or marked, and says so', async () => {
    const path = write('hot.cjs', `${SPIN}\nfunction idle() { return 1; }\nidle();\nspin(3e7);\n`);
    const { functions, run: facts } = await run(script(path));
    assert.equal(functions[0]?.name, 'spin');
    assert.ok(functions.every(({ name }) => name !== 'idle'));
    assert.ok(facts.notes.some((note) => note.includes('most self time')));
    assert.deepEqual(hitsOf(functions[0]!), [null, 1, 30_000_001, 1, null]);
  });

  it('lists a marked function that was never called, with its reason', async () => {
    const path = write(
      'marks.mjs',
      `${SPIN}\n/** @profile */\nexport function used() {\n  return spin(6e7);\n}\n/** @profile */\nexport const never = () => {\n  return 2;\n};\nused();\n`,
    );
    const { functions } = await run(script(path));
    assert.deepEqual(
      functions.map(({ name, calls }) => [name, calls]),
      [
        ['used', 1],
        ['never', 0],
      ],
    );
    assert.equal(functions[1]?.totalMicros, null);
    assert.ok(functions[1]?.notes.length);
  });

  it('tells when the two runs did not call a function equally often', async () => {
    const path = write(
      'unlike.cjs',
      `${SPIN}\nfunction work(n) { return spin(n); }\nconst rounds = 100 + (process.hrtime()[1] % 100000);\nfor (let i = 0; i < rounds; i++) work(1000);\n`,
    );
    const { functions } = await run(script(path), { functions: ['work'] });
    const [work] = functions;
    assert.ok(work?.calls && work.callsInTimedRun);
    assert.notEqual(work.calls, work.callsInTimedRun);
  });

  it('compares calls of functions that the script marks; of others it says that it does not', async () => {
    const same = `${SPIN}\nmodule.exports = function work() { return spin(1000); };\n`;
    write('lib-marked.cjs', same.replace('module', '/** @profile */ module'));
    const loop = 'for (let i = 0; i < 3000; i++) work();\n';
    const inScript = write('in-script.cjs', same.replace('module.exports =', '/** @profile */') + loop);
    const elsewhere = write('elsewhere.cjs', `const work = require('./lib-marked.cjs');\n${loop}`);
    const unmarked = write('unmarked.cjs', `${SPIN}\nspin(1e7);\n`);
    for (const [path, calls, said] of [
      [inScript, 3000, false],
      [elsewhere, null, true],
      [unmarked, null, true],
    ] as const) {
      const { functions, run: facts } = await run(script(path));
      assert.equal(functions[0]?.callsInTimedRun, calls, path);
      assert.equal(
        facts.notes.some((note) => note.includes('not compared')),
        said,
        path,
      );
    }
  });

  it('counts the same calls in both runs of a program that does the same again', async () => {
    const path = write(
      'same.cjs',
      `${SPIN}\nfunction work(n) { return spin(n); }\nfor (let i = 0; i < 321; i++) work(1e5);\n`,
    );
    const [work] = (await run(script(path), { functions: ['work'] })).functions;
    assert.deepEqual([work?.calls, work?.callsInTimedRun], [321, 321]);
  });

  it('a single run counts hits while it times', async () => {
    const path = write(
      'single.cjs',
      `${SPIN}\nspin(3e7);\nrequire('fs').appendFileSync(__filename + '.ran', '.');\n`,
    );
    const { functions } = await run(script(path), { functions: ['spin'], hits: 'single-run' });
    assert.deepEqual(hitsOf(functions[0]!), [null, 1, 30_000_001, 1, null]);
    assert.ok(functions[0]!.samples > 50);
    assert.ok(readdirSync(folder).includes('single.cjs.ran'));
  });

  it('counts in modules that a required ES module imports', async () => {
    write('required/work.mjs', `${SPIN}export { spin };`);
    write('required/main.mjs', "import { spin } from './work.mjs';\nspin(2e7);");
    // As mocha loads its tests.
    const start = "try { require('./main.mjs'); } catch { import('./main.mjs'); }";
    const path = write('required/start.cjs', start);
    const { functions } = await run(script(path), { functions: ['spin'] });
    assert.equal(functions[0]!.calls, 1);
    assert.deepEqual(hitsOf(functions[0]!), [null, 1, 20_000_001, 1, null]);
  });

  it('keeps apart what a program evaluates, and says why its hits are blank', async () => {
    const body = 'let s = 0;\\nfor (let i = 0; i < n; i++) {\\n  s = (s * 31 + i) | 0;\\n}\\nreturn s;';
    const path = write(
      'evaluates.cjs',
      `const vm = require('node:vm');
      const body = '${body}';
      const first = vm.runInThisContext('// one line more\\nfunction first(n) {' + body + '} first');
      const second = new Function('n', body);
      const one = vm.runInThisContext('function one(n) {' + body + '} one', { filename: '/same.js' });
      const other = vm.runInThisContext('// more\\nfunction other(n) {' + body + '} other', { filename: '/same.js' });
      for (const work of [first, second, one, other]) for (let i = 0; i < 20; i++) work(2e6);\n`,
    );
    const { functions, run: facts } = await run(script(path), {
      functions: ['first', 'anonymous', '/same.js:one'],
    });
    const [first, second, one] = functions;
    assert.deepEqual([first?.name, second?.name, one?.name], ['first', 'anonymous', 'one']);
    for (const fn of [first!, second!]) {
      const loop = fn.lines.filter(({ text }) => /for|31/.test(text));
      const within = loop.reduce((sum, { samples }) => sum + samples, 0);
      assert.ok(fn.samples > 20 && within > 0.9 * fn.samples, `${fn.name}: ${within} of ${fn.samples}`);
      assert.equal(fn.calls, null);
      assert.match(fn.notes.join(), /eval/);
    }
    assert.notEqual(first?.file, second?.file);
    assert.equal(one?.calls, 20);
    assert.ok(facts.notes.some((note) => note.includes('/same.js was loaded with several texts')));
  });

  it('a function of a package is profiled when its file is named', async () => {
    write('node_modules/dep/index.mjs', `${SPIN}export { spin };\n`);
    const path = write('uses.mjs', "import { spin } from 'dep/index.mjs';\nspin(5e7);\n");
    const { functions } = await run(script(path), { functions: ['node_modules/dep/index.mjs:spin'] });
    assert.ok(functions[0]!.samples > 20, String(functions[0]!.samples));
    assert.deepEqual(hitsOf(functions[0]!), [null, 1, 5e7 + 1, 1, null]);
  });

  it('a link names its target', async () => {
    write('target.cjs', `${SPIN}\nspin(3e7);\n`);
    symlinkSync('target.cjs', join(folder, 'link.cjs'));
    const { functions } = await run(script('link.cjs'), { functions: ['link.cjs:spin'], hits: 'none' });
    assert.equal(functions[0]?.file, 'target.cjs');
    assert.ok(functions[0].samples > 50);
  });

  it('counts functions that share a line with each other and with what calls them', async () => {
    const path = write(
      'short.mjs',
      [
        'const square = (x) => x * x;',
        'class Box { constructor(v) { this.v = v; } get twice() { return this.v * 2; } }',
        'export function main(n) {',
        '  let sum = 0;',
        '  for (let i = 0; i < n; i++) sum += [1, 2, 3].map((x) => square(x)).filter((x) => x > 1).length;',
        '  return sum + new Box(1).twice;',
        '}',
        'main(1000);',
      ].join('\n'),
    );
    const { functions } = await run(script(path), { functions: ['short.mjs:*'] });
    assert.deepEqual(
      functions.map((fn) => [fn.name, fn.line, fn.calls, ...hitsOf(fn)]),
      [
        ['square', 1, 3000, 3000],
        ['Box.constructor', 2, 1, 1],
        ['Box.twice', 2, 1, 1],
        ['main', 3, 1, null, 1, 1001, 1, null],
        ['main.<anonymous>', 5, 3000, 3000],
        ['main.<anonymous>', 5, 3000, 3000],
      ],
    );
  });

  it('what tsc made is shown by its sources, with a note when they are newer, and by itself without them', async () => {
    const { default: ts } = await import('typescript');
    const source = write(
      'made/src/a.ts',
      'interface N {\n  n: number;\n}\nexport function f({ n }: N): number {\n  return n + 1;\n}\nf({ n: 1 });\n',
    );
    const { outputText, sourceMapText } = ts.transpileModule(readFileSync(source, 'utf8'), {
      fileName: 'a.ts',
      compilerOptions: { sourceMap: true, module: ts.ModuleKind.CommonJS, target: ts.ScriptTarget.ES2022 },
    });
    const made = write('made/dist/a.js', outputText);
    write('made/dist/a.js.map', sourceMapText!.replace('"a.ts"', '"../src/a.ts"'));
    const look = async () => {
      const { functions, run: facts } = await run(script(made), { functions: ['f'] });
      return { file: functions[0]?.file, hits: hitsOf(functions[0]!), notes: facts.notes.join('\n') };
    };
    const old = new Date(Date.now() - 3_600_000);
    utimesSync(source, old, old);
    const shown = await look();
    assert.deepEqual([shown.file, shown.hits], ['made/src/a.ts', [null, 1, null]]);
    assert.doesNotMatch(shown.notes, /was changed after|is not used/);
    const late = new Date(Date.now() + 3_600_000);
    utimesSync(source, late, late);
    assert.match((await look()).notes, /^made\/src\/a\.ts was changed after made\/dist\/a\.js was made/m);
    rmSync(source);
    const alone = await look();
    assert.deepEqual([alone.file, alone.hits], ['made/dist/a.js', [null, 1, null]]);
    assert.match(
      alone.notes,
      /^the source map of .*a\.js is not used: its sources are not there \(.*a\.ts\)$/m,
    );
  });

  for (const minify of [false, true]) {
    it(`knows a ${minify ? 'minified ' : ''}bundle by its source map, hits included`, async () => {
      const { build } = await import('esbuild');
      write(
        'lib.ts',
        'export function twice(n: number): number {\n  const half = n / 2;\n  return half * 4;\n}\n',
      );
      const entry = write(
        'entry.ts',
        "import { twice } from './lib.ts';\nexport function work(n: number): number {\n  let sum = 0;\n  for (let i = 0; i < n; i++) {\n    sum += Math.sqrt(twice(i));\n  }\n  return sum;\n}\nwork(2e7);\n",
      );
      const outfile = join(folder, 'out', 'bundle.cjs');
      await build({
        entryPoints: [entry],
        outfile,
        bundle: true,
        minify,
        sourcemap: true,
        platform: 'node',
      });
      const { functions } = await run(script(outfile), { functions: ['entry.ts:work'] });
      const [work] = functions;
      assert.equal(work?.file, 'entry.ts');
      assert.deepEqual(hitsOf(work), [null, 1, 20_000_001, 20_000_000, null, 1, null]);
      assert.ok((work.lines[3]?.percent ?? 0) + (work.lines[2]?.percent ?? 0) > 80);
      assert.deepEqual([work.calls, work.callsInTimedRun], [1, 1]);
      const all = await run(script(outfile), { functions: ['work'], hits: 'none' });
      assert.deepEqual(
        all.functions.map(({ file }) => file),
        ['entry.ts'],
        'the bundle is no file of its own',
      );
      const single = await run(script(outfile), { functions: ['entry.ts:work'], hits: 'single-run' });
      assert.deepEqual(hitsOf(single.functions[0]!), hitsOf(work));
    });
  }

  for (const hits of ['second-run', 'single-run'] as const) {
    it(`knows a source map that only its loader knows, ${hits}`, async () => {
      const { transformSync } = await import('esbuild');
      const text =
        'interface Unused {\n  a: 1;\n}\n\nexport function work(n: number): number {\n  let sum = 0;\n  for (let i = 0; i < n; i++) {\n    sum += i % 3 === 0\n      ? Math.sqrt(i)\n      : 1;\n  }\n  return sum;\n}\nwork(9e6);\n';
      const path = write('memory-only.ts', text);
      const { code, map } = transformSync(text, {
        loader: 'ts',
        format: 'cjs',
        sourcemap: 'external',
        sourcefile: path,
        minifyWhitespace: true,
      });
      // As @babel/register does it with `sourceMaps: true`.
      const support = resolve(import.meta.dirname, '../../node_modules/source-map-support');
      write(
        'register.cjs',
        `const maps = {};
        require(${JSON.stringify(support)}).install({
          retrieveSourceMap: (file) => (file in maps ? { url: null, map: maps[file] } : null),
        });
        require.extensions['.ts'] = (module, file) => {
          maps[file] = ${map};
          module._compile(${JSON.stringify(code)}, file);
        };`,
      );
      const { functions } = await run(
        { kind: 'exec', command: [process.execPath, '--require', join(folder, 'register.cjs'), path] },
        { functions: ['work'], hits },
      );
      const [work] = functions;
      assert.deepEqual([work?.file, work?.line, work?.endLine], ['memory-only.ts', 5, 13]);
      assert.deepEqual(hitsOf(work!), [null, 1, 9e6 + 1, 9e6, 3e6, 6e6, null, 1, null]);
      const within = work!.lines.slice(2, 6).reduce((sum, { samples }) => sum + samples, 0);
      assert.ok(within > 0.9 * work!.samples, `${within} of ${work!.samples}`);
    });
  }

  it('merges workers and children, and tells them apart when asked', async function () {
    // On a busy machine one of the three has been seen without a single sample (Node 22, once in six runs).
    this.retries(3);
    const path = write(
      'many.mjs',
      `import { fork } from 'node:child_process';\nimport { isMainThread, Worker } from 'node:worker_threads';\nimport { fileURLToPath } from 'node:url';\n${SPIN}\nspin(3e7);\nconst me = fileURLToPath(import.meta.url);\nif (isMainThread && process.argv[2] === undefined) {\n  new Worker(me);\n  fork(me, ['child']);\n}\n`,
    );
    const { functions, run: facts } = await run(script(path), { functions: ['spin'], byProcess: true });
    assert.equal(functions[0]?.calls, 3);
    assert.equal(facts.processes.length, 3);
    assert.equal(new Set(facts.processes.map(({ pid }) => pid)).size, 2);
    const parts = facts.processes.map(({ functions: own }) => own?.[0]?.samples ?? 0);
    assert.ok(
      parts.every((samples) => samples > 20),
      `${parts}`,
    );
    assert.equal(
      parts.reduce((a, b) => a + b, 0),
      functions[0].samples,
    );
  });

  it('tells the profile so far while the program runs', async () => {
    const path = write(
      'long.cjs',
      `${SPIN}\nconst end = Date.now() + 3000;\nwhile (Date.now() < end) spin(1e5);\n`,
    );
    const seen: number[] = [];
    const onLive = (so: Profile): void => void seen.push(so.functions[0]?.samples ?? 0);
    await run(script(path), { functions: ['spin'], hits: 'none' }, { onLive });
    assert.ok(seen.length >= 2, `${seen.length} live profiles`);
    assert.ok(seen.at(-1)! > seen[0]!, `${seen}`);
  });

  it('shows what ran until a timeout, without hits, and leaves nothing behind', async () => {
    const path = write('forever.cjs', `${SPIN}\nfor (;;) spin(1e6);\n`);
    const { functions, run: facts } = await run(script(path), { timeoutMillis: 1500, functions: ['spin'] });
    assert.equal(facts.stopped, 'timeout');
    assert.ok(functions[0]!.samples > 100);
    assert.ok(functions[0]!.lines[2]!.text.includes('for (let i = 0; i < rounds; i++)'));
    assert.ok(functions[0]!.lines.every(({ hits }) => hits === null));
    assert.ok(facts.notes.some((note) => note.startsWith('Hits are blank')));
  });

  it('shows the profile of a program that throws', async () => {
    const path = write('throws.cjs', `${SPIN}\nspin(3e7);\nthrow new Error('on purpose');\n`);
    const { functions, run: facts } = await run(script(path), { functions: ['spin'], hits: 'none' });
    assert.equal(facts.exitCode, 1);
    assert.ok(functions[0]!.samples > 50);
  });

  it('counts the evaluation that throws', async () => {
    const path = write(
      'thrown.cjs',
      `${SPIN}\nfunction fails() {\n  spin(5e7);\n  throw new Error('on purpose');\n}\n`,
    );
    const repeat = { kind: 'enough', minMillis: null } as const;
    const way: Way = { kind: 'call', file: path, expression: 'fails()', repeat };
    const { functions, run: facts } = await run(way, { functions: ['fails'] });
    assert.deepEqual([functions[0]?.calls, facts.repeats, facts.exitCode], [1, 1, 1]);
    assert.deepEqual(hitsOf(functions[0]!), [null, 1, 1, null]);
  });

  it('names the nearest functions when a selector matches nothing', () =>
    fails(
      run(script(write('near.cjs', `${SPIN}\nspin(10);\n`)), { functions: ['spinn'] }),
      'no-such-function',
      /spinn/,
    ));

  it('says that the program failed when it loaded nothing to choose from', async () => {
    const path = write('fails.cjs', "require('./not-there.cjs');");
    const work = run({ kind: 'exec', command: [process.execPath, path] }, { functions: ['elsewhere'] });
    await assert.rejects(work, (error) => {
      assert.ok(error instanceof ProfileError);
      assert.match(error.advice, /^The program ended with exit code 1, perhaps before it loaded the file/);
      return true;
    });
  });

  it('says where a script does not parse', () =>
    fails(run(script(write('broken.cjs', 'let a = 1;\nlet b = ;\n'))), 'syntax-error', /broken\.cjs:2:\d+/));

  it('says so of TypeScript that has to be transpiled, too', () =>
    fails(
      run(script(write('broken.tsx', 'enum A { a }\nfunction f(: number) {\n}\n'))),
      'syntax-error',
      /broken\.tsx:2:12/,
    ));

  it('says that a command started no Node', () =>
    fails(run({ kind: 'exec', command: ['true'] }), 'no-samples', /no Node program/));
});
