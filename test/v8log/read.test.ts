import assert from 'node:assert/strict';
import { code, HEADER, readLines, tick } from './log-file.ts';

const A = 0x10000;
const B = 0x20000;

describe('v8log: reading a log', () => {
  it('gives a script with its text unescaped, and the version', async () => {
    const { facts } = await readLines(HEADER);
    assert.equal(facts.v8, '13.6.233.17-node.53');
    assert.equal(facts.scripts.get(1)?.url, '/app/a.js');
    assert.equal(facts.scripts.get(1)?.text(), 'let a = 1, b;\n\\ é €');
    assert.equal(facts.badLines, 0);
    assert.equal(facts.cutOff, false);
  });

  it('places interpreted frames by their bytecode offset and machine code one byte before the return address', async () => {
    const { ticks } = await readLines([
      ...HEADER,
      ...code({ name: 'outer', start: A, positions: 'C0O5C10O7C20O9' }),
      ...code({ name: 'fast', start: B, state: "*'", positions: 'C0O50C16O60' }),
      // A bytecode address means the bytecode itself (10), a return address the call before it (15, not 16).
      tick(100, 0x500410, [A + 10, B + 16, A + 20]),
      tick(200, B + 16, [A + 19]),
    ]);
    assert.deepEqual(
      ticks.map(({ frames, where }) => [where, ...frames]),
      [
        ['interpreted', 'outer@7', 'fast@50', 'outer@9'],
        ['turbofan', 'fast@60', 'outer@7'],
      ],
    );
  });

  it('walks inlined calls outwards, into the inlined function’s own script', async () => {
    const { ticks } = await readLines([
      ...HEADER,
      ...code({ name: 'inner', start: A, sfi: 0x700001, range: [10, 20] }),
      ...code({ name: 'middle', start: A + 0x200, sfi: 0x700011, range: [30, 40] }),
      ...code({
        name: 'outer',
        start: B,
        state: '+',
        positions: 'C0O70C8O15I1C24O33I0C40O75',
        inlining: 'F1O72F0O35I0',
        inlined: 'S0x700001S0x700011',
      }),
      tick(1, B + 9, []),
      tick(2, B + 24, []),
      tick(3, B + 41, []),
    ]);
    assert.deepEqual(
      ticks.map(({ frames }) => frames),
      [['inner@15', 'middle@35', 'outer@72'], ['middle@33', 'outer@72'], ['outer@75']],
    );
    assert.deepEqual(new Set(ticks.map(({ where }) => where)), new Set(['maglev']));
  });

  it('finds an inlined function that is logged only later, and one whose SharedFunctionInfo moved', async () => {
    const outer = (start: number, sfi: string) =>
      code({ name: 'outer', start, state: '*', positions: 'C0O15I0', inlining: 'F0O72', inlined: `S${sfi}` });
    const { ticks } = await readLines([
      ...HEADER,
      ...outer(B, '0x700001'),
      tick(1, B + 1, []),
      ...code({ name: 'late', start: A, sfi: 0x700001 }),
      tick(2, B + 1, []),
      'sfi-move,0x700001,0x700041',
      ...outer(B + 0x1000, '0x700041'),
      tick(3, B + 0x1001, []),
    ]);
    assert.deepEqual(
      ticks.map(({ frames }) => frames),
      [
        ['?@-1', 'outer@72'],
        ['late@15', 'outer@72'],
        ['late@15', 'outer@72'],
      ],
    );
  });

  it('knows code by the time of the tick: moved, deleted, and its address used again', async () => {
    const { ticks } = await readLines([
      ...HEADER,
      ...code({ name: 'first', start: A, state: '*', positions: 'C0O1' }),
      tick(1, A + 4, []),
      `code-move,0x${A.toString(16)},0x${B.toString(16)}`,
      tick(2, A + 4, []),
      tick(3, B + 4, []),
      ...code({ name: 'second', range: [5, 9], start: A, state: '*', positions: 'C0O2' }),
      tick(4, A + 4, []),
      tick(5, B + 4, []),
      `code-delete,0x${B.toString(16)}`,
      tick(6, B + 4, []),
      // Overlaps the second one's end: that one is gone.
      ...code({ name: 'third', start: A + 0x80, size: 0x10, state: '*', positions: 'C0O3' }),
      tick(7, A + 4, []),
      tick(8, A + 0x84, []),
    ]);
    assert.deepEqual(
      ticks.map(({ frames }) => frames[0]),
      ['first@1', '<(native)>', 'first@1', 'second@2', 'first@1', '<(native)>', '<(native)>', 'third@3'],
    );
  });

  it('sees new code under a return address that it has met before', async () => {
    const { ticks } = await readLines([
      ...HEADER,
      ...code({ name: 'leaf', start: A, state: '*', positions: 'C0O1' }),
      tick(1, A + 4, [B + 8, 0x450000]),
      ...code({ name: 'caller', start: B, state: '*', positions: 'C0O2' }),
      tick(2, A + 4, [B + 8, 0x450000]),
    ]);
    assert.deepEqual(
      ticks.map(({ frames }) => frames),
      [
        ['leaf@1', '?@-1'],
        ['leaf@1', 'caller@2'],
      ],
    );
  });

  it('gives builtins and native code to the line that called them', async () => {
    const { ticks } = await readLines([
      ...HEADER,
      'code-creation,Callback,-2,2,0x450000,1,readSync',
      ...code({ name: 'main', start: A, positions: 'C0O5' }),
      tick(1, 0x500010, [A]),
      tick(2, 0x460000, [A]),
      'tick,0x460000,3,1,0x450000,6,0x410000,0x10000',
      tick(4, 0x470000, [A], 4),
      tick(5, 0x500210, [A]),
    ]);
    assert.deepEqual(
      ticks.map(({ frames, where }) => [where, ...frames]),
      [
        ['builtin', '<ArrayPrototypeSort>', 'main@5'],
        ['native', '<(native)>', 'main@5'],
        ['native', '<readSync>', 'main@5'],
        ['native', '<(compiler)>', 'main@5'],
        ['interpreted', 'main@5'],
      ],
    );
  });

  it('gives a garbage collector’s tick to the JavaScript that ran last, past other ticks between them', async () => {
    const { ticks } = await readLines([
      ...HEADER,
      tick(1, 0x460000, [], 1),
      ...code({ name: 'main', start: A, positions: 'C0O5' }),
      tick(2, 0x460000, [A], 5),
      tick(3, 0x460000, [], 1),
      tick(4, 0x460000, [], 6),
      tick(5, 0x460000, [], 1),
    ]);
    assert.deepEqual(
      ticks.map(({ frames, where, outside }) => [where, outside, ...frames]),
      [
        ['gc', true, '<(garbage collector)>'],
        ['native', false, '<(native)>', 'main@5'],
        ['gc', false, '<(garbage collector)>', 'main@5'],
        ['native', true, '<(native)>'],
        ['gc', false, '<(garbage collector)>', 'main@5'],
      ],
    );
  });

  it('counts the profiler’s own and idle ticks apart, and what cannot be placed', async () => {
    const { facts, ticks } = await readLines([
      ...HEADER,
      ...code({ name: 'flat', start: A, state: '^', positions: '' }),
      ...code({ name: 'main', start: B, positions: 'C0O5' }),
      tick(1, 0x460000, [B], 9),
      tick(2, 0x460000, [], 8),
      'tick,0x0,3,0,0x0,5',
      tick(4, A + 4, [B]),
      tick(5, 0x460000, [], 6),
    ]);
    assert.deepEqual(facts.counts, { samples: 3, unplaced: 2, outside: 1, cut: 0, overhead: 1, idle: 1 });
    assert.deepEqual(
      ticks.map(({ frames }) => frames),
      [['<(native)>'], ['flat@-1', 'main@5'], ['<(native)>']],
    );
  });

  it('marks a stack of 255 entries, and one that says overflow, as cut', async () => {
    const deep = Array.from({ length: 255 }, () => A + 8);
    const { facts, ticks } = await readLines([
      ...HEADER,
      ...code({ name: 'main', start: A, positions: 'C0O5' }),
      tick(1, 0x500410, deep),
      tick(2, 0x500410, deep.slice(1)),
      `${tick(3, 0x500410, [A + 8])},overflow`,
      tick(4, 0x500410, [A + 8]),
    ]);
    assert.deepEqual(
      ticks.map(({ cut, frames }) => [cut, frames.length]),
      [
        [true, 255],
        [false, 254],
        [true, 1],
        [false, 1],
      ],
    );
    assert.equal(facts.counts.cut, 2);
  });

  it('understands addresses relative to the one before', async () => {
    const { ticks } = await readLines([
      ...HEADER,
      ...code({ name: 'main', start: A, positions: 'C0O5C16O6' }),
      ...code({ name: 'leaf', start: B, state: '*', positions: 'C0O7' }),
      `tick,0x${(B + 4).toString(16)},1,0,0x0,0,-0x${(B + 4 - A).toString(16)},+0x10`,
      `tick,0x${(B + 8).toString(16)},2,0,0x0,0,-0x${(B + 8 - A - 16).toString(16)},-0x10`,
    ]);
    assert.deepEqual(
      ticks.map(({ frames }) => frames),
      [
        ['leaf@7', 'main@5', 'main@6'],
        ['leaf@7', 'main@6', 'main@5'],
      ],
    );
  });

  it('skips and counts garbled lines, and leaves a cut last line alone', async () => {
    const good = tick(1, 0x500410, [A]);
    const main = code({ name: 'main', start: A, positions: 'C0O5' });
    const { facts, ticks } = await readLines(
      [
        ...HEADER,
        ...main,
        good,
        'tick,0xZZ,1,0,0x0,0',
        'tick,',
        'tick,0x1',
        `${good},0xqq`,
        'code-creation,JS,10',
        'code-creation,JS,10,1,nowhere,12,x /app/a.js:1:1,0x1,~',
        'code-source-info,0x10000',
        'code-source-info,0x99999999,1,0,5,C0O1,,',
        'code-move,0x1',
        'script-source,x',
        'shared-library,/usr/bin/node',
        '\u0000\u0001 garbage \u00ff',
        'some-new-event,1,2,3',
        '',
        good,
        `${good.slice(0, -2)}`,
      ].join('\n'),
    );
    assert.equal(facts.badLines, 12);
    assert.equal(facts.cutOff, true);
    assert.deepEqual(
      ticks.map(({ frames }) => frames),
      [['main@5'], ['main@5']],
    );
  });

  it('reads lines longer than its buffer and files with Windows line ends', async () => {
    const text = 'x'.repeat(3_000_000);
    const { facts, ticks } = await readLines(
      [
        ...HEADER.slice(0, -1),
        `script-source,1,/app/a.js,${text}`,
        ...code({ name: 'main', start: A, positions: 'C0O5' }),
        tick(1, 0x500410, [A]),
        '',
      ].join('\r\n'),
    );
    assert.equal(facts.scripts.get(1)?.text().length, text.length);
    assert.deepEqual(ticks[0]?.frames, ['main@5']);
  });

  it('rejects a file that is not there', async () => {
    const { readLog } = await import('../../src/v8log/read.ts');
    await assert.rejects(
      readLog('/nowhere/at/all.log', () => () => {}),
      { code: 'ENOENT' },
    );
  });

  it('reads an empty file as no samples', async () => {
    const { facts } = await readLines('');
    assert.equal(facts.counts.samples, 0);
    assert.equal(facts.intervalMicros, 0);
    assert.equal(facts.v8, '');
  });

  it('finds the builtins that Node 20 runs from a copy', async () => {
    const codeRange = 0x7f0000000000;
    // Builtins span 0x500000-0x500500: the copy takes one step of 256 KiB at the range's end.
    const copy = codeRange + 0x20000000 - 0x40000;
    const { ticks } = await readLines([
      ...HEADER,
      `new,CodeRange,0x${codeRange.toString(16)},0`,
      ...code({ name: 'main', start: A, positions: 'C0O5' }),
      tick(1, copy + 0x10, [A]),
      tick(2, copy + 0x410, [A]),
      tick(3, copy + 0x410, [copy + 0x20, A]),
    ]);
    assert.deepEqual(
      ticks.map(({ frames, where }) => [where, ...frames]),
      [
        ['builtin', '<ArrayPrototypeSort>', 'main@5'],
        ['interpreted', 'main@5'],
        ['interpreted', '<ArrayPrototypeSort>', 'main@5'],
      ],
    );
  });
});

describe('v8log: consecutive ticks that share their outer stack', () => {
  it('give what each would give alone', async () => {
    let seed = 7;
    const random = (below: number): number => {
      seed = (Math.imul(seed, 1103515245) + 12345) & 0x7fffffff;
      return (seed >>> 8) % below;
    };
    const functions = Array.from({ length: 6 }, (_, i) =>
      code({
        name: `f${i}`,
        start: A + i * 0x1000,
        state: i % 2 === 0 ? '~' : '*',
        positions: 'C0O1C64O2C128O3',
      }),
    ).flat();
    const addressOf = (): number => A + random(6) * 0x1000 + random(4) * 64;
    const stacks: number[][] = [];
    let stack: number[] = [];
    for (let i = 0; i < 400; i++) {
      stack = stack.slice(random(stack.length + 1));
      while (random(3) > 0) stack = [addressOf(), ...stack];
      stacks.push(stack);
    }
    const lines = stacks.map((addresses, i) => tick(i, addressOf(), addresses));
    const together = await readLines([...HEADER, ...functions, ...lines]);
    // A change of the code map between any two ticks makes each be read anew.
    const apart = await readLines([
      ...HEADER,
      ...functions,
      ...lines.flatMap((line) => [line, ...code({ name: 'g', start: B + 0x100000 })]),
    ]);
    assert.equal(together.ticks.length, 400);
    assert.deepEqual(together.ticks, apart.ticks);
  });
});
