import assert from 'node:assert/strict';
import vm from 'node:vm';
import { readHits } from '../../src/hits/read.ts';
import { parseSource } from '../../src/source/parse.ts';
import { fileHits, withCounters } from './harness.ts';
import { randomProgram, rounds } from './random.ts';

const SEEDS = 150;

/** Runs a text as a function's body; its value and the error that ended it are both results. */
function run(text: string, globals: object): unknown {
  return vm.runInContext(`(function () {${text}\n})()`, vm.createContext(globals));
}

describe('hits: random programs that write down their own', () => {
  for (const mapped of [false, true]) {
    it(`agree on every line${mapped ? ', as mapped texts' : ''}`, () => {
      let lines = 0;
      let ran = 0;
      for (let seed = 1; seed <= SEEDS; seed++) {
        const { plain, traced } = randomProgram(seed);
        const truth = new Map<number, number>();
        const T = (line: number): void => void truth.set(line, (truth.get(line) ?? 0) + 1);
        const expected = run(traced, { T, rounds });
        const { text, functions } = withCounters(plain, { mapped });
        const counters = new Uint32Array(10_000);
        const value = run(text, { __lineprof_h: counters });
        assert.equal(value, expected, `seed ${seed}`);
        const script = { path: '', textHash: '', text: plain, functions: readHits(functions, counters) };
        const hits = fileHits(parseSource(plain, 'a.js'), [script]);
        const table = plain.split('\n').map((line, index) => {
          const isCode = traced.split('\n')[index]!.includes(`T(${index + 1})`);
          const want = isCode ? (truth.get(index + 1) ?? 0) : null;
          if (want !== null) lines++;
          if (want) ran++;
          return { line: `${index + 1} ${line}`, want };
        });
        assert.deepEqual(
          table.map(({ line }, index) => `${hits[index]} | ${line}`),
          table.map(({ line, want }) => `${want} | ${line}`),
          `seed ${seed}`,
        );
      }
      assert.ok(lines > 10 * SEEDS && ran > lines / 4, `${ran} of ${lines} lines ran`);
    });
  }
});
