import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Ajv2020 } from 'ajv/dist/2020.js';
import schema from '../../docs/result.schema.json' with { type: 'json' };
import { type CpuProfileContext, importCpuProfile } from '../../src/export/cpuprofile.ts';
import type { CpuProfile } from '../../src/export/cpuprofile-file.ts';
import { ProfileError } from '../../src/model/error.ts';
import type { Profile } from '../../src/model/profile.ts';
import { parseSource } from '../../src/source/parse.ts';
import { createMapper } from '../../src/sourcemap/mapper.ts';
import { assertGolden } from '../report/golden.ts';
import { selfTimeText } from './golden-text.ts';

const fixtures = join(import.meta.dirname, 'fixtures');
const fixture = (name: string) => readFileSync(join(fixtures, name), 'utf8');

/** The recorded files name /project, which is the folder of fixtures. */
function readProject(path: string): string | null {
  try {
    return readFileSync(path.replace(/^\/project/, fixtures), 'utf8');
  } catch {
    return null;
  }
}

function imported(text: string, context: Partial<CpuProfileContext> = {}): Profile {
  const mapper = createMapper({ readFile: readProject, cwd: '/project' });
  return importCpuProfile(text, {
    name: 'a.cpuprofile',
    cwd: '/project',
    startedAt: new Date('2026-11-23T12:00:00Z'),
    most: 10,
    open: (url) => {
      const script = readProject(url.replace('file://', ''));
      return script === null ? null : mapper.open({ url, text: () => script });
    },
    parse: parseSource,
    ...context,
  });
}

const lineOf = (profile: Profile, name: string, line: number) =>
  profile.functions.find((fn) => fn.name === name)?.lines.find((one) => one.line === line);

describe('export: .cpuprofile', () => {
  const validate = new Ajv2020({ strict: true }).compile(schema);
  for (const name of ['main-node20', 'main-node26', 'typed-node26']) {
    it(`reads what Node wrote: ${name}`, () => {
      const profile = imported(fixture(`${name}.cpuprofile`), { name: `${name}.cpuprofile` });
      assertGolden(`../../export/goldens/${name}.txt`, selfTimeText(profile));
      assert.ok(validate(profile), JSON.stringify(validate.errors));
    });
  }

  it('gives a line outside of its function to the function that holds the line', () => {
    const recorded: CpuProfile = JSON.parse(fixture('main-node20.cpuprofile'));
    const walk = recorded.nodes.find(({ callFrame }) => callFrame.functionName === 'walk')!;
    const inlined = walk.positionTicks!.find(({ line }) => line === 5)!.ticks;
    assert.ok(inlined > 20, 'the recording shows no inlining: nothing is tested here');
    const profile = imported(fixture('main-node20.cpuprofile'));
    assert.equal(lineOf(profile, 'length', 5)!.selfSamples, inlined);
    assert.equal(
      profile.functions.find(({ name }) => name === 'walk')!.selfSamples,
      walk.hitCount! - inlined,
    );
    assert.match(profile.run.notes.join(), new RegExp(`${inlined} samples were on lines outside`));
  });

  it('counts as unplaced what no function holds', () => {
    const { unplacedSamples } = imported(
      program([
        { line: 2, ticks: 5 },
        { line: 900, ticks: 3 },
      ]),
    ).run;
    assert.equal(unplacedSamples, 8);
  });

  it('never knows hits nor whole times of lines, and says so', () => {
    const profile = imported(fixture('main-node26.cpuprofile'));
    assert.equal(profile.run.times, 'self');
    for (const { hits, totalMicros } of profile.functions.flatMap(({ lines }) => lines)) {
      assert.deepEqual([hits, totalMicros], [null, null]);
    }
    assert.match(profile.run.notes[0]!, /^Self time only/);
  });

  it('knows functions alone without position ticks', () => {
    const { run, functions } = imported(program(undefined));
    assert.equal(run.times, 'functions');
    assert.match(run.notes.join(), /^Functions only/);
    const [fn] = functions;
    assert.deepEqual([fn!.name, fn!.selfSamples, fn!.selfMicros], ['walk', 8, 8000]);
    assert.deepEqual(
      new Set(fn!.lines.map(({ selfMicros, percent }) => `${selfMicros} ${percent}`)),
      new Set(['null null']),
    );
  });

  it('counts samples where there are no hit counts, and the whole time where there are no deltas', () => {
    const recorded: CpuProfile = JSON.parse(program([{ line: 12, ticks: 8 }]));
    const [root, main, walk] = recorded.nodes.map(({ hitCount: _, ...node }) => node);
    const { timeDeltas: _, ...rest } = recorded;
    const profile = imported(
      JSON.stringify({ ...rest, nodes: [root, main, walk], samples: Array(8).fill(3) }),
    );
    assert.equal(lineOf(profile, 'walk', 12)!.selfSamples, 8);
    assert.equal(profile.run.intervalMicros, 1000);
  });

  it('says which files are gone, and which are not as they were', () => {
    const recorded = program([{ line: 12, ticks: 8 }]);
    assert.match(
      imported(recorded.replaceAll('shapes.mjs', 'gone.mjs')).run.notes.join(),
      /project\/gone\.mjs is not on this machine/,
    );
    const changed = imported(recorded.replaceAll('"columnNumber":20', '"columnNumber":2000'));
    assert.match(changed.run.notes.join(), /shapes\.mjs is not as it was/);
    assert.deepEqual(changed.functions, []);
  });

  it('opens a function of no file in a deep tree without a stack of its own', () => {
    const nodes = Array.from({ length: 20_000 }, (_, index) => ({
      id: index + 1,
      callFrame: frame(index === 0 ? '(root)' : `f${index}`, '', -1, -1),
      hitCount: 1,
      children: index === 19_999 ? [] : [index + 2],
    }));
    const { run, tree } = imported(JSON.stringify({ nodes, startTime: 0, endTime: 1000 }));
    assert.equal(run.samples, 20_000);
    assert.equal(tree.nodes.length, 20_000);
  });

  const good = JSON.parse(program([{ line: 12, ticks: 8 }]));
  const broken: Readonly<Record<string, readonly [string, RegExp]>> = {
    'an empty file': ['', /is empty/],
    'a cut-off file': [JSON.stringify(good).slice(0, 200), /cut off or damaged/],
    'a text': ['hello', /is no CPU profile/],
    'some JSON': ['[1]', /is no CPU profile/],
    'no nodes': [JSON.stringify({ ...good, nodes: [] }), /holds no samples/],
    'the old format': [JSON.stringify({ head: {}, startTime: 0, endTime: 1 }), /before 2017/],
    'a trace': [JSON.stringify({ traceEvents: [] }), /a trace/],
    'a child that is not there': [
      JSON.stringify({ ...good, nodes: [{ ...good.nodes[0], children: [77] }] }),
      /do not make a tree/,
    ],
    'a circle': [
      JSON.stringify({ ...good, nodes: [good.nodes[0], good.nodes[1], { ...good.nodes[2], children: [2] }] }),
      /do not make a tree/,
    ],
    'a sample of no node': [JSON.stringify({ ...good, samples: [99] }), /a node that it does not have/],
    'a node without a frame': [JSON.stringify({ ...good, nodes: [{ id: 1 }] }), /node 0 does not fit/],
    'no times': [JSON.stringify({ ...good, startTime: undefined }), /when it began/],
  };
  for (const [what, [text, words]] of Object.entries(broken)) {
    it(`refuses ${what} in one message`, () => {
      assert.throws(
        () => imported(text),
        (error) =>
          error instanceof ProfileError && error.reason === 'bad-result-file' && words.test(error.message),
      );
    });
  }
});

/** Eight samples in `walk` of shapes.mjs, a millisecond each. */
function program(positionTicks: { line: number; ticks: number }[] | undefined): string {
  return JSON.stringify({
    nodes: [
      { id: 1, callFrame: frame('(root)', '', -1, -1), hitCount: 0, children: [2] },
      { id: 2, callFrame: frame('', 'file:///project/main.mjs', 0, 0), hitCount: 0, children: [3] },
      { id: 3, callFrame: frame('walk', 'file:///project/shapes.mjs', 8, 20), hitCount: 8, positionTicks },
    ],
    startTime: 1000,
    endTime: 9000,
    samples: Array(8).fill(3),
    timeDeltas: [400, ...Array(7).fill(1000)],
  });
}

function frame(functionName: string, url: string, lineNumber: number, columnNumber: number) {
  return { functionName, scriptId: '1', url, lineNumber, columnNumber };
}
