import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { WHERES } from '../../src/model/profile.ts';
import { type LogFacts, type LogTables, readLog } from '../../src/v8log/read.ts';
import type { Tick } from '../../src/v8log/ticks.ts';

/** A sample as tests like to see it: frames innermost first, `name@offset` for JavaScript, `<name>` for others. */
export interface SeenTick {
  readonly where: string;
  readonly frames: readonly string[];
  readonly cut: boolean;
  readonly outside: boolean;
  readonly unplaced: boolean;
}

/** Machine code as `--ll-prof` writes it, for x64. */
export function machineCodeFile(codes: readonly (readonly [address: number, code: Buffer])[]): Buffer {
  const records = codes.map(([address, code]) => {
    const record = Buffer.alloc(25);
    record.write('C', 'latin1');
    record.writeBigUInt64LE(BigInt(address), 9);
    record.writeInt32LE(code.length, 17);
    return Buffer.concat([record, code]);
  });
  return Buffer.concat([Buffer.from('x64\0', 'latin1'), ...records]);
}

/** Reads a log made of these lines (each is given its line end) or of raw text, and of machine code. */
export async function readLines(
  lines: readonly string[] | string,
  machineCode: Buffer | null = null,
): Promise<{ facts: LogFacts; ticks: SeenTick[] }> {
  const folder = mkdtempSync(join(tmpdir(), 'lineprof-log-'));
  try {
    const file = join(folder, 'v8 #1, 100%.log');
    writeFileSync(
      file,
      typeof lines === 'string' ? lines : lines.map((line) => `${line}\n`).join(''),
      'latin1',
    );
    if (machineCode !== null) writeFileSync(`${file}.ll`, machineCode);
    const ticks: SeenTick[] = [];
    const facts = await readLog(file, (tables) => (tick) => {
      ticks.push(seen(tables, tick));
    });
    // Texts are read from the file when they are asked for: while it is still there.
    for (const script of facts.scripts.values()) script.text();
    return { facts, ticks };
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/** A sample, copied out of the reader's own object. */
export function seen({ frames }: LogTables, tick: Tick): SeenTick {
  return {
    where: WHERES[tick.where]!,
    frames: [...tick.frames.subarray(0, tick.depth)].reverse().map((id) => {
      const { kind, name, offset, fn, otherOffsets = [] } = frames[id]!;
      return kind === 'js'
        ? `${fn === null ? '?' : name}@${[offset, ...otherOffsets].join('|')}`
        : `<${name}>`;
    }),
    cut: tick.cut,
    outside: tick.outside,
    unplaced: tick.unplaced,
  };
}

const hex = (value: number): string => `0x${value.toString(16)}`;

/** `code-creation` and `code-source-info` of a function in script 1 (`/app/a.js`). */
export function code(options: {
  readonly name: string;
  readonly start: number;
  readonly size?: number;
  readonly state?: string;
  readonly sfi?: number;
  readonly range?: readonly [number, number];
  readonly positions?: string;
  readonly inlining?: string;
  readonly inlined?: string;
}): string[] {
  const {
    name,
    start,
    size = 0x100,
    state = '~',
    sfi = start + 0x900000,
    range = [0, start + 100],
  } = options;
  return [
    `code-creation,JS,10,1000,${hex(start)},${size},${name} /app/a.js:1:1,${hex(sfi)},${state}`,
    `code-source-info,${hex(start)},1,${range[0]},${range[1]},${options.positions ?? ''},${options.inlining ?? ''},${options.inlined ?? ''}`,
  ];
}

/** A tick in JavaScript (state 0) unless told otherwise. */
export function tick(time: number, pc: number, stack: readonly number[], state = 0): string {
  return `tick,${hex(pc)},${time},0,0x0,${state}${stack.map((address) => `,${hex(address)}`).join('')}`;
}

export const HEADER: readonly string[] = [
  'v8-version,13,6,233,17,-node.53,0',
  'shared-library,/usr/bin/node,0x400000,0x800000,0',
  'code-creation,Builtin,2,1,0x500000,256,ArrayPrototypeSort',
  'code-creation,Builtin,2,1,0x500200,256,InterpreterEntryTrampoline',
  'code-creation,BytecodeHandler,0,1,0x500400,256,LdaZero',
  'script-source,1,/app/a.js,let a = 1\\x2C b;\\n\\\\ \\xe9 \\u20ac',
];
