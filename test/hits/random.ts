/**
 * Random programs that write down their own hits: every part that stands on a line comes with a call `T(line)` in
 * the traced text, and without it in the plain one. The two have the same lines.
 */
export interface RandomProgram {
  readonly plain: string;
  readonly traced: string;
}

interface Maker {
  readonly plain: string[];
  readonly traced: string[];
  /** Whole number in [0, n). */
  readonly below: (n: number) => number;
  /** Statements still allowed. */
  left: number;
  loops: number;
}

/** What `break` and `continue` may leave from here. */
interface Place {
  readonly depth: number;
  readonly indent: string;
  readonly labels: readonly string[];
  readonly inLoop: boolean;
  readonly kind: 'plain' | 'generator';
  /** Within a loop that calls nothing. */
  readonly isPure: boolean;
}

/** A program made from a seed; it returns `[result, ...]` of what it computed. */
export function randomProgram(seed: number): RandomProgram {
  const maker: Maker = { plain: [], traced: [], below: generator(seed), left: 60, loops: 0 };
  const start: Place = { depth: 0, indent: '', labels: [], inLoop: false, kind: 'plain', isPure: false };
  pair(maker, start, 'let n = 0, fuel = 400;', 'T(#); let n = 0, fuel = 400;');
  pair(maker, start, 'function tick(x) {');
  pair(maker, start, '  n = (n * 31 + x) % 1000003;', '  T(#); n = (n * 31 + x) % 1000003;');
  pair(
    maker,
    start,
    '  if (--fuel < 0) throw new Error("fuel");',
    '  T(#); if (--fuel < 0) throw new Error("fuel");',
  );
  pair(maker, start, '  return n % 7;', '  T(#); return n % 7;');
  pair(maker, start, '}');
  pair(maker, start, 'try {');
  while (maker.left > 0) statement(maker, { ...start, depth: 1, indent: '  ' });
  pair(maker, start, '} catch (error) {', '} catch (error) { T(#);');
  pair(maker, start, '  n += error.message.length;', '  T(#); n += error.message.length;');
  pair(maker, start, '}');
  pair(maker, start, 'return n;', 'T(#); return n;');
  return { plain: maker.plain.join('\n'), traced: maker.traced.join('\n') };
}

/** Mulberry32: small, and the same everywhere. */
function generator(seed: number): (n: number) => number {
  let state = seed >>> 0;
  return (n) => {
    state = (state + 0x6d2b79f5) >>> 0;
    let t = state;
    t = Math.imul(t ^ (t >>> 15), t | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return Math.floor((((t ^ (t >>> 14)) >>> 0) / 4294967296) * n);
  };
}

/** Adds a line; `#` in the traced one is its number. */
function pair(maker: Maker, { indent }: Place, plain: string, traced = plain): void {
  maker.plain.push(indent + plain);
  maker.traced.push(indent + traced.replaceAll('#', String(maker.plain.length)));
}

function tick(maker: Maker, { isPure }: Place): string {
  return isPure ? `(n = (n * 7 + ${maker.below(50)}) % 1009) % 7` : `tick(${maker.below(50)})`;
}

function block(maker: Maker, place: Place): void {
  const inner = { ...place, depth: place.depth + 1, indent: `${place.indent}  ` };
  for (let count = maker.below(4); count > 0; count--) statement(maker, inner);
}

const MAKERS: readonly ((maker: Maker, place: Place) => void)[] = [
  (maker, place) => {
    const call = tick(maker, place);
    pair(maker, place, `${call};`, `T(#); ${call};`);
  },
  (maker, place) => {
    const line = `const v${maker.loops++} = ${maker.below(9)};`;
    pair(maker, place, line, `T(#); ${line}`);
  },
  (maker, place) => {
    const [first, second] = [tick(maker, place), tick(maker, place)];
    pair(maker, place, `if (${first} > 2) {`, `T(#); if (${first} > 2) {`);
    block(maker, place);
    if (maker.below(2) === 0) {
      pair(maker, place, `} else if (${second} > 3) {`, `} else if (T(#), ${second} > 3) {`);
      block(maker, place);
    }
    if (maker.below(2) === 0) {
      pair(maker, place, '} else {');
      block(maker, place);
    }
    pair(maker, place, '}');
  },
  (maker, place) => {
    const [test, then, other] = [tick(maker, place), tick(maker, place), tick(maker, place)];
    pair(maker, place, `if (${test} > 3)`, `T(#); if (${test} > 3)`);
    pair(maker, place, `  ${then};`, `  { T(#); ${then}; }`);
    pair(maker, place, 'else');
    pair(maker, place, `  ${other};`, `  { T(#); ${other}; }`);
  },
  loop((maker, name) => {
    const rounds = 1 + maker.below(4);
    const header = (test: string): string => `for (let ${name} = 0; ${test}${name} < ${rounds}; ${name}++) {`;
    return [header(''), header('T(#), ')];
  }),
  loop((maker, name) => {
    const limit = maker.below(5);
    return [
      `for (let ${name} = 0; ${name}++ < ${limit} && n % 7 !== 6;) {`,
      `for (let ${name} = 0; T(#), ${name}++ < ${limit} && n % 7 !== 6;) {`,
    ];
  }),
  loop((maker, name) => {
    const list = JSON.stringify(Array.from({ length: maker.below(4) }, (_, i) => i));
    return [`for (const ${name} of ${list}) {`, `for (const ${name} of rounds(${list}, () => T(#))) {`];
  }),
  loop((maker, name) => {
    const keys = JSON.stringify(
      Object.fromEntries(Array.from({ length: maker.below(4) }, (_, i) => [`k${i}`, i])),
    );
    return [
      `for (const ${name} in ${keys}) {`,
      `for (const ${name} of rounds(Object.keys(${keys}), () => T(#))) {`,
    ];
  }),
  (maker, place) => {
    const body = tick(maker, place);
    const name = `i${maker.loops++}`;
    pair(maker, place, `let ${name} = 0;`, `T(#); let ${name} = 0;`);
    pair(maker, place, 'do {');
    pair(maker, place, `  ${body};`, `  T(#); ${body};`);
    block(maker, { ...place, inLoop: true });
    pair(maker, place, `} while (${name}++ < 2);`, `} while (T(#), ${name}++ < 2);`);
  },
  (maker, place) => {
    const subject = tick(maker, place);
    pair(maker, place, `switch (${subject}) {`, `T(#); switch (${subject}) {`);
    const inner = { ...place, indent: `${place.indent}  ` };
    for (const label of ['case 0:', 'case 2:', 'default:', 'case 4:']) {
      pair(maker, inner, label, `${label} T(#);`);
      block(maker, inner);
      if (maker.below(3) > 0) pair(maker, inner, '  break;', '  T(#); break;');
    }
    pair(maker, place, '}');
  },
  (maker, place) => {
    const [body, last] = [tick(maker, place), tick(maker, place)];
    pair(maker, place, 'try {');
    pair(maker, place, `  if (${body} === 1) null.x;`, `  T(#); if (${body} === 1) null.x;`);
    block(maker, place);
    if (maker.below(2) === 0) {
      pair(maker, place, '} catch {', '} catch { T(#);');
      block(maker, place);
    }
    pair(maker, place, '} finally {');
    pair(maker, place, `  ${last};`, `  T(#); ${last};`);
    block(maker, place);
    pair(maker, place, '}');
  },
  (maker, place) => {
    const [a, b, c] = [tick(maker, place), tick(maker, place), tick(maker, place)];
    pair(maker, place, `n += ${a} > 3`, `T(#); n += ${a} > 3`);
    pair(maker, place, `  ? ${b}`, `  ? (T(#), ${b})`);
    pair(maker, place, `  : ${c} > 2`, `  : (T(#), ${c}) > 2`);
    pair(maker, place, `    && ${a}`, `    && (T(#), ${a})`);
    pair(maker, place, `    || ${b};`, `    || (T(#), ${b});`);
  },
  (maker, place) => {
    if (place.isPure) return;
    const name = `f${maker.loops++}`;
    const call = tick(maker, place);
    pair(maker, place, `const ${name} = (x = 1) => {`, `T(#); const ${name} = (x = 1) => {`);
    pair(maker, place, `  if (x > ${call}) return x;`, `  T(#); if (x > ${call}) return x;`);
    block(maker, { ...place, labels: [], inLoop: false, kind: 'plain', isPure: false });
    pair(maker, place, '  return 2;', '  T(#); return 2;');
    pair(maker, place, '};');
    pair(
      maker,
      place,
      `${name}() + [1, 2].map(${name}).length;`,
      `T(#); ${name}() + [1, 2].map(${name}).length;`,
    );
  },
  (maker, place) => {
    if (place.isPure) return;
    const name = `g${maker.loops++}`;
    const generatorPlace = { ...place, labels: [], inLoop: false, kind: 'generator' as const };
    pair(maker, place, `const ${name} = function* () {`, `T(#); const ${name} = function* () {`);
    block(maker, generatorPlace);
    pair(maker, place, '  n += yield 1;', '  T(#); n += yield 1;');
    block(maker, generatorPlace);
    pair(maker, place, '};');
    const use = maker.below(2) === 0 ? `[...${name}()].length;` : `${name}().next();`;
    pair(maker, place, use, `T(#); ${use}`);
  },
  (maker, place) => {
    if (place.labels.length === 0 && !place.inLoop) return;
    const label = place.labels[maker.below(place.labels.length + 1)];
    if (label === undefined && !place.inLoop) return;
    const word = maker.below(2) === 0 ? 'break' : 'continue';
    const jump = `if (${tick(maker, place)} > 3) ${word}${label === undefined ? '' : ` ${label}`};`;
    pair(maker, place, jump, `T(#); ${jump}`);
  },
  (maker, place) => {
    const line = `if (n % 9 === ${maker.below(9)}) null.x;`;
    if (place.isPure) pair(maker, place, line, `T(#); ${line}`);
  },
  (maker, place) => {
    if (place.kind !== 'generator' || place.isPure) return;
    const line = `yield ${tick(maker, place)};`;
    pair(maker, place, line, `T(#); ${line}`);
  },
];

/** A loop, with a label now and then. */
function loop(header: (maker: Maker, name: string) => [plain: string, traced: string]) {
  return (maker: Maker, place: Place): void => {
    const name = `i${maker.loops++}`;
    const label = maker.below(2) === 0 ? `L${name}` : null;
    const prefix = label === null ? '' : `${label}: `;
    const [plain, traced] = header(maker, name);
    pair(maker, place, prefix + plain, prefix + traced);
    const labels = label === null ? place.labels : [...place.labels, label];
    block(maker, { ...place, labels, inLoop: true, isPure: place.isPure || maker.below(2) === 0 });
    pair(maker, place, '}');
  };
}

function statement(maker: Maker, place: Place): void {
  maker.left--;
  const deep = place.depth > 4 || maker.left <= 0;
  MAKERS[deep ? 0 : maker.below(MAKERS.length)]!(maker, place);
}

/** What the traced text calls `rounds`: an array whose iterator tells of each round and of the end. */
export function* rounds<T>(list: readonly T[], onTest: () => void): Generator<T> {
  for (const item of list) {
    onTest();
    yield item;
  }
  onTest();
}
