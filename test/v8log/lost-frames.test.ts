import assert from 'node:assert/strict';
import { callBefore, directCalls, hasFrameAt, jumpsOut } from '../../src/v8log/calls.ts';
import { code, machineCodeFile, readLines, tick } from './log-file.ts';

const CALLER = 0x10000;
const LEAF = 0x20000;
const OTHER = 0x30000;
const BYTECODE = 0x40000;
const LOAD = 0x500000;
const TRAMPOLINE = 0x500200;
const CALL = 0x500400;
const FOR_EACH = 0x500600;
const SIZE = 0x100;

interface Code {
  readonly start: number;
  readonly bytes: Buffer;
  /** `call target`; returns to `at`. */
  call(at: number, target: number): Code;
  /** `call rcx`; returns to `at`. */
  callFunction(at: number): Code;
  jump(at: number, target: number): Code;
  leave(at: number): Code;
}

/** Code of 256 bytes of nop at an address, with a frame set up at 0 and what is put into it. */
function codeAt(start: number): Code {
  const bytes = Buffer.alloc(SIZE, 0x90);
  bytes.set([0x55, 0x48, 0x89, 0xe5]);
  const made: Code = {
    start,
    bytes,
    call(at, target) {
      bytes[at - 5] = 0xe8;
      bytes.writeInt32LE(target - (start + at), at - 4);
      return made;
    },
    callFunction(at) {
      bytes.set([0xff, 0xd1], at - 2);
      return made;
    },
    jump(at, target) {
      bytes[at] = 0xe9;
      bytes.writeInt32LE(target - (start + at + 5), at + 1);
      return made;
    },
    leave(at) {
      bytes.set([0x48, 0x8b, 0xe5, 0x5d, 0xc3], at);
      return made;
    },
  };
  return made;
}

const LINES: readonly string[] = [
  'shared-library,/usr/bin/node,0x800000,0x900000,0',
  `code-creation,Builtin,2,1,0x${LOAD.toString(16)},256,LoadIC_Megamorphic`,
  `code-creation,Builtin,2,1,0x${TRAMPOLINE.toString(16)},256,LoadICTrampoline_Megamorphic`,
  `code-creation,Builtin,2,1,0x${CALL.toString(16)},256,Call_ReceiverIsAny`,
  `code-creation,Builtin,2,1,0x${FOR_EACH.toString(16)},256,ArrayForEach`,
  'code-creation,BytecodeHandler,0,1,0x600000,256,Wide',
  'code-creation,BytecodeHandler,0,1,0x600200,256,GetNamedProperty',
  'code-creation,BytecodeHandler,0,1,0x600400,256,CallProperty1',
  'script-source,1,/app/a.js,text',
];
const BUILTINS: readonly Code[] = [
  codeAt(LOAD),
  codeAt(TRAMPOLINE).jump(20, LOAD),
  codeAt(CALL),
  codeAt(FOR_EACH).call(0x50, CALL),
  codeAt(0x600000),
  codeAt(0x600200).call(0x50, LOAD),
  codeAt(0x600400),
];

const positions = 'C0O1C32O2C64O3C96O4';
const functions = [
  ...code({ name: 'caller', start: CALLER, state: '*', positions }),
  ...code({ name: 'leaf', start: LEAF, state: '*', positions }),
  ...code({ name: 'other', start: OTHER, state: '*', positions }),
  ...code({ name: 'main', start: BYTECODE, positions: 'C0O7C1O8C2O9' }),
];

/** `caller` calls a function at 0x30 and 0x70, through `Call_` at 0x90, and loads at 0xb0. */
const caller = codeAt(CALLER).callFunction(0x30).callFunction(0x70).call(0x90, CALL).call(0xb0, LOAD);
/** Opcodes 2 (`CallProperty1`) and 1 (`GetNamedProperty`). */
const main = codeAt(BYTECODE);
main.bytes.set([0, 1, 2]);

/** Reads these ticks; `leaf` is as given, the rest as above. */
async function read(leaf: Code, lines: readonly string[], withCode = true) {
  const codes = [...BUILTINS, caller, leaf, codeAt(OTHER), main];
  const file = machineCodeFile(codes.map(({ start, bytes }) => [start, bytes]));
  const { ticks, facts } = await readLines([...LINES, ...functions, ...lines], withCode ? file : null);
  return { frames: ticks.map(({ frames }) => frames.join(' ')), lost: facts.lost, ticks };
}

const RETURN = CALLER + 0x30;
/** A whole stack: `leaf` runs, called from `caller`. */
const whole = tick(1, LEAF + 0x50, [RETURN]);

describe('v8log: frames that V8 leaves out', () => {
  it('are put back where the function has one call of the builtin', async () => {
    const { frames, lost } = await read(codeAt(LEAF).call(0x50, LOAD), [
      whole,
      tick(2, LOAD + 8, [RETURN]),
      tick(3, LOAD + 8, [RETURN]),
    ]);
    assert.deepEqual(frames, [
      'leaf@3 caller@2',
      '<LoadIC_Megamorphic> leaf@3 caller@2',
      '<LoadIC_Megamorphic> leaf@3 caller@2',
    ]);
    assert.deepEqual(lost, { found: 2, function: 0, unknown: 0 });
  });

  it('are left out without the machine code', async () => {
    const { frames } = await read(codeAt(LEAF).call(0x50, LOAD), [whole, tick(2, LOAD + 8, [RETURN])], false);
    assert.equal(frames[1], '<LoadIC_Megamorphic> caller@2');
  });

  it('are not put where the caller called the builtin itself', async () => {
    const { frames, lost } = await read(codeAt(LEAF), [tick(2, LOAD + 8, [CALLER + 0xb0])]);
    assert.deepEqual(frames, ['<LoadIC_Megamorphic> caller@4']);
    assert.deepEqual(lost, { found: 0, function: 0, unknown: 0 });
  });

  it('are found through builtins that jump into the one that runs', async () => {
    const { frames } = await read(codeAt(LEAF).call(0x50, TRAMPOLINE), [whole, tick(2, LOAD + 8, [RETURN])]);
    assert.equal(frames[1], '<LoadIC_Megamorphic> leaf@3 caller@2');
  });

  it('are at one of several calls', async () => {
    const { frames, lost } = await read(codeAt(LEAF).call(0x50, LOAD).call(0x70, LOAD), [
      whole,
      tick(2, LOAD + 8, [RETURN]),
    ]);
    assert.equal(frames[1], '<LoadIC_Megamorphic> leaf@3|4 caller@2');
    assert.equal(lost.found, 1);
  });

  it('are the function’s alone where its code does not show the call', async () => {
    const { frames, lost, ticks } = await read(codeAt(LEAF), [whole, tick(2, LOAD + 8, [RETURN])]);
    assert.equal(frames[1], '<LoadIC_Megamorphic> leaf@-1 caller@2');
    assert.equal(lost.function, 1);
    assert.equal(ticks[1]?.unplaced, true);
  });

  it('are a function of no name where none was seen there, and the line that called it does not run itself', async () => {
    const { frames, lost, ticks } = await read(codeAt(LEAF).call(0x50, LOAD), [
      whole,
      tick(2, LOAD + 8, [CALLER + 0x70]),
    ]);
    assert.equal(frames[1], '<LoadIC_Megamorphic> ?@-1 caller@4');
    assert.equal(lost.unknown, 1);
    assert.equal(ticks[1]?.unplaced, true);
  });

  it('are not guessed where several functions were called', async () => {
    const back = CALLER + 0x90;
    const { frames } = await read(codeAt(LEAF).call(0x50, LOAD), [
      tick(1, LEAF + 0x50, [back]),
      tick(2, LOAD + 8, [back]),
      tick(3, OTHER + 0x50, [back]),
      tick(4, LOAD + 8, [back]),
    ]);
    assert.deepEqual(
      frames.filter((one) => one.startsWith('<')),
      ['<LoadIC_Megamorphic> leaf@3 caller@4', '<LoadIC_Megamorphic> ?@-1 caller@4'],
    );
  });

  it('learn nothing from a program counter outside the function’s frame', async () => {
    const leaf = codeAt(LEAF).call(0x50, LOAD).leave(0xa0);
    for (const pc of [2, 0xa4]) {
      const { frames } = await read(leaf, [tick(1, LEAF + pc, [RETURN]), tick(2, LOAD + 8, [RETURN])]);
      assert.equal(frames[1], '<LoadIC_Megamorphic> ?@-1 caller@2');
    }
  });

  it('are known from stacks deeper down, and after the code moved', async () => {
    const { frames } = await read(codeAt(LEAF).call(0x50, LOAD), [
      tick(1, OTHER + 0x50, [LEAF + 0x60, RETURN]),
      `code-move,0x${CALLER.toString(16)},0x70000`,
      tick(2, LOAD + 8, [0x70000 + 0x30]),
      tick(3, LOAD + 8, [0x70000 + 0xb0]),
    ]);
    assert.deepEqual(frames.slice(1), [
      '<LoadIC_Megamorphic> leaf@3 caller@2',
      '<LoadIC_Megamorphic> caller@4',
    ]);
  });

  it('are told from a bytecode handler’s own by the bytecode', async () => {
    const { frames } = await read(codeAt(LEAF).call(0x50, LOAD), [
      tick(1, LEAF + 0x50, [BYTECODE + 2]),
      tick(2, LOAD + 8, [BYTECODE + 2]),
      tick(3, LOAD + 8, [BYTECODE + 1]),
    ]);
    assert.deepEqual(frames, [
      'leaf@3 main@9',
      '<LoadIC_Megamorphic> leaf@3 main@9',
      '<LoadIC_Megamorphic> main@8',
    ]);
  });

  it('are found inside code that nothing names, on the same stack only', async () => {
    // No code is logged at 0x4000: bytecode of Node's snapshot.
    const { frames } = await read(codeAt(LEAF).call(0x50, LOAD), [
      tick(1, LOAD + 8, [0x4000, 0x4100]),
      tick(2, LEAF + 0x50, [0x4000, 0x4100]),
      tick(3, LOAD + 8, [0x4000, 0x4100]),
      tick(4, LOAD + 8, [0x4000, 0x4200]),
      tick(5, OTHER + 0x50, [0x4000, 0x4100]),
      tick(6, LOAD + 8, [0x4000, 0x4100]),
    ]);
    const without = '<LoadIC_Megamorphic> ?@-1 ?@-1';
    assert.deepEqual(frames, [
      without,
      'leaf@3 ?@-1 ?@-1',
      '<LoadIC_Megamorphic> leaf@3 ?@-1 ?@-1',
      without,
      'other@3 ?@-1 ?@-1',
      without,
    ]);
  });
});

describe('v8log: calls in machine code', () => {
  it('are read on x64', () => {
    const one = codeAt(0x1000).call(0x20, 0x5000).callFunction(0x30).jump(0x40, 0x6000).jump(0x50, 0x1010);
    assert.equal(callBefore(one.bytes, 0x20, 0x1000, 'x64'), 0x5000);
    assert.equal(callBefore(one.bytes, 0x30, 0x1000, 'x64'), 'function');
    assert.equal(callBefore(one.bytes, 0x38, 0x1000, 'x64'), null);
    one.bytes[0x2d] = 0x41;
    assert.equal(callBefore(one.bytes, 0x30, 0x1000, 'x64'), null, 'call r9');
    assert.deepEqual(
      directCalls(one.bytes, 0x1000, 'x64', (target) => target === 0x5000).map(({ at }) => at),
      [0x20],
    );
    assert.deepEqual(jumpsOut(one.bytes, 0x1000, 'x64'), [0x6000]);
  });

  it('are read on arm64', () => {
    const bytes = Buffer.alloc(32);
    // stp fp, lr, [sp, #-16]!; bl +0x100; blr x2; ldp fp, lr, [sp], #16; b +0x200
    for (const [at, word] of [
      [0, 0xa9bf7bfd],
      [8, 0x94000040],
      [12, 0xd63f0040],
      [16, 0xa8c17bfd],
      [20, 0x14000080],
    ] as const)
      bytes.writeUInt32LE(word, at);
    assert.equal(callBefore(bytes, 12, 0x1000, 'arm64'), 0x1108);
    assert.equal(callBefore(bytes, 16, 0x1000, 'arm64'), 'function');
    assert.deepEqual(
      directCalls(bytes, 0x1000, 'arm64', () => true).map(({ at }) => at),
      [12],
    );
    assert.deepEqual(jumpsOut(bytes, 0x1000, 'arm64'), [0x1214]);
    assert.equal(hasFrameAt(bytes, 12, 'arm64'), true);
    assert.equal(hasFrameAt(bytes, 20, 'arm64'), false);
  });
});
