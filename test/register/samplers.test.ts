import assert from 'node:assert/strict';
import { Session } from 'node:inspector';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { Script } from 'node:vm';
import { scriptKey } from '../../src/register/files.ts';
import { addOnSampler, findAddOn } from '../../src/register/samplers/addon.ts';
import { whyNoAddOn } from '../../src/register/samplers/choose.ts';
import { inspectorSampler } from '../../src/register/samplers/inspector.ts';
import { clockMicros, type RawProfile, type Sampler } from '../../src/register/samplers/sampler.ts';

const INTERVAL = 500;

/** The last Node that v8-profiler-next compiles on. */
const LAST_ADD_ON_NODE = 24;
const NODE = Number(process.versions.node.split('.')[0]);

interface Case {
  readonly name: Sampler['name'];
  readonly make: () => Sampler;
}

/** Those that are to work with this Node; one that does not fails its tests. */
function samplers(): Case[] {
  const session = new Session();
  session.connect();
  const ofInspector: Case = {
    name: 'node:inspector',
    make: () => inspectorSampler(session, { intervalMicros: INTERVAL, coverage: false, late: true }),
  };
  if (NODE > LAST_ADD_ON_NODE) return [ofInspector];
  const found = findAddOn(import.meta.dirname, import.meta.filename);
  const ofAddOn: Case = {
    name: 'v8-profiler-next',
    make() {
      if (found.addOn === null) throw new Error(whyNoAddOn(found.problem));
      return addOnSampler(found.addOn, INTERVAL);
    },
  };
  return [ofInspector, ofAddOn];
}

interface Work {
  readonly spin: (millis: number) => number;
  readonly file: string;
}

let number = 0;

/**
 * New code, not compiled yet, that works for so much CPU time: on a busy machine the rest is others'. Most of its time
 * is on line 4, in a function that V8 optimises while it loops.
 */
function freshWork(): Work {
  const file = join(import.meta.dirname, `work-${number++}.js`);
  const text = `(function spin${number}(millis) {
    const end = process.cpuUsage().user + millis * 1000; let y = 1;
    while (process.cpuUsage().user < end)
      for (let i = 0; i < 20000; i++) y = (y * 1.0001 + i) % 1000003;
    return y;
  })`;
  return { spin: new Script(text, { filename: file }).runInThisContext() as Work['spin'], file };
}

/** Samples of a file's functions, those on its line 3 or 4, and those in code without a name. */
function countsOf({ nodes }: RawProfile, file: string): { all: number; loop: number; nameless: number } {
  const counts = { all: 0, loop: 0, nameless: 0 };
  for (const { callFrame, hitCount = 0, positionTicks = [] } of nodes) {
    if (callFrame.url === '' && /^(\(anonymous\))?$/.test(callFrame.functionName))
      counts.nameless += hitCount;
    if (scriptKey(callFrame.url) !== file) continue;
    assert.match(callFrame.functionName, /^spin\d+$/);
    assert.equal(callFrame.lineNumber, 0);
    counts.all += hitCount;
    for (const { line, ticks } of positionTicks) if (line === 3 || line === 4) counts.loop += ticks;
  }
  return counts;
}

for (const { name, make } of samplers()) {
  describe(`sampler: ${name}`, () => {
    it('knows functions and lines of code that is optimised meanwhile, from one profile to the next', () => {
      const sampler = make();
      sampler.start();
      const { spin, file } = freshWork();
      for (let round = 0; round < 3; round++) {
        spin(300);
        const { all, loop, nameless } = countsOf(round < 2 ? sampler.drain() : sampler.stop(), file);
        assert.ok(all >= 20, `round ${round}: ${all} samples`);
        assert.ok(loop >= 0.9 * all, `round ${round}: ${loop} of ${all} on the loop`);
        assert.ok(nameless <= 0.1 * all, `round ${round}: ${nameless} nameless, ${all} known`);
      }
    });

    it('stamps samples with the clock of windows, to a fraction of an interval', () => {
      const now = clockMicros();
      const sampler = make();
      sampler.start();
      const [inner, outer] = [freshWork(), freshWork()];
      const edges: number[] = [];
      for (let i = 0; i < 20; i++) {
        edges.push(now());
        inner.spin(10);
        edges.push(now());
        outer.spin(10);
      }
      const { startTime, timeDeltas = [], samples = [], nodes } = sampler.stop();
      assert.equal(samples.length, timeDeltas.length);
      const files = new Map(nodes.map(({ id, callFrame }) => [id, scriptKey(callFrame.url)]));
      let time = startTime;
      const wrong = { inner: 0, outer: 0, all: 0 };
      samples.forEach((id, index) => {
        time += timeDeltas[index]!;
        const isInside = edges.findIndex((edge) => edge > time) % 2 === 1;
        if (files.get(id) === inner.file && !isInside) wrong.inner++;
        if (files.get(id) === outer.file && isInside) wrong.outer++;
        wrong.all++;
      });
      assert.ok(wrong.all >= 100, `${wrong.all} samples`);
      // Half an interval off, and every second of the 40 edges has one on its wrong side.
      assert.ok(wrong.inner + wrong.outer <= 4, JSON.stringify(wrong));
    });

    it('samples nothing while it is off', async () => {
      const sampler = make();
      sampler.start();
      const { spin, file } = freshWork();
      spin(300);
      const on = countsOf(sampler.stop(), file).all;
      spin(600);
      sampler.start();
      await delay(1);
      const off = countsOf(sampler.stop(), file).all;
      assert.ok(on > 10, `${on} samples while it was on`);
      assert.ok(off < on / 10, `${off} samples of the time it was off, ${on} while it was on`);
    });

    it('knows code that was optimised while it was off, from one rest to the next', () => {
      const sampler = make();
      assert.ok(sampler.restMillis! > 0);
      sampler.start();
      const { spin, file } = freshWork();
      spin(100);
      sampler.stop();
      for (let rest = 0; rest < 3; rest++) {
        spin(300);
        sampler.start();
        spin(300);
        const { all, loop, nameless } = countsOf(sampler.stop(), file);
        const seen = `rest ${rest}: ${all} samples, ${loop} on the loop, ${nameless} nameless`;
        assert.ok(all >= 20 && loop >= 0.9 * all && nameless <= 0.1 * all, seen);
      }
    });
  });
}

describe('v8-profiler-next, where it was built for this Node', () => {
  it('is loaded without the package that finds its file', () => {
    const found = findAddOn(import.meta.dirname, import.meta.filename);
    const { cache } = createRequire(import.meta.url);
    const finders = Object.keys(cache).filter((path) => /node-pre-gyp/.test(path));
    if (found.addOn === null) assert.ok(NODE > LAST_ADD_ON_NODE, whyNoAddOn(found.problem));
    else assert.deepEqual(finders, []);
  });
});

describe('why v8-profiler-next cannot be used', () => {
  for (const [problem, expected] of [
    [null, /not installed \(npm install v8-profiler-next\)/],
    [
      "The module '/x/profiler.node' was compiled against a different Node.js version using\nNODE_MODULE_VERSION 115. This version of Node.js requires\nNODE_MODULE_VERSION 127.",
      /built for another Node \(module version 115, this Node v[\d.]+ needs 127\): run npm rebuild/,
    ],
    [
      "Cannot find module '/x/build/binding/Release/node-v147-linux-x64/profiler.node'",
      /not built for this Node \(v[\d.]+, module version 147\): run npm rebuild/,
    ],
    ['libstdc++.so.6: no such file', /cannot be loaded by Node v[\d.]+ \(libstdc\+\+\.so\.6: no such file\)/],
  ] as const) {
    it(String(problem).slice(0, 40), () => assert.match(whyNoAddOn(problem), expected));
  }
});
