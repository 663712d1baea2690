import type { Side } from '../../src/compare/compare.ts';
import type { LineMemory, ObjectsMemory } from '../../src/model/memory.ts';
import type { FunctionProfile, RunFacts } from '../../src/model/profile.ts';
import { functionProfile, profileOf } from '../vscode/support/profile.ts';

export const MIB = 1_048_576;

/** A line that ran once, allocated and kept nothing, but for what is given. */
export function lineMemory(given: Partial<LineMemory> = {}): LineMemory {
  return {
    ...{ occurrences: 1, allocatedBytes: 0, isSampled: false, incrementBytes: 0, isEstimated: false },
    ...{ usageBytes: 10 * MIB, othersBytes: 0 },
    ...given,
  };
}

interface Given extends Partial<Pick<FunctionProfile, 'name' | 'calls'>> {
  readonly increment?: number | null;
  readonly allocated?: number;
  readonly isEstimated?: boolean;
  readonly objects?: readonly ObjectsMemory[] | null;
  readonly run?: Partial<RunFacts>;
}

/** A made-up function of a memory run: the memory of its lines by their numbers. */
export function memorySide(
  text: string,
  lines: Readonly<Record<number, LineMemory>>,
  {
    name = 'fill',
    calls = 1,
    increment = 0,
    allocated = 0,
    isEstimated = false,
    objects = null,
    run,
  }: Given = {},
): Side {
  const place = { name, file: 'src/fill.ts', line: 1, endLine: text.split('\n').length };
  const made = functionProfile(place, text, 0, calls, {});
  const fn: FunctionProfile = {
    ...made,
    ...{ totalMicros: null, selfMicros: null, callsInTimedRun: null },
    memory: { allocatedBytes: allocated, incrementBytes: increment, isEstimated, objects },
    lines: made.lines.map((line) => ({ ...line, memory: lines[line.line] ?? null })),
  };
  return {
    run: { ...profileOf('/app', [fn]).run, node: 'v24.21.0', repeats: null, ...run },
    fn,
    memory: {
      ...{ readings: 4000, collections: 12, collectMicros: 34_000, collectionsLeftOut: false },
      ...{ ownCollections: 0, youngMib: 64, allRead: 131_072 },
    },
  };
}

/** A hundred thousand objects and a text, before; three arrays of numbers in their place, after. */
export const OBJECTS = memorySide(
  [
    'function fill(count) {',
    '  const all = makeObjects(count);',
    '  for (const one of all) {',
    '    one.x = Math.sqrt(one.x);',
    '  }',
    '  log(JSON.stringify(all));',
    '  return all;',
    '}',
  ].join('\n'),
  {
    2: lineMemory({ allocatedBytes: 11 * MIB, incrementBytes: 9 * MIB, usageBytes: 14 * MIB }),
    3: lineMemory({ occurrences: 100_001, allocatedBytes: 900, isEstimated: true }),
    4: lineMemory({ occurrences: 100_000, allocatedBytes: 2 * MIB, incrementBytes: MIB, isEstimated: true }),
    6: lineMemory({ allocatedBytes: 6 * MIB, incrementBytes: 40, usageBytes: 15 * MIB }),
    7: lineMemory({ usageBytes: 15 * MIB }),
  },
  {
    ...{ increment: 10 * MIB, allocated: 19 * MIB },
    objects: [
      { name: 'Particle', count: 100_000, bytes: 9 * MIB },
      { name: 'Array', count: 1, bytes: 0.8 * MIB },
      { name: '(system)', count: 3, bytes: 300 },
    ],
  },
);

export const ARRAYS = memorySide(
  [
    'function fill(count) {',
    '  const all = makeArrays(count);',
    '  for (const one of all) {',
    '    one.x = Math.sqrt(one.x);',
    '  }',
    '  check(all);',
    '  return all;',
    '}',
  ].join('\n'),
  {
    2: lineMemory({ allocatedBytes: 3 * MIB, incrementBytes: 3 * MIB, usageBytes: 8 * MIB }),
    3: lineMemory({ occurrences: 4, allocatedBytes: 700 }),
    4: lineMemory({ occurrences: 3, isEstimated: true }),
    6: lineMemory({ allocatedBytes: 4000, usageBytes: 8 * MIB }),
    7: lineMemory({ usageBytes: 8 * MIB }),
  },
  {
    ...{ increment: 3 * MIB, allocated: 3 * MIB + 4700 },
    objects: [
      { name: 'system / JSArrayBufferData', count: 3, bytes: 3 * MIB },
      { name: 'Float64Array', count: 3, bytes: 312 },
      { name: '(system)', count: 5, bytes: 500 },
    ],
  },
);
