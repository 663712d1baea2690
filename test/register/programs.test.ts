import assert from 'node:assert/strict';
import { readFileSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { Ajv2020 } from 'ajv/dist/2020.js';
import ts from 'typescript';
import { readCpuProfile } from '../../src/export/cpuprofile-file.ts';
import { callsOf, project, REGISTER, run, selfLines } from './support.ts';

/** Spins on its line 4 for so long; with no callee that V8 may inline. */
const SPIN = `function spin(millis) {
  const end = performance.now() + millis; let y = 1;
  while (performance.now() < end)
    for (let i = 0; i < 20000; i++) y = (y * 1.0001 + i) % 1000003;
  return y;
}`;

describe('lineprof/register', () => {
  const folder = project('register', {
    'comment.mjs': `/** @profile */ ${SPIN}\nfunction quiet() { return spin; }\nspin(200); quiet(); spin(200);\n`,
    'wrapped.cjs': `const { profile } = require('lineprof');\nconst f = profile(${SPIN});\nf(300);\n`,
    // No source of it is ever seen by a loader: marks are met at run time alone.
    'compiled.cjs': `const { profile } = require('lineprof');
      const text = ${JSON.stringify(`(function (profile) { return profile(\n${SPIN});\n})`)};
      const f = new (require('node:vm').Script)(text, { filename: __dirname + '/made.js' }).runInThisContext()(profile);
      f(300); console.log(f.name);`,
    'async.mjs': `import { setTimeout as delay } from 'node:timers/promises';
      ${SPIN.replace('function spin', 'function other')}
      /** @profile */ async function handle(n) {
        await delay(5);
        let y = 1;
        for (let i = 0; i < 20_000_000; i++) y = (y * 1.0001 + n) % 1000003;
        await delay(5);
        return y;
      }
      await Promise.all([handle(1), handle(2), handle(3)]); other(200);`,
    'steps.mjs': `${SPIN.replace('function spin', 'function between')}
      /** @profile */ function* steps() {
        for (let k = 0; k < 40; k++) {
          const end = performance.now() + 5; let y = 1;
          while (performance.now() < end) for (let i = 0; i < 2000; i++) y = (y * 1.0001 + i) % 1000003;
          yield y;
        }
      }
      for (const step of steps()) between(5);`,
    'nothing.mjs': 'console.log("plain");',
    'throws.mjs': `/** @profile */ ${SPIN}\nspin(100); throw new Error('of the program');`,
    'threads.mjs': `import { Worker } from 'node:worker_threads'; import { fork } from 'node:child_process';
      if (process.argv[2] === undefined) {
        new Worker(new URL('comment.mjs', import.meta.url));
        fork(new URL('comment.mjs', import.meta.url).pathname, [], { execArgv: [] });
      }`,
  });

  for (const [name, args, env] of [
    ['--import', REGISTER, {}],
    ['--require', ['--require', 'lineprof/register'], {}],
    ['NODE_OPTIONS', [], { NODE_OPTIONS: '--import lineprof/register' }],
  ] as const) {
    it(`profiles functions under a comment, by ${name}`, async () => {
      const ran = await run(folder, [...args, 'comment.mjs'], { out: `out-${name}`, env });
      assert.equal(ran.code, 0, ran.stderr);
      const [profile] = ran.profiles;
      assert.deepEqual(callsOf(profile), { spin: 2 });
      const lines = selfLines(profile, 'spin');
      const all = [...lines.values()].reduce((a, b) => a + b, 0);
      assert.ok(
        all >= 20 && (lines.get(4) ?? 0) + (lines.get(3) ?? 0) >= 0.9 * all,
        JSON.stringify([...lines]),
      );
      assert.equal(profile!.run.times, 'self');
      assert.match(profile!.run.notes.join('\n'), /self time only.*lineprof run/);
      assert.match(ran.stderr, /^lineprof: .*\.json holds the profile \(lineprof view .*\)\.\n$/);
    });
  }

  it('writes what the schema of results says, and shows the lines as they are in the file', async () => {
    const ran = await run(folder, [...REGISTER, 'comment.mjs'], { out: 'out-schema' });
    const schema = JSON.parse(
      readFileSync(resolve(import.meta.dirname, '../../docs/result.schema.json'), 'utf8'),
    );
    const validate = new Ajv2020({ strict: true }).compile(schema as object);
    assert.ok(validate(ran.profiles[0]), JSON.stringify(validate.errors));
    const text = readFileSync(join(folder, 'comment.mjs'), 'utf8').split('\n');
    const [fn] = ran.profiles[0]!.functions;
    assert.deepEqual(
      fn!.lines.map((line) => line.text),
      text.slice(0, 6),
    );
    assert.equal(fn!.lines[0]!.hits, 2);
    assert.equal(fn!.lines[3]!.hits, null);
  });

  for (const file of ['wrapped.cjs', 'compiled.cjs']) {
    it(`profiles functions handed to profile(): ${file}`, async () => {
      const ran = await run(folder, [...REGISTER, file], { out: `out-${file}` });
      assert.equal(ran.code, 0, ran.stderr);
      const [profile] = ran.profiles;
      const [fn] = profile!.functions;
      assert.equal(fn!.calls, 1);
      assert.ok(fn!.selfSamples >= 20, `${fn!.selfSamples} self samples`);
      const hottest = fn!.lines.reduce((a, b) => (b.selfSamples > a.selfSamples ? b : a));
      assert.match(hottest.text, /for \(let i|while \(/);
    });
  }

  it('an async function is sampled after its awaits, and what runs when none is open is not', async () => {
    const ran = await run(folder, [...REGISTER, 'async.mjs'], { out: 'out-async' });
    const [profile] = ran.profiles;
    assert.deepEqual(callsOf(profile), { handle: 3 });
    const lines = selfLines(profile, 'handle');
    const loop = profile!.functions[0]!.lines.find(({ text }) => text.includes('20_000_000'))!.line;
    assert.ok((lines.get(loop) ?? 0) >= 20, JSON.stringify([...lines]));
    const names = profile!.tree.nodes
      .filter(({ selfSamples }) => selfSamples > 5)
      .map(({ frame }) => profile!.tree.frames[frame]!.name);
    assert.ok(!names.includes('other'), names.join());
  });

  it('what runs between the steps of a generator, as long as they, is not sampled', async () => {
    const ran = await run(folder, [...REGISTER, 'steps.mjs'], { out: 'out-steps' });
    const { nodes, frames } = ran.profiles[0]!.tree;
    const of = (name: string): number =>
      nodes.reduce(
        (sum, { frame, selfSamples }) => sum + (frames[frame]!.name === name ? selfSamples : 0),
        0,
      );
    assert.ok(of('steps') >= 50, `${of('steps')} samples of the steps`);
    assert.ok(of('between') <= 0.05 * of('steps'), `${of('between')} between, ${of('steps')} in steps`);
  });

  it('workers and child processes leave results of their own', async () => {
    const ran = await run(folder, ['threads.mjs'], {
      out: 'out-threads',
      env: { NODE_OPTIONS: '--import lineprof/register' },
    });
    assert.equal(ran.profiles.length, 2, ran.stderr);
    for (const profile of ran.profiles) assert.deepEqual(callsOf(profile), { spin: 2 });
    assert.deepEqual(ran.profiles.map(({ run }) => run.processes[0]!.thread > 0).sort(), [false, true]);
  });

  it('leaves a program without marks as it is', async () => {
    const ran = await run(folder, [...REGISTER, 'nothing.mjs'], { out: 'out-nothing' });
    assert.deepEqual([ran.stdout, ran.stderr, ran.files.length], ['plain\n', '', 0]);
  });

  it('an uncaught exception ends the program as it would, and the result is written', async () => {
    const ran = await run(folder, [...REGISTER, 'throws.mjs'], { out: 'out-throws' });
    assert.equal(ran.code, 1);
    assert.match(ran.stderr, /Error: of the program/);
    assert.deepEqual(callsOf(ran.profiles[0]), { spin: 1 });
  });

  it('LINEPROF_FORMAT=cpuprofile writes what viewers read', async () => {
    const ran = await run(folder, [...REGISTER, 'comment.mjs'], {
      out: 'out-cpuprofile',
      env: { LINEPROF_FORMAT: 'cpuprofile' },
    });
    assert.equal(ran.files.length, 1);
    assert.match(ran.files[0]!, /\.cpuprofile$/);
    const text = readFileSync(join(folder, 'out-cpuprofile', ran.files[0]!), 'utf8');
    const { nodes, samples = [], timeDeltas = [], startTime, endTime } = readCpuProfile(text, ran.files[0]!);
    assert.equal(samples.length, timeDeltas.length);
    assert.equal(
      timeDeltas.reduce((a, b) => a + b, 0),
      endTime - startTime,
    );
    const spin = nodes.find(({ callFrame }) => callFrame.functionName === 'spin')!;
    // As VS Code does it: a sample's time is until the next one.
    const micros = samples.reduce((sum, id, at) => sum + (id === spin.id ? (timeDeltas[at + 1] ?? 0) : 0), 0);
    assert.ok(micros > 250_000 && micros < 2_000_000, `${micros} µs`);
    assert.match(spin.callFrame.url, /^file:.*comment\.mjs$/);
  });

  it('LINEPROF_HITS=1 counts the hits of lines', async () => {
    const ran = await run(folder, [...REGISTER, 'comment.mjs'], {
      out: 'out-hits',
      env: { LINEPROF_HITS: '1' },
    });
    const lines = ran.profiles[0]!.functions[0]!.lines;
    assert.deepEqual([lines[1]!.hits, lines[4]!.hits], [2, 2]);
    assert.ok(lines[3]!.hits! >= 2);
  });
});

describe('lineprof/register with TypeScript', () => {
  const source = `import { profile } from 'lineprof';
interface Point { readonly x: number }
class Simulator {
  readonly points: Point[] = [{ x: 1 }, { x: 2 }];
  @profile
  evolve(millis: number): number {
    const end = performance.now() + millis;
    let y: number = 1;
    while (performance.now() < end) for (let i = 0; i < 20000; i++) y = (y + this.points[i % 2]!.x) % 1000003;
    return y;
  }
  @profile
  async later(): Promise<number> { await null; return this.evolve(100); }
}
const simulator = new Simulator();
simulator.evolve(100);
simulator.later();
`;
  const folder = project('register-typescript', {
    'package.json': '{ "type": "module" }',
    'standard/app.ts': source,
    'legacy/app.ts': source,
    'legacy/tsconfig.json': '{ "compilerOptions": { "experimentalDecorators": true } }',
  });
  for (const legacy of [false, true]) {
    const kind = legacy ? 'legacy' : 'standard';
    const expected = { 'Simulator.evolve': 2, 'Simulator.later': 1 };

    it(`${kind} decorators, compiled by tsc with a source map`, async () => {
      const compilerOptions: ts.CompilerOptions = {
        target: ts.ScriptTarget.ES2022,
        module: ts.ModuleKind.ESNext,
        experimentalDecorators: legacy,
        inlineSourceMap: true,
        inlineSources: true,
      };
      const fileName = join(folder, kind, 'app.ts');
      const { outputText } = ts.transpileModule(source, { fileName, compilerOptions });
      writeFileSync(join(folder, kind, 'app.js'), outputText);
      const ran = await run(folder, [...REGISTER, `${kind}/app.js`], { out: `out-tsc-${kind}` });
      const [profile] = ran.profiles;
      assert.deepEqual(callsOf(profile), expected, ran.stderr);
      const lines = selfLines(profile, 'Simulator.evolve');
      const all = [...lines.values()].reduce((a, b) => a + b, 0);
      assert.ok(all >= 20 && (lines.get(9) ?? 0) >= 0.9 * all, JSON.stringify([...lines]));
      assert.ok(profile!.functions.every(({ file }) => file === `${kind}/app.ts`));
    });

    it(`${kind} decorators, under tsx: one line, so times of functions alone, and why`, async () => {
      const tsx = pathToFileURL(resolve(import.meta.dirname, '../../node_modules/tsx/dist/loader.mjs')).href;
      const ran = await run(join(folder, kind), ['--import', tsx, ...REGISTER, 'app.ts'], {
        out: `out-tsx`,
      });
      const [profile] = ran.profiles;
      assert.deepEqual(callsOf(profile), expected, ran.stderr);
      const evolve = profile!.functions.find(({ name }) => name === 'Simulator.evolve')!;
      assert.ok(evolve.selfSamples >= 20);
      assert.ok(evolve.lines.every(({ selfMicros, percent }) => selfMicros === null && percent === null));
      assert.match(evolve.notes.join(), /not known: its file was compiled to text without lines/);
    });
  }
});
