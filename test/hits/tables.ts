/** Programs with the hits of each line known by reading them: `hits | code`. Each runs as an async function's body. */
export const TABLES: Readonly<Record<string, string>> = {
  'for loops count each test': `
   1 | let s = 0;
   4 | for (let i = 0; i < 3; i++) {
   3 |   s += i;
     | }
   6 | for (let i = 0; i < 5; i++) s += i;
   3 | for (
   1 |   let i = 0;
   3 |   i < 2;
   2 |   i++
     | ) {
   2 |   s++;
     | }
   1 | return s;`,
  'while and do while': `
   1 | let n = 3;
   4 | while (n > 0) {
   3 |   n--;
     | }
     | do {
   4 |   n++;
   4 | } while (n < 4);
   5 | do n++; while (n < 9);
   6 | while (n-- > 4);
   1 | return n;`,
  'for without a test counts rounds': `
   1 | let n = 0;
   5 | for (;;) {
   5 |   n++;
   5 |   if (n === 5) break;
     | }
   3 | for (;;) if (n++ > 6) break;
   1 | return n;`,
  'for of and for in count rounds and the end': `
   1 | const list = [1, 2, 3];
   1 | let s = 0;
   4 | for (const x of list) {
   3 |   s += x;
     | }
   4 | for (const x of list) s += x;
   3 | for (const key in { a: 1, b: 2 }) {
   2 |   s += key.length;
     | }
   1 | for (const x of []) {
   0 |   s += x;
     | }
   4 | for await (const x of list) {
   3 |   s += x;
     | }
   3 | for (
   2 |   const x
   1 |   of [7, 8]
   2 | ) s += x;
   1 | return s;`,
  'for of left by break, labels, return and throw': `
   1 | let s = 0;
   2 | for (const x of [1, 2, 3]) {
   2 |   if (x === 2) break;
   1 |   s += x;
     | }
   3 | outer: for (const x of [1, 2, 3]) {
   7 |   for (const y of [1, 2, 3]) {
   6 |     if (y === 2 && x === 1) continue outer;
   5 |     if (x === 3) break outer;
   4 |     s++;
     |   }
   1 |   s++;
     | }
     | function find(list, wanted) {
   5 |   for (const x of list) {
   4 |     if (x === wanted) return x;
     |   }
   1 |   return null;
     | }
   1 | find([1, 2], 2);
   1 | find([1, 2], 9);
     | try {
   1 |   for (const x of [1, 2]) throw x;
   1 | } catch {}
   4 | for (const x of [1, 2, 3]) {
   3 |   switch (x) { case 2: break; }
     | }
     | block: {
   2 |   for (const x of [1, 2]) {
   2 |     if (x === 2) break block;
     |   }
   0 |   s++;
     | }
   1 | return s;`,
  'a finally that overrules a break': `
   1 | let s = 0;
   4 | for (const x of [1, 2, 3]) {
     |   try {
   3 |     if (x === 2) break;
   2 |     s++;
     |   } finally {
   3 |     continue;
     |   }
     | }
   1 | return s;`,
  'labelled while with continue and break': `
   1 | let i = 0;
   5 | outer: while (i < 10) {
   5 |   i++;
  11 |   for (let j = 0; j < 2; j++) {
   8 |     if (i === 2) continue outer;
   7 |     if (i === 5) break outer;
     |   }
     | }
   1 | return i;`,
  'if, else if and else': `
   1 | let s = '';
   5 | for (let i = 0; i < 4; i++) {
   4 |   if (i === 0) {
   1 |     s += 'a';
   3 |   } else if (i === 1) {
   1 |     s += 'b';
   2 |   } else if (i === 2) s += 'c';
     |   else {
   1 |     s += 'd';
     |   }
   4 |   if (i > 2) s += '!';
     | }
   1 | return s;`,
  'bodies on lines of their own': `
   1 | let s = 0;
   4 | for (let i = 0; i < 3; i++)
   3 |   if (i)
   2 |     s++;
     |   else
   1 |     s--;
   3 | while (s < 3)
   2 |   s++;
   1 | return s;`,
  'ternaries and short circuits by line': `
   1 | const pick = (x) =>
   5 |   x === 1
   1 |     ? 'one'
   4 |     : x === 2
   2 |       ? 'two'
   2 |       : 'many';
   1 | pick(1); pick(2); pick(3);
   4 | for (let i = 0; i < 3; i++) {
   3 |   i > 0
   2 |     && i > 1
   1 |     && pick(i);
   3 |   (i || null)
   1 |     ?? pick(i);
   3 |   const o = i === 1 ? { a: { b: () => i } } : null;
   3 |   o
   1 |     ?.a
   1 |     .b();
     | }
   1 | let u = null;
   1 | u ??=
   1 |   5;
   1 | u &&= 6;
   1 | u ||=
   0 |   7;
   1 | return u;`,
  'switch clauses, fall through and tests that work': `
   1 | let s = '';
     | function test(x) {
   8 |   return x;
     | }
   6 | for (const x of [1, 2, 3, 4, 5]) {
   5 |   switch (x) {
   1 |     case 1:
   1 |       s += 'a';
   2 |     case 2:
   2 |       s += 'b';
   2 |       break;
   3 |     case test(3):
   1 |       s += 'c';
   1 |       break;
   0 |     case -4: {
   0 |       s += 'd';
   0 |       break;
     |     }
   0 |     case 9:
   2 |     default:
   2 |       s += 'e';
     |   }
   5 |   switch (test(x)) { case 1: continue; case 2: continue; }
   3 |   s += '.';
     | }
   1 | return s;`,
  'try, catch and finally': `
   1 | let s = 0;
     | function f(x) {
     |   try {
   4 |     if (x === 1) throw new Error('no');
   3 |     if (x === 2) return 'two';
   2 |     s++;
   1 |   } catch (error) {
   1 |     s += error.message.length;
     |   } finally {
   4 |     s += 10;
     |   }
   3 |   return s;
     | }
   4 | for (const x of [1, 2, 3]) f(x);
   1 | try { f(); } catch {
   0 |   s = 0;
     | }
   1 | return s;`,
  'statements after a throw': `
     | function g(x) {
   2 |   x.y.z;
   1 |   return 1;
     | }
   1 | g({ y: {} });
   1 | try { g({}); } catch {}
   1 | return 0;`,
  generators: `
     | function* gen(n) {
   4 |   for (let i = 0; i < n; i++) {
   3 |     const got = yield i;
   2 |     if (got) return got;
     |   }
     | }
   1 | const a = gen(9);
   1 | a.next(); a.next(); a.next('stop');
   1 | const b = [...gen(0)];
   1 | const c = gen(5);
   1 | c.next();
   1 | return b.length;`,
  'async functions': `
     | async function wait(x) {
   2 |   await null;
   2 |   if (x) throw x;
   1 |   return 1;
     | }
   1 | await wait(0);
   1 | await wait(1).catch(
   1 |   (error) => error,
     | );
   1 | return 1;`,
  'default values': `
     | function f(
     |   a,
   2 |   b = 2,
     |   {
   2 |     c = String(3),
     |   } = {},
     |   ...rest
     | ) {
   3 |   return b + c;
     | }
   1 | f(1); f(1, 2); f(1, undefined, { c: 4 });
   1 | const {
   1 |   d,
   1 |   e =
   1 |     5,
     | } = {};
   1 | return e;`,
  'classes: fields, static blocks, accessors, constructors': `
   1 | class Base {
   2 |   kind = 'base';
   1 |   static count = 0;
   2 |   #hidden = () => 1;
     |   static {
   1 |     Base.count++;
     |   }
     |   get value() {
   1 |     return this.#hidden();
     |   }
     |   set value(x) {
   1 |     this.kind = x;
     |   }
     | }
   1 | class Derived extends Base {
     |   constructor(x) {
   1 |     super();
   1 |     this.x = x;
     |   }
   1 |   static make() { return new Derived(1); }
     | }
   1 | const d = Derived.make();
   1 | d.value = d.value;
   1 | return new Base().kind;`,
  'callbacks, closures and one-line functions': `
   1 | const list = [1, 2, 3];
   1 | list
   1 |   .map((x) => x * 2)
   1 |   .filter((x) => {
   3 |     return x > 2;
     |   })
   1 |   .forEach(
     |     function (x) {
   2 |       list.push(x);
     |     },
     |   );
     | function counter() {
   1 |   let n = 0;
   1 |   return () => n++;
     | }
   1 | const next = counter();
   4 | for (let i = 0; i < 3; i++) next();
   1 | const inc = (x) => x + 1; inc(1); inc(2);
   1 | return 0;`,
  recursion: `
     | function factorial(n) {
   5 |   if (n < 2) return 1;
   4 |   return n * factorial(n - 1);
     | }
   1 | return factorial(5);`,
  'no semicolons': `
   1 | let a = 1
   1 | let b = a
   1 | ++b
   1 | const f = function () { return 1 }
   1 | if (a) b = 2
   0 | else b = 3
   2 | do b--
   2 | while (b > 0)
   1 | ;[1].map(String)
   1 | a = b
   1 | ;(() => { b++ })()
   1 | return b`,
};
