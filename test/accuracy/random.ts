/** How many functions a random program has: f0, which the program calls, to f7. */
export const FUNCTION_COUNT = 8;

/** Rounds of work that one cycle of a program should do: about 100 ms. */
const CYCLE_ROUNDS = 1e7;

/** No function is expected to do more than this in one call, its callees included. */
const CALL_ROUNDS = 12e5;

/** Lines of a piece of program, and the rounds it is expected to do each time it runs. */
interface Piece {
  readonly lines: readonly string[];
  readonly rounds: number;
}

/** What a piece may use: the functions made so far (with their rounds), names, and how deep it is nested. */
interface Scope {
  readonly callees: ReadonlyMap<string, number>;
  readonly closures: Piece[];
  readonly depth: number;
}

/**
 * A program of nested loops, branches, switches, closures, callbacks, try and calls, the same for the same seed.
 * It imports programs/kernel.mjs from its own folder. Its own choices come from `below`, which starts anew in each cycle: work never depends on time or chance.
 */
export function randomProgram(seed: number): string {
  const pick = stream(seed);
  const callees = new Map<string, number>();
  const functions: string[] = [];
  for (let i = FUNCTION_COUNT - 1; i >= 0; i--) {
    const name = `f${i}`;
    const { lines, rounds } = functionOf(name, callees, i === 0 ? 9 : 3 + pick(3), pick);
    callees.set(name, rounds);
    functions.unshift(...lines, '');
  }
  const calls = Math.max(1, Math.round(CYCLE_ROUNDS / callees.get('f0')!));
  return [
    "import { drive, random, spin } from './kernel.mjs';",
    '',
    'let below;',
    'let sink = 0;',
    '',
    ...functions,
    'drive(() => {',
    `  below = random(${seed + 1000});`,
    `  for (let call = 0; call < ${calls}; call++) f0();`,
    '});',
    '',
  ].join('\n');
}

type Pick = (bound: number) => number;

/** Numerical Recipes' linear congruential generator; its high bits, which are the good ones. */
function stream(seed: number): Pick {
  let state = seed >>> 0;
  return (bound) => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return Math.floor((state / 2 ** 32) * bound);
  };
}

function functionOf(name: string, callees: ReadonlyMap<string, number>, count: number, pick: Pick): Piece {
  const scope: Scope = { callees, closures: [], depth: 0 };
  const body = block(scope, count, pick);
  // Itself again in one call of four, outside of loops: the expected number of calls is 4 / 3.
  const again = pick(3) === 0 ? [`  if (below(4) === 0) ${name}();`] : [];
  const lines = [
    `function ${name}() {`,
    ...indent([...scope.closures.flatMap((closure) => closure.lines), ...body.lines]),
    ...again,
    '}',
  ];
  return { lines, rounds: again.length > 0 ? (body.rounds * 4) / 3 : body.rounds };
}

function block(scope: Scope, count: number, pick: Pick): Piece {
  const pieces = Array.from({ length: count }, () => statement(scope, pick));
  return { lines: pieces.flatMap((piece) => piece.lines), rounds: sum(pieces) };
}

function statement(scope: Scope, pick: Pick): Piece {
  const nested = { ...scope, depth: scope.depth + 1 };
  const kind = pick(scope.depth < 3 ? 12 : 4);
  if (kind < 2) return work(600 + pick(8) * 200);
  if (kind === 2) return spinning(600 + pick(8) * 200);
  if (kind === 3) return call(scope, pick) ?? work(800);
  if (kind === 4) return call(scope, pick) ?? branch(nested, pick);
  if (kind === 5) return branch(nested, pick);
  if (kind === 6 || kind === 7) return loop(nested, pick);
  if (kind === 8) return switched(nested, pick);
  if (kind === 9) return guarded(nested, pick);
  if (kind === 10) return closure(scope, pick);
  return callback(scope, pick);
}

const kernel = (rounds: number) => `for (let x = 0; x < ${rounds}; ) x = Math.sqrt((x + 1) * (x + 1));`;

const work = (rounds: number): Piece => ({ lines: [kernel(rounds)], rounds });

const spinning = (rounds: number): Piece => ({ lines: [`spin(${rounds});`], rounds });

function call({ callees, depth }: Scope, pick: Pick): Piece | null {
  const limit = CALL_ROUNDS / 4 ** (depth + 1);
  const able = [...callees].filter(([, rounds]) => rounds < limit);
  if (able.length === 0) return null;
  // The newest callees are the biggest: take them more often, so that calls go deep.
  const [name, rounds] = able[able.length - 1 - Math.min(pick(able.length), pick(able.length))]!;
  return { lines: [`${name}();`], rounds };
}

function branch(scope: Scope, pick: Pick): Piece {
  const bound = 2 + pick(3);
  const then = block(scope, 1 + pick(2), pick);
  const otherwise = block(scope, 1, pick);
  return {
    lines: [
      `if (below(${bound}) === 0) {`,
      ...indent(then.lines),
      '} else {',
      ...indent(otherwise.lines),
      '}',
    ],
    rounds: then.rounds / bound + otherwise.rounds * (1 - 1 / bound),
  };
}

function loop(scope: Scope, pick: Pick): Piece {
  const times = 2 + pick(3);
  const body = block(scope, 1 + pick(3), pick);
  const name = `r${scope.depth}`;
  const lines =
    pick(2) === 0
      ? [`for (let ${name} = 0; ${name} < ${times}; ${name}++) {`, ...indent(body.lines), '}']
      : [`let w${name}${pick(1e6)} = ${times};`].flatMap((declaration) => {
          const variable = declaration.split(' ')[1]!;
          return [declaration, `while (${variable}-- > 0) {`, ...indent(body.lines), '}'];
        });
  return { lines, rounds: times * body.rounds };
}

function switched(scope: Scope, pick: Pick): Piece {
  const cases = Array.from({ length: 3 }, () => block(scope, 1, pick));
  const lines = cases.flatMap((body, i) => [
    i < 2 ? `  case ${i}: {` : '  default: {',
    ...indent(indent(body.lines)),
    ...(i < 2 ? ['    break;'] : []),
    '  }',
  ]);
  return { lines: [`switch (below(3)) {`, ...lines, '}'], rounds: sum(cases) / 3 };
}

/** V8 spends some microseconds on a throw, which is no work of ours: a try holds 32 and throws once in sixteen. */
function guarded(scope: Scope, pick: Pick): Piece {
  const body = block(scope, 1, pick);
  const rescue = block(scope, 1, pick);
  const last = block(scope, 1, pick);
  return {
    lines: [
      'try {',
      `  ${kernel(3200)}`,
      '  if (below(16) === 0) throw below;',
      ...indent(body.lines),
      '} catch {',
      ...indent(rescue.lines),
      '} finally {',
      ...indent(last.lines),
      '}',
    ],
    rounds: 3200 + (body.rounds * 15) / 16 + rescue.rounds / 16 + last.rounds,
  };
}

/** A closure that works as often as it is told, called from two lines. */
function closure({ closures }: Scope, pick: Pick): Piece {
  const rounds = 600 + pick(6) * 200;
  const name = `c${closures.length}`;
  closures.push({
    lines: [
      `const ${name} = (n) => {`,
      '  for (let again = 0; again < n; again++) {',
      `    ${kernel(rounds)}`,
      '  }',
      '};',
    ],
    rounds: 0,
  });
  return { lines: [`${name}(1);`, `${name}(2);`], rounds: 3 * rounds };
}

function callback(scope: Scope, pick: Pick): Piece {
  const inner = call({ ...scope, depth: scope.depth + 2 }, pick) ?? work(600);
  const method = ['forEach', 'map', 'filter', 'some'][pick(4)]!;
  return {
    lines: [
      `[5, 6, 7].${method}((n) => {`,
      `  ${kernel(600)}`,
      ...indent(inner.lines),
      '  sink += n;',
      '});',
    ],
    rounds: 3 * (600 + inner.rounds),
  };
}

const indent = (lines: readonly string[]) => lines.map((line) => `  ${line}`);

const sum = (pieces: readonly Piece[]) => pieces.reduce((total, { rounds }) => total + rounds, 0);
