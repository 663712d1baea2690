import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { build } from 'esbuild';
import type { LineMemory } from '../../src/model/memory.ts';
import type { Profile } from '../../src/model/profile.ts';

const CLI = resolve(import.meta.dirname, '../../dist/cli.js');

describe('memory: programs', function () {
  this.timeout(120_000);
  let folder = '';
  before(() => {
    folder = mkdtempSync(join(tmpdir(), 'lineprof-memory-'));
  });
  after(() => rmSync(folder, { recursive: true, force: true }));

  /** Runs `lineprof memory …` on a program of this text: what it printed, and the result. */
  function memory(
    name: string,
    text: string,
    args: readonly string[],
    before: readonly string[] = ['run'],
    input = '',
  ) {
    const file = join(folder, name);
    writeFileSync(file, text);
    const result = join(folder, 'result.json');
    rmSync(result, { force: true });
    const run = spawnSync(
      process.execPath,
      [CLI, 'memory', ...before, '--json', result, ...args.map((arg) => arg.replace('FILE', file))],
      { encoding: 'utf8', cwd: folder, input },
    );
    let profile: Profile | null = null;
    try {
      profile = JSON.parse(readFileSync(result, 'utf8')) as Profile;
    } catch {
      // The test looks at what was printed.
    }
    const line = (part: string): LineMemory => {
      const lines = profile?.functions.flatMap((fn) => fn.lines) ?? [];
      const found = lines.find((one) => one.text.includes(part))?.memory;
      assert.ok(found, `no memory of ${part}:\n${run.stdout}\n${run.stderr}`);
      return found;
    };
    return { ...run, profile: profile!, line };
  }

  const MIB = 1_048_576;
  const near = (bytes: number, wanted: number): void =>
    assert.ok(Math.abs(bytes - wanted) < Math.max(300_000, wanted * 0.05), `${bytes}, not ${wanted}`);

  it('functions, classes and toString itself print the source as it was written', () => {
    const text = `
      class A { m(x) { if (x) return () => x; return [1].map((y) => ({ y })); } static s() { for (const a of []) a; } }
      async function f(a = () => 1, { b } = {}) { await a(); return b }
      const g = (x) => (y) => (x, y);
      function h() { 'use strict'; if (1) return 2; else return 3 }
      const seen = [A, A.prototype.m, A.s, f, g, g(1), h, Function.prototype.toString, Math.max];
      console.log(JSON.stringify(seen.map(String)));`;
    const plain = join(folder, 'plain.cjs');
    writeFileSync(plain, text);
    const expected = spawnSync(process.execPath, [plain], { encoding: 'utf8' }).stdout;
    const { stdout } = memory('sources.cjs', text, ['-q', '-f', '<module>', 'FILE']);
    assert.equal(stdout.split('\n')[0], expected.trim());
  });

  it('out of memory: the readings until then, and one clear line', () => {
    const text = `function fill() {
      const first = new Float64Array(1_000_000);
      const kept = [first];
      for (;;) kept.push(new Array(100_000).fill({}));
    }
    fill();`;
    const svg = join(folder, 'oom.svg');
    const { stdout, status, line, profile } = memory(
      'oom.cjs',
      text,
      ['-f', 'fill', '--over-time', svg, '--', process.execPath, '--max-old-space-size=100', 'FILE'],
      ['exec'],
    );
    near(line('new Float64Array').allocatedBytes, 8_000_000);
    assert.match(stdout, /aborted, as V8 does when it is out of memory: these are the readings until then/);
    assert.equal(status, 134);
    const [timeline] = profile.memory!.timelines!;
    assert.ok(timeline!.heapUsed.some((bytes) => bytes !== null && bytes > 80 * MIB));
    assert.ok(timeline!.collections.length > 0);
    assert.deepEqual(
      timeline!.brackets.map(({ name, toMillis }) => [name, toMillis >= timeline!.millis.at(-1)!]),
      [['fill', true]],
    );
    assert.match(readFileSync(svg, 'utf8'), /peak [\d.]+ MiB at/);
  });

  it('heap and buffers are known over time whatever runs, and the program notices nothing', () => {
    const text = `
      const { writeFileSync } = require('node:fs');
      function chosen() { return [1, 2].length; }
      function spin(millis) {
        const from = performance.now();
        let x = 0;
        while (performance.now() - from < millis) for (let i = 0; i < 10_000; i++) x = (x + i) | 0;
        return x;
      }
      const kept = new Uint8Array(50 * ${MIB}).fill(1);
      let isEarly = false;
      Promise.resolve().then(() => { isEarly = true; });
      process.nextTick(() => { isEarly = true; });
      spin(300);
      if (isEarly) writeFileSync(__filename + '.early', '');
      setTimeout(() => { chosen(); spin(100); }, 300);
      process.on('exit', () => kept.length);`;
    const args = ['-f', 'chosen', '--over-time', join(folder, 'spin.svg'), 'FILE'];
    const { profile, stderr } = memory('spin.cjs', text, args);
    const { external, millis, brackets } = profile.memory!.timelines![0]!;
    const before = external.filter(
      (bytes, index) => bytes !== null && bytes > 50 * MIB && millis[index]! < brackets[0]!.fromMillis,
    );
    assert.ok(before.length > 2, `${before.length} of ${millis.length}`);
    assert.equal(existsSync(join(folder, 'spin.cjs.early')), false);
    assert.doesNotMatch(stderr, /ebugger/);
  });

  it('runs once more where arrays fill pages, with the same stdin, and counts their objects', () => {
    const text = `
      const { appendFileSync, readFileSync } = require('node:fs');
      function make(count, length) { let x; for (let i = 0; i < count; i++) x = new Array(length).fill(i); return x; }
      function outer() {
        const large = make(40, 11_000); // arrays
        inner(); const after = make(40, 11_000); // after
        for (let i = 0; i < 20; i++)
          make(6, 9000); // loop
        return [large, after];
      }
      function inner() { return 1; }
      outer();
      appendFileSync(__filename + '.runs', readFileSync(0, 'utf8') + '\\n');`;
    const runs = (): string => {
      const path = join(folder, 'arrays.cjs.runs');
      const said = readFileSync(path, 'utf8');
      rmSync(path);
      return said;
    };
    const args = ['-f', 'outer', '-f', 'inner', 'FILE'];
    const twice = memory('arrays.cjs', text, args, ['run'], 'said');
    assert.equal(runs(), 'said\nsaid\n');
    const exactly = (part: string, known: number): void => {
      const { allocatedBytes } = twice.line(part);
      assert.ok(Math.abs(allocatedBytes - known) < known / 100, `${part}: ${allocatedBytes}, not ${known}`);
    };
    exactly('// arrays', 40 * (48 + 88_000));
    exactly('// after', 40 * (48 + 88_000));
    exactly('// loop', 20 * 6 * (48 + 72_000));
    assert.doesNotMatch(twice.stdout, /may be too much/);
    const once = memory('arrays.cjs', text, ['--single-run', ...args], ['run'], 'said');
    assert.equal(runs(), 'said\n');
    assert.match(once.stdout, /Allocated may be too much/);
    assert.ok(once.line('// arrays').allocatedBytes > 1.3 * 40 * 88_000);
  });

  it('runs once where small objects fill pages, if this Node tells that they are small', () => {
    const text = `
      const { appendFileSync } = require('node:fs');
      function objects(count) { let last = null; for (let i = 0; i < count; i++) last = { i, last: { i } }; return last; }
      function outer() { return objects(200_000).i; }
      outer();
      appendFileSync(__filename + '.runs', '.');`;
    rmSync(join(folder, 'small.cjs.runs'), { force: true });
    memory('small.cjs', text, ['-f', 'outer', 'FILE']);
    const v8 = Number.parseInt(process.versions.v8, 10);
    assert.equal(readFileSync(join(folder, 'small.cjs.runs'), 'utf8'), v8 < 12 ? '..' : '.');
  });

  it('every kind of statement gets what it allocates', () => {
    const text = `
      const bytes = (n) => new Uint8Array(n * 1_000_000);
      const arrow = (n) =>
        bytes(n); // arrow: 2
      function early(n) {
        for (let i = 0; i < 5; i++) {
          if (i === 3) return bytes(4); // early: 4
          bytes(1); // loop: 3
        }
      }
      function* generator() {
        yield bytes(3); // yield: 3
        return bytes(5); // generator: 5
      }
      class Maker {
        field = bytes(6);
        make() { const nested = () => { return bytes(7); // nested: 7
          }; return nested(); }
      }
      function work() {
        const a = bytes(1); const b = bytes(2); // several: 3
        const long = [ // long: 9
          bytes(4),
          bytes(5),
        ];
        [1, 2, 3].forEach((n) => bytes(n)); // callback: 6
        while (bytes(1) && a.length === 0) {} // while: 1
        early(); // calls early: 7
        [...generator()]; // calls generator: 8
        new Maker(); // field: 6
        new Maker().make(); // nested of: 13
        arrow(2); // calls arrow: 2
        if (b.length > 0) bytes(3); else bytes(9); // if: 3
        label: switch (bytes(2) && 1) { // switch: 2
          case 1:
            bytes(8); // case: 8
            break label;
        }
        try {
          bytes(2); // try: 2
          throw bytes(3); // throw: 3
        } catch {
          bytes(4); // catch: 4
        } finally {
          bytes(5); // finally: 5
        }
        return long.length; // return: 0
      }
      work();`;
    const names = ['arrow', 'early', 'generator', 'Maker.make', 'work'].flatMap((name) => ['-f', name]);
    const { profile } = memory('clauses.cjs', text, [...names, 'FILE']);
    const read = new Map<string, number>();
    const known = new Map<string, number>();
    for (const { text: line, memory: one } of profile.functions.flatMap((fn) => fn.lines)) {
      const [, name, units] = /\/\/ ([a-z ]+): (\d+)$/.exec(line) ?? [];
      if (name === undefined || one === null) continue;
      known.set(name, Number(units));
      // Beside each: the views' own objects, V8's code, on Node 20 a chunk of the old generation.
      read.set(name, Math.round(one.allocatedBytes / 1_000_000));
    }
    assert.deepEqual(Object.fromEntries(read), Object.fromEntries(known));
    assert.equal(known.size, (text.match(/\/\/ [a-z ]+: \d+$/gm) ?? []).length);
  });

  it('what others allocate while a call waits is told apart', () => {
    const text = `
      async function waits() {
        const own = new Uint8Array(1_000_000);
        await other();
        return own;
      }
      async function other() { await null; await null; return new Uint8Array(20_000_000); }
      function* numbers() {
        const mine = new Uint8Array(2_000_000);
        yield mine;
        yield mine;
      }
      waits();
      for (const n of numbers()) new Uint8Array(5_000_000);`;
    const { line } = memory('waits.cjs', text, ['-f', 'waits', '-f', 'numbers', 'FILE']);
    near(line('const own').allocatedBytes, 1_000_000);
    near(line('await other()').allocatedBytes, 0);
    near(line('await other()').othersBytes, 20_000_000 + 2_000_000 + 10_000_000);
    near(line('yield mine').allocatedBytes, 0);
    near(line('const mine').allocatedBytes, 2_000_000);
  });

  it('callees count, recursion once, throws end a call', () => {
    const text = `
      function fails(n) {
        const bytes = new Uint8Array(1_000_000);
        if (n > 0) fails(n - 1);
        throw bytes;
      }
      function outer() {
        try {
          fails(3);
        } catch {}
        return 1;
      }
      outer();`;
    const { line, profile } = memory('throws.cjs', text, ['-f', 'fails', '-f', 'outer', 'FILE']);
    near(line('const bytes').allocatedBytes, 4_000_000);
    assert.equal(line('const bytes').occurrences, 4);
    near(line('if (n > 0)').allocatedBytes, 3_000_000);
    near(line('          fails(3)').allocatedBytes, 4_000_000);
    near(line('return 1').allocatedBytes, 0);
    near(profile.functions[0]!.memory!.allocatedBytes, 4_000_000);
  });

  it('a program that collects, and one that lets go', () => {
    const text = `
      function leak(keep) {
        let big = new Uint8Array(8 * ${MIB});
        globalThis.gc?.();
        big = null;
        keep.push(new Uint8Array(3 * ${MIB}));
      }
      leak([]);
      console.log(typeof globalThis.gc);`;
    const { line, stdout } = memory('gc.cjs', text, ['-f', 'leak', 'FILE']);
    assert.match(stdout, /^undefined$/m);
    near(line('let big').incrementBytes!, 8 * MIB);
    near(line('big = null').incrementBytes!, -8 * MIB);
    near(line('keep.push').incrementBytes!, 3 * MIB);
    const exposed = memory(
      'gc.cjs',
      text,
      ['-f', 'leak', '--', process.execPath, '--expose-gc', 'FILE'],
      ['exec'],
    );
    near(exposed.line('let big').incrementBytes!, 8 * MIB);
    near(exposed.line('keep.push').allocatedBytes, 3 * MIB);
  });

  it('what is dropped again is not kept, whether there is time for collections or not', () => {
    // A heap that takes long to collect: the time for it is over after the first calls.
    const text = `
      const held = Array.from({ length: 300_000 }, (_, i) => [i]);
      function waste(n) {
        return new Array(n).fill(held).slice().length;
      }
      for (let i = 0; i < 8000; i++) waste(1500);
      console.log(held.length);`;
    for (const seconds of ['0.001', '2']) {
      const { line } = memory('waste.cjs', text, ['-f', 'waste', '--collect', seconds, 'FILE']);
      const { allocatedBytes, incrementBytes } = line('return new Array');
      assert.ok(allocatedBytes > 100 * MIB);
      assert.ok(Math.abs(incrementBytes!) < 0.1 * allocatedBytes, `${incrementBytes} of ${allocatedBytes}`);
    }
  });

  it('node --frozen-intrinsics', () => {
    const text = `function work() {\n  return new Uint8Array(3_000_000).length;\n}\nwork();`;
    const args = ['-f', 'work', '--', process.execPath, '--frozen-intrinsics', 'FILE'];
    near(memory('frozen.cjs', text, args, ['exec']).line('return').allocatedBytes, 3_000_000);
  });

  it('lines that run very often are sampled, and told', () => {
    const text = `
      function hot() {
        let last = null;
        for (let i = 0; i < 400_000; i++) {
          last = new Array(20);
          i = i | 0;
        }
        return last;
      }
      hot();`;
    const { line, stdout } = memory('hot.cjs', text, ['-f', 'hot', 'FILE']);
    const made = line('new Array(20)');
    assert.equal(made.occurrences, 400_000);
    assert.equal(made.isSampled, true);
    near(made.allocatedBytes, 400_000 * (32 + 16 + 160));
    near(line('i = i | 0').allocatedBytes, 0);
    assert.match(stdout, /Allocated with ~ is dealt out: of lines that ran more than 131,072 times/);
  });

  it('tells by constructor what a call left, and which lines made it', () => {
    const text = `
      class Grain { constructor(i) { this.a = i + 0.5; this.b = i; } }
      class Pebble { constructor(i) { this.a = i; } }
      class Odd { constructor(i) { this.a = i; } }
      const pair = () => [new Pebble(1), new Pebble(2)];
      export async function make() {
        const grains = [];
        for (let i = 0; i < 50_000; i++) grains.push(new Grain(i));
        for (let i = 0; i < 900; i++) {
          if (i % 3 === 0) grains.push(new Pebble(i));
          else grains.push(pair());
        }
        for (let i = 0; i < 100; i++) grains.push(i % 7 === 3 ? new Odd(i) : null);
        const waited = [await null, new Pebble(0)];
        return { grains, waited, bytes: new Uint8Array(2_000_000) };
      }`;
    const args = ['--collect', '20', 'FILE', 'make()'];
    const { stdout, profile, line } = memory('objects.mjs', text, args, ['call']);
    const { lines, memory: made } = profile.functions[0]!;
    const [grains, bytes] = made!.objects!;
    assert.deepEqual([grains!.name, grains!.count], ['Grain', 50_000]);
    near(grains!.bytes, 50_000 * (24 + 2 * 8 + 16));
    assert.equal(bytes!.name, 'ArrayBuffer');
    near(bytes!.bytes, 2_000_000);
    near(line('return {').allocatedBytes, 2_000_000);
    assert.match(stdout, /\+50,000 Grain +\+2\.\d{3} MiB {2}line 8\n/);
    const where = (name: string) =>
      made!
        .objects!.find((one) => one.name === name)!
        .lines?.map((one) => [lines.find((each) => each.line === one.line)!.text.trim(), one.count]);
    assert.deepEqual(where('Grain'), [
      ['for (let i = 0; i < 50_000; i++) grains.push(new Grain(i));', 50_000],
    ]);
    assert.deepEqual(where('ArrayBuffer'), [
      ['return { grains, waited, bytes: new Uint8Array(2_000_000) };', 1],
    ]);
    assert.deepEqual(where('Pebble'), [
      ['else grains.push(pair());', 1200],
      ['if (i % 3 === 0) grains.push(new Pebble(i));', 300],
      ['const waited = [await null, new Pebble(0)];', 1],
    ]);
    // The first two rounds made none: later ones did, so which line did is not known by counting rounds.
    assert.equal(where('Odd'), undefined);
  });

  it('draws memory over time, with brackets, lines under way, collections and the peak', () => {
    const text = `
      import { spawnSync } from 'node:child_process';
      function grow() {
        const kept = [];
        const from = performance.now();
        while (performance.now() - from < 200) {
          kept.push(new Array(1000).fill(kept.length + 0.5));
        }
        Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 100);
        return kept.length;
      }
      grow();
      if (process.argv[2] === 'child') spawnSync(process.execPath, [process.argv[1]]);`;
    const svg = join(folder, 'time.svg');
    const args = ['-f', 'grow', '--over-time', svg];
    const { profile } = memory('time.mjs', text, [...args, 'FILE']);
    const [timeline, ...others] = profile.memory!.timelines!;
    assert.equal(others.length, 0);
    assert.ok(timeline!.rss.length > 3 && timeline!.rss.every((bytes) => bytes > MIB));
    assert.ok(timeline!.heapUsed.some((bytes) => bytes !== null && bytes > MIB));
    assert.deepEqual(
      timeline!.brackets.map(({ name }) => name),
      ['grow'],
    );
    const [bracket] = timeline!.brackets;
    assert.ok(bracket!.toMillis - bracket!.fromMillis >= 300);
    const spansOf = (code: string) => {
      const number = text.split('\n').findIndex((one) => one.includes(code)) + 1;
      const spans = timeline!.spans!.filter(({ file, line }) => file === 'time.mjs' && line === number);
      assert.ok(spans.length > 0, `${code} is never under way`);
      return { from: spans[0]!.fromMillis, to: spans.at(-1)!.toMillis };
    };
    const [first, loop, waits] = ['const kept', 'kept.push', 'Atomics.wait'].map(spansOf);
    assert.ok(first!.to <= loop!.from && loop!.from < loop!.to, JSON.stringify({ first, loop }));
    assert.ok(loop!.to <= waits!.from && waits!.to - waits!.from >= 99, JSON.stringify({ loop, waits }));
    assert.ok(first!.from >= bracket!.fromMillis && waits!.to <= bracket!.toMillis);
    assert.ok(timeline!.collections.length > 0);
    assert.match(readFileSync(svg, 'utf8'), /<svg [\s\S]*grow[\s\S]*peak [\d.]+ MiB at/);
    const both = memory('time.mjs', text, [...args, '--include-children', 'FILE', 'child']).profile;
    assert.equal(both.memory!.timelines!.length, 2);
  });

  it('functions of a text with a source map are chosen by their own file, by name and by mark', async () => {
    const text = `export type Kept = Float64Array[];
const kept: Kept = [];
/** @profile */
export function grow(rounds: number): number {
  for (let i = 0; i < rounds; i++) {
    kept.push(new Float64Array(4096));
  }
  return kept.length;
}
const half = (x: number): Float64Array => new Float64Array(x / 2);
console.log(grow(40), half(1_000_000).length);
`;
    const file = join(folder, 'shapes.ts');
    writeFileSync(file, text);
    for (const minify of [false, true]) {
      const outfile = join(folder, 'out', 'shapes.cjs');
      await build({ entryPoints: [file], outfile, minify, sourcemap: true, platform: 'node', format: 'cjs' });
      for (const chosen of [['-f', 'shapes.ts:*'], ['-f', 'grow', '-f', 'half'], []]) {
        const result = join(folder, 'result.json');
        const args = [CLI, 'memory', 'run', '-q', '--json', result, ...chosen, outfile];
        const run = spawnSync(process.execPath, args, { encoding: 'utf8', cwd: folder });
        assert.equal(run.status, 0, run.stderr);
        const { functions } = JSON.parse(readFileSync(result, 'utf8')) as Profile;
        const of = (name: string) => functions.find((fn) => fn.name === name);
        const grow = of('grow');
        assert.deepEqual([grow?.file, grow?.line, grow?.calls], ['shapes.ts', 4, 1]);
        const line = (number: number): LineMemory | null | undefined =>
          grow?.lines.find((one) => one.line === number)?.memory;
        assert.equal(line(5)?.occurrences, 41);
        // A minifier joins statements: what is allocated stands on the line of the first, here the loop's.
        near((line(5)?.allocatedBytes ?? 0) + (line(6)?.allocatedBytes ?? 0), 40 * 4096 * 8);
        assert.deepEqual([...new Set(functions.map((fn) => fn.file))], ['shapes.ts']);
        const half = of('half');
        if (chosen.length === 0) assert.equal(half, undefined, 'it is not marked');
        else {
          assert.deepEqual([half?.line, half?.calls], [10, 1]);
          near(half?.lines[0]?.memory?.allocatedBytes ?? 0, 4_000_000);
        }
      }
    }
  });

  it('says what is wrong with a selector, and what to try without one', () => {
    const text = 'function work() {}\nwork();';
    const wrong = memory('names.cjs', text, ['-f', 'wrok', 'FILE']);
    assert.match(wrong.stderr, /no function matches 'wrok'/);
    assert.equal(wrong.status, 2);
    const none = memory('names.cjs', text, ['--', process.execPath, 'FILE'], ['exec']);
    assert.match(none.stderr, /Name functions with -f, or mark them/);
  });
});
