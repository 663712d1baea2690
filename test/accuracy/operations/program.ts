import type { Operation } from './cases.ts';

/** How often each of the five lines does its operation, in order: no more at the top than at the bottom. */
export const REPEATS: readonly number[] = [3, 1, 5, 2, 4];

/** With another index each time: V8 would else reuse what it worked out for the line before. */
function shifted(code: string, by: number): string {
  return code.replace(/(?<![\w{.']|, )i(?![\w}:]| \})/g, `(i + ${by * 37})`);
}

function functionOf({ setup, code, async = false }: Operation, name: string): string {
  const lines = REPEATS.map((count, k) =>
    Array.from({ length: count }, (_, c) => `{ ${shifted(code, k * 5 + c)} }`).join(' '),
  );
  return `{
${setup}
works.push(${async ? 'async ' : ''}function ${name}(n) {
  let s = 0;
  for (let i = 0; i < n; i++) {
${lines.map((line) => `    ${line} // line`).join('\n')}
  }
  return s;
});
}`;
}

/**
 * A program with a function for each operation, `op0`, `op1`, …, whose lines end with `// line`. It runs them in
 * turn, so long that all together take as many milliseconds as its argument says.
 */
export function programOf(operations: readonly Operation[]): string {
  return `const works = [];
let sink = 0;
${operations.map((operation, i) => functionOf(operation, `op${i}`)).join('\n')}
const rounds = [];
for (const work of works) {
  let n = 8;
  // As many rounds as take a millisecond even when nothing disturbs them.
  for (let fastest = 0; fastest < 1; n *= 2) {
    fastest = Infinity;
    for (let k = 0; k < 6; k++) {
      const began = performance.now();
      sink += await work(n);
      fastest = Math.min(fastest, performance.now() - began);
    }
  }
  rounds.push(n);
}
const end = performance.now() + Number(process.argv[2]);
while (performance.now() < end) for (let k = 0; k < works.length; k++) sink += await works[k](rounds[k]);
`;
}
