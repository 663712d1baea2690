import assert from 'node:assert/strict';
import { parseSource } from '../../src/source/parse.ts';

/** Checks a table of `first code token | line`; an empty token means that the line holds no code. */
function check(table: string, fileName = 'a.ts'): void {
  const rows = table.replace(/^\n|\s*$/g, '').split('\n');
  const lines = rows.map((row) => row.slice(row.indexOf('|') + 2));
  const text = lines.join('\n');
  const { codeStarts } = parseSource(text, fileName);
  assert.equal(codeStarts.length, lines.length);
  let offset = 0;
  const tokens = rows.map((row) => row.slice(0, row.indexOf('|')).trim());
  const got = codeStarts.map((start, index) => {
    const column = start - offset;
    const line = lines[index]!;
    offset += line.length + 1;
    return start < 0 ? '' : line.slice(column, column + Math.max(tokens[index]!.length, 1));
  });
  assert.deepEqual(got, tokens);
}

describe('source: lines that hold code', () => {
  it('statements', () =>
    check(`
            | #!/usr/bin/env node
            | 'use strict';
            | import a from 'a';
            | export * from 'b';
            | export { c };
            | // comment
   const    | export const x = 1; /* b
            | b */
   if       | if (x) {
   y        |   y();
   if       | } else if (z) {
            | } else {
            | }
            | try {
   a        |   a;
   catch    | } catch (e) {
            | } finally {
            | }
            | do {
   i        |   i++;
   while    | } while (
   i        |   i
            | );
            | label:
   for      | outer: for (;;) {
   break    |   break outer;
            | }
   switch   | switch (x) {
   1        |   case 1:
   f        |   case f():
   default  |   default:
            | }
            | ;
   throw    | throw a
   x        | export default x;`));

  it('expressions over several lines', () =>
    check(`
   const    | const o = {
   a        |   a: 1,
            |   m() {
   return   |     return 1;
            |   },
   k        |   [k]: 2,
   f        |   ...f(
   1        |     1,
            |   ),
            | };
   call     | call(
            |   (x) => {
   x        |     x;
            |   },
   y        |   (y) => y,
            |   function named(a,
   3        |     b = 3) {
            |   },
            | );
   a        | a
   b        |   + b
   c        |   ? c
   d        |   : d
   e        |     ?.e
   f        |     .f();
   new      | new
   X        | X();
   const    | const s = \`
            |   raw text
   v        |   raw \${v} text
            |   \${
   w        |     w
            |   }\`;`));

  it('classes', () =>
    check(`
   dec      | @dec({
   k        |   k: 1,
            | })
   abstract | abstract class A extends B<T> implements C {
            |   x: number;
            |   declare y: string;
   z        |   private readonly z = 1;
   s        |   static s =
   2        |     2;
            |   constructor(
            |     private p: string,
   d        |     @d() q: number,
            |     r: T,
            |   ) {
   super    |     super();
            |   }
            |   abstract m(): void;
            |   n(a: string): void;
            |   n(a: any) {}
   key      |   [key]() {}
            |   static {
   init     |     init();
            |   }
            |   [index: string]: unknown;
            | }`));

  it('types', () =>
    check(
      `
            | import type { T } from 't';
            | interface I {
            |   a: string;
            | }
            | type U =
            |   | 'a'
            |   | 'b';
            | declare const q: number;
            | declare function df(): void;
            | declare namespace DN {
            |   const x: number;
            | }
            | const enum CE {
            |   A,
            | }
   enum     | enum E {
            |   A = 1,
            | }
            | namespace N {
   const    |   export const y = 1;
            | }
   const    | const m: Map<
            |   string,
            |   number
   new      | > = new Map<
            |   string
            | >();
            | function f<
            |   T,
            | >(a: {
            |   b: string;
            | }): asserts a is {
            |   c: 1;
            | } {
            | }
   x        | x as unknown as
            |   string;`,
    ));

  it('JSX', () =>
    check(
      `
   const    | const a = (
   <div     |   <div
   class    |     className="x"
   on       |     on={() => {
   go       |       go();
            |     }}
   rest     |     {...rest}
            |   >
            |     text
   x        |     text {x}
            |     {/* comment */}
   y        |     {y && (
   <p>      |       <p>
            |       </p>
            |     )}
            |   </div>
            | );`,
      'a.tsx',
    ));

  it('line ends of every kind', () => {
    const { codeStarts } = parseSource('a;\r\nb;\rc;\n\u2028d', 'a.js');
    assert.deepEqual(codeStarts, [0, 4, 7, -1, 11]);
  });
});
