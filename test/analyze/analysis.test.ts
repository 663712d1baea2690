import assert from 'node:assert/strict';
import { createAnalysis } from '../../src/analyze/analysis.ts';
import type { ChosenFunction } from '../../src/analyze/build.ts';
import type { InputFrame, InputFunction, InputScriptMap, InputTables } from '../../src/analyze/input.ts';
import { withHits } from '../../src/analyze/with-hits.ts';
import { madeFrom } from '../../src/engine/made-from.ts';
import { type FunctionProfile, WHERES, type Where } from '../../src/model/profile.ts';
import { parseSource } from '../../src/source/parse.ts';
import { createMapper } from '../../src/sourcemap/mapper.ts';

const SOURCE = `function outer(n) {
  const inner = (k) => {
    return k > 0 ? inner(k - 1) : work();
  };
  inner(n);
  return inner(1);
}
function work() { return 1; } function other() { return work(); }
outer(3);
`;

const LIBRARY = 'exports.lib = (f) => f();\n';

/** Tables for these scripts; a frame is an offset in one of them, or a builtin's name. */
function tablesOf(scripts: Readonly<Record<string, string>>) {
  const frames: InputFrame[] = [];
  const urls = Object.keys(scripts);
  const tables: InputTables = {
    frames,
    scripts: new Map(urls.map((url, id) => [id, { id, url, text: () => scripts[url]! }])),
  };
  const js = (url: string, needle: string | number, name = '', start = 0): number => {
    const text = scripts[url]!;
    const offset = typeof needle === 'number' ? needle : text.indexOf(needle);
    assert.ok(offset >= -1 && (typeof needle === 'number' || offset >= 0), `${needle}`);
    const fn: InputFunction = {
      scriptId: urls.indexOf(url),
      start,
      end: text.length,
      name,
      line: 1,
      column: 0,
    };
    return frames.push({ kind: 'js', fn, offset, name }) - 1;
  };
  const builtin = (name: string): number => frames.push({ kind: 'builtin', fn: null, offset: -1, name }) - 1;
  return { tables, js, builtin };
}

function newAnalysis(cwd = '/app') {
  const mapper = createMapper({ readFile: () => null, cwd });
  const opened: InputScriptMap[] = [];
  const analysis = createAnalysis({
    cwd,
    parse: parseSource,
    open(script) {
      const map = mapper.open(script);
      opened.push(map);
      return map;
    },
    madeFrom,
    isProfiler: (path) => path.startsWith('/app/lineprof/'),
  });
  return { analysis, opened };
}

/** Frames outermost first. */
function sample(where: Where, frames: readonly number[]) {
  return { where: WHERES.indexOf(where), frames: Int32Array.from(frames), depth: frames.length };
}

function chosenOf(analysis: ReturnType<typeof newAnalysis>['analysis'], path: string, ...names: string[]) {
  const file = analysis.files('loaded').find((one) => one.path === path)!;
  return names.map((name): ChosenFunction => {
    const fn = file.source()!.functions.find((one) => one.name === name);
    assert.ok(fn, name);
    return { path, function: fn, file };
  });
}

const line = (fn: FunctionProfile, number: number) => fn.lines.find((one) => one.line === number)!;

describe('analyze: functions and lines', () => {
  const { tables, js, builtin } = tablesOf({ '/app/a.js': SOURCE });
  const module = js('/app/a.js', 'outer(3)');
  const call5 = js('/app/a.js', 'inner(n)');
  const call6 = js('/app/a.js', 'inner(1)');
  const recursion = js('/app/a.js', 'inner(k - 1)');
  const callWork = js('/app/a.js', 'work();\n');
  const inWork = js('/app/a.js', '1; }');
  const inOther = js('/app/a.js', 'work(); }');
  const unknown = js('/app/a.js', -1, '', SOURCE.indexOf('outer(3)'));
  const sort = builtin('ArrayPrototypeSort');
  const { analysis } = newAnalysis();
  const sink = analysis.isolate(tables);
  // Recursion: line 3 three times on one stack.
  for (let i = 0; i < 6; i++)
    sink.tick(sample('turbofan', [module, call5, recursion, recursion, callWork, inWork]));
  for (let i = 0; i < 2; i++) sink.tick(sample('builtin', [module, call6, sort]));
  sink.tick(sample('gc', [module, call5, sort, recursion]));
  sink.tick(sample('interpreted', [module, inOther]));
  sink.tick(sample('baseline', [module, unknown]));
  sink.tick(sample('native', []));
  sink.done(100);
  const result = analysis.finish(
    chosenOf(analysis, '/app/a.js', 'outer', 'outer.inner', 'work', 'other', '<module>'),
  );
  const [outer, inner, work, other, whole] = result.functions as [
    FunctionProfile,
    FunctionProfile,
    FunctionProfile,
    FunctionProfile,
    FunctionProfile,
  ];

  it('a function’s time is that of any position inside it, functions written in it included', () => {
    assert.deepEqual(
      [outer.samples, outer.selfSamples, outer.totalMicros, outer.selfMicros],
      [9, 3, 900, 300],
    );
    assert.deepEqual([inner.samples, inner.selfSamples], [7, 1]);
    assert.deepEqual([work.samples, work.selfSamples], [6, 6]);
    assert.equal(whole.samples, 11);
    assert.equal(outer.file, 'a.js');
    assert.deepEqual([outer.line, outer.endLine, outer.column], [1, 7, 0]);
  });

  it('a line counts once a sample, recursion or not', () => {
    assert.equal(line(outer, 3).samples, 7);
    assert.equal(line(outer, 5).samples, 7);
    assert.equal(line(outer, 6).samples, 2);
    assert.equal(line(outer, 3).selfSamples, 1);
    assert.equal(line(outer, 6).selfSamples, 2);
    assert.equal(line(outer, 3).text, '    return k > 0 ? inner(k - 1) : work();');
    assert.equal(line(outer, 3).percent, (7 / 9) * 100);
    assert.equal(line(outer, 2).samples, 0);
    assert.equal(line(outer, 2).percent, 0);
  });

  it('a line that two functions share has each one’s samples apart', () => {
    assert.equal(line(work, 8).samples, 6);
    assert.equal(line(other, 8).samples, 1);
    assert.equal(line(whole, 8).samples, 7);
    assert.equal(line(work, 8).percent, 100);
  });

  it('says where the machine was', () => {
    assert.deepEqual(line(outer, 3).where, { turbofan: 6, gc: 1 });
    assert.deepEqual(line(outer, 6).where, { builtin: 2 });
  });

  it('says which functions a line called, through builtins, each once a sample', () => {
    const calls = (fn: FunctionProfile, number: number) =>
      line(fn, number).calls.map(({ name, samples, percent }) => [name, samples, Math.round(percent)]);
    assert.deepEqual(calls(outer, 3), [
      ['outer.inner', 6, 86],
      ['work', 6, 86],
    ]);
    assert.deepEqual(calls(outer, 5), [['outer.inner', 7, 100]]);
    assert.deepEqual(calls(outer, 6), []);
    assert.deepEqual(line(outer, 3).calls[1], {
      name: 'work',
      file: 'a.js',
      line: 8,
      column: 0,
      samples: 6,
      percent: (6 / 7) * 100,
    });
  });

  it('never gives a line more than its function has', () => {
    for (const fn of result.functions) {
      for (const one of fn.lines) {
        assert.ok(one.samples <= fn.samples && one.selfSamples <= one.samples, `${fn.name}:${one.line}`);
        assert.ok(one.percentLow! <= one.percent! && one.percent! <= one.percentHigh!);
      }
    }
  });

  it('has the call tree of the same samples', () => {
    const { nodes, frames } = result.tree;
    assert.equal(nodes[0]?.samples, 12);
    assert.equal(frames[nodes[0]!.frame]?.kind, 'root');
    for (const [index, node] of nodes.entries()) {
      assert.ok(node.parent < index);
      const children = nodes.filter(({ parent }) => parent === index);
      assert.equal(node.samples, node.selfSamples + children.reduce((sum, child) => sum + child.samples, 0));
    }
    const builtinNode = nodes.find(({ frame }) => frames[frame]!.kind === 'builtin');
    assert.equal(frames[nodes[builtinNode!.parent]!.frame]?.name, 'outer');
  });

  it('takes the functions that were innermost most often as the hottest, own code only', () => {
    assert.deepEqual(
      analysis.hottest(2).map(({ function: fn }) => fn.name),
      ['work', 'outer'],
    );
  });

  it('takes hits from a function of lines', () => {
    const counted = withHits(result.functions, (index) =>
      index === 0 ? { calls: 4, callsInTimedRun: null, line: (number) => (number === 3 ? 12 : null) } : null,
    );
    assert.equal(counted[0]?.calls, 4);
    assert.equal(line(counted[0]!, 3).hits, 12);
    assert.equal(line(counted[0]!, 4).hits, null);
    assert.equal(counted[1], result.functions[1]);
  });
});

describe('analyze: a function without samples', () => {
  it('is blank and says why, better once its calls are counted', () => {
    const { tables } = tablesOf({ '/app/a.js': SOURCE });
    const { analysis } = newAnalysis();
    analysis.isolate(tables).done(100);
    const { functions } = analysis.finish(chosenOf(analysis, '/app/a.js', 'work'));
    const [work] = functions;
    assert.deepEqual([work?.samples, work?.totalMicros, work?.lines[0]?.percent], [0, null, null]);
    assert.match(work?.notes[0] ?? '', /not called, or its time was too short/);
    const notes = (calls: number) =>
      withHits(functions, () => ({ calls, callsInTimedRun: null, line: () => 0 }))[0]?.notes;
    assert.deepEqual(notes(0), ['It was never called.']);
    assert.deepEqual(notes(3), ['Its time was too short for a sample.']);
  });
});

describe('analyze: several isolates', () => {
  it('adds up samples, each with its own interval, and keeps them apart as well', () => {
    const { analysis } = newAnalysis();
    for (const [interval, count] of [
      [100, 3],
      [1000, 2],
    ] as const) {
      const { tables, js } = tablesOf({ 'file:///app/a.js': SOURCE });
      const sink = analysis.isolate(tables);
      const frames = [js('file:///app/a.js', 'outer(3)'), js('file:///app/a.js', 'inner(n)')];
      for (let i = 0; i < count; i++) sink.tick(sample('turbofan', frames));
      sink.done(interval);
      assert.equal(sink.samples, count);
    }
    const result = analysis.finish(chosenOf(analysis, '/app/a.js', 'outer'));
    assert.equal(result.functions[0]?.samples, 5);
    assert.equal(result.functions[0]?.totalMicros, 2300);
    assert.equal(line(result.functions[0]!, 5).totalMicros, 2300);
    assert.equal(result.byIsolate(0)[0]?.totalMicros, 300);
    assert.equal(result.byIsolate(1)[0]?.samples, 2);
  });
});

describe('analyze: whose code it is', () => {
  it('knows own code, packages, Node and the profiler', () => {
    const { tables, js, builtin } = tablesOf({
      '/app/a.js': SOURCE,
      '/app/node_modules/lib/index.js': LIBRARY,
      'node:fs': 'function read() {}',
      '/app/lineprof/collect.cjs': 'start();',
    });
    const frames = [
      js('/app/lineprof/collect.cjs', 'start()'),
      js('/app/a.js', 'inner(n)'),
      js('/app/node_modules/lib/index.js', 'f()', 'lib'),
      js('node:fs', 'read', 'readFileSync'),
      builtin('Buffer'),
    ];
    const { analysis, opened } = newAnalysis();
    const sink = analysis.isolate(tables);
    sink.tick(sample('builtin', frames));
    sink.done(1);
    const result = analysis.finish(chosenOf(analysis, '/app/a.js', 'outer'));
    assert.deepEqual(
      result.tree.nodes.map(({ frame }) => [
        result.tree.frames[frame]!.kind,
        result.tree.frames[frame]!.file,
      ]),
      [
        ['root', null],
        ['node', '/app/lineprof/collect.cjs'].map((x) =>
          x?.startsWith('/app') ? 'lineprof/collect.cjs' : x,
        ),
        ['own', 'a.js'],
        ['package', 'node_modules/lib/index.js'],
        ['node', 'node:fs'],
        ['builtin', null],
      ],
    );
    assert.deepEqual(
      line(result.functions[0]!, 5).calls.map(({ name }) => name),
      ['lib'],
    );
    assert.deepEqual(
      opened.map(({ url }) => url).filter((url) => url !== '/app/a.js'),
      [],
      'texts of others were read',
    );
    assert.deepEqual(analysis.hottest(5), []);
  });

  it('keeps own code that does not parse, by V8’s own ranges, and says so', () => {
    const { tables, js } = tablesOf({ '/app/bad.js': 'let let = ;' });
    const { analysis } = newAnalysis();
    const sink = analysis.isolate(tables);
    sink.tick(sample('turbofan', [js('/app/bad.js', 3, 'f')]));
    sink.done(1);
    const result = analysis.finish([]);
    assert.match(result.notes[0] ?? '', /^\/app\/bad\.js does not parse: /);
    assert.equal(result.tree.frames[result.tree.nodes[1]!.frame]?.name, 'f');
  });
});

describe('analyze: where to count', () => {
  it('gives the chosen functions’ ranges in the loaded text', () => {
    const { tables } = tablesOf({ '/app/a.js': SOURCE, '/app/b.js': 'function b() {}' });
    const { analysis } = newAnalysis();
    analysis.isolate(tables).done(1);
    const targets = analysis.finish(chosenOf(analysis, '/app/a.js', 'work', 'outer')).targets();
    assert.equal(targets.length, 1);
    assert.deepEqual(
      targets[0]?.ranges.map(([start, end]) => SOURCE.slice(start, end).slice(0, 14)),
      ['function outer', 'function work('],
    );
    assert.equal(targets[0]?.path, '/app/a.js');
    assert.equal(targets[0]?.mapped, false);
  });

  it('finds them in minified text through its map', async () => {
    const { transformSync } = await import('esbuild');
    const { code, map } = transformSync(SOURCE, {
      minify: true,
      sourcemap: 'external',
      sourcefile: '/app/src/a.js',
    });
    const text = `${code}//# sourceMappingURL=data:application/json;base64,${Buffer.from(map).toString('base64')}`;
    const { tables } = tablesOf({ '/app/dist/a.js': text });
    const { analysis } = newAnalysis();
    analysis.isolate(tables).done(1);
    const [target] = analysis.finish(chosenOf(analysis, '/app/src/a.js', 'outer')).targets();
    assert.equal(target?.path, '/app/dist/a.js');
    assert.equal(target?.mapped, true);
    const texts = target?.ranges.map(([start, end]) => text.slice(start, end)) ?? [];
    // What is written inside of it is counted with it.
    assert.equal(texts.length, 1, texts.join(' | '));
    assert.match(texts[0]!, /^function outer\(.*=>/);
  });
});

describe('analyze: a frame that may be at one of several calls', () => {
  const TEXT = 'function f(o) {\n  const s = o.a + o.b;\n  return s + o.c;\n}\nf({});\n';
  const { tables, js } = tablesOf({ '/app/f.js': TEXT });
  const frames = tables.frames as InputFrame[];
  const call = js('/app/f.js', 'f({})');
  const at = (...needles: readonly string[]): number => {
    const [offset = -1, ...otherOffsets] = needles.map((needle) => TEXT.indexOf(needle));
    const fn: InputFunction = { scriptId: 0, start: 10, end: 58, name: 'f', line: 1, column: 10 };
    return frames.push({ kind: 'js', fn, offset, name: 'f', otherOffsets }) - 1;
  };
  const lost = frames.push({ kind: 'js', fn: null, offset: -1, name: '(function not recorded)' }) - 1;
  const sameLine = at('o.a', 'o.b');
  const twoLines = at('o.b', 'o.c');
  const { analysis } = newAnalysis();
  const sink = analysis.isolate(tables);
  for (let i = 0; i < 5; i++) sink.tick(sample('builtin', [call, sameLine]));
  for (let i = 0; i < 3; i++) sink.tick(sample('builtin', [call, twoLines]));
  for (let i = 0; i < 2; i++) sink.tick(sample('builtin', [call, lost]));
  sink.done(100);
  const result = analysis.finish(chosenOf(analysis, '/app/f.js', 'f', '<module>'));
  const [f, whole] = result.functions as [FunctionProfile, FunctionProfile];

  it('counts for the line where all of them are on it, for the function alone otherwise', () => {
    assert.equal(f.samples, 8);
    assert.equal(line(f, 2).samples, 5);
    assert.equal(line(f, 3).samples, 0);
    assert.equal(sink.ambiguous, 3);
  });

  it('takes its time from the calling line’s self time, and so does a function that nothing names', () => {
    assert.equal(line(whole, 5).samples, 10);
    assert.equal(line(whole, 5).selfSamples, 0);
    assert.ok(result.tree.frames.some(({ name }) => name === '(function not recorded)'));
  });
});
