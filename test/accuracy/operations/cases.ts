/** One kind of JavaScript operation; `program.ts` puts it on lines that do it a known number of times. */
export interface Operation {
  readonly name: string;
  /** Statements, run once. */
  readonly setup: string;
  /** Statements on one line; `i` counts the rounds, `s` is a number to add to so that nothing is dead code. */
  readonly code: string;
  /** The code awaits. */
  readonly async?: boolean;
}

const POINTS = 'const points = Array.from({ length: 1024 }, (_, k) => ({ x: k, y: k + 0.5, next: null }));';
const SHAPES = (count: number) => `
const shaped = Array.from({ length: 1024 }, (_, k) => {
  const one = {};
  for (let p = 0; p < k % ${count}; p++) one['p' + (k % ${count}) + p] = p;
  one.x = k;
  return one;
});`;
const NUMBERS = 'const numbers = Array.from({ length: 1024 }, (_, k) => k + 0.5);';
const INTS = 'const ints = Array.from({ length: 1024 }, (_, k) => (k * 7919) % 1024);';
const WORDS = "const words = Array.from({ length: 1024 }, (_, k) => 'word number ' + k * 7919);";
const LIST = 'const list = Array.from({ length: 20 }, (_, k) => (k * 13) % 20);';

const op = (name: string, setup: string, code: string): Operation => ({ name, setup, code });
const asyncOp = (name: string, setup: string, code: string): Operation => ({
  ...op(name, setup, code),
  async: true,
});

/** Every kind that was looked at; see docs/accuracy-limits.md for what came of it. */
export const OPERATIONS: readonly Operation[] = [
  op('property load, monomorphic', POINTS, 's += points[i & 1023].x;'),
  op('property load, 3 shapes', SHAPES(3), 's += shaped[i & 1023].x;'),
  op('property load, 50 shapes', SHAPES(50), 's += shaped[i & 1023].x;'),
  op('property store, 50 shapes', SHAPES(50), 'shaped[i & 1023].x = i;'),
  op('double field store', POINTS, 'points[i & 1023].y += 0.25;'),
  op(
    'dictionary mode',
    `${POINTS} for (const p of points) { delete p.x; p.x = 1; }`,
    's += points[i & 1023].x; points[i & 1023].x = i;',
  ),
  op('old object to young object', POINTS, 'points[i & 1023].next = { value: i };'),
  op(
    'old object to young number',
    'const cells = Array.from({ length: 1024 }, () => ({ v: {} }));',
    'cells[i & 1023].v = i + 0.5;',
  ),
  op('old to old object', POINTS, 'points[i & 1023].next = points[(i + 7) & 1023];'),
  op(
    'array store of objects',
    'const slots = Array.from({ length: 1024 }, () => ({}));',
    'slots[i & 1023] = { i };',
  ),
  op('object literal', 'let kept = null;', 'kept = { a: i, b: s, c: null };'),
  op('array literal', 'let kept = null;', 'kept = [i, s, i];'),
  op('closure made', 'let kept = null;', 'kept = () => i; s += kept.length;'),
  op(
    'closure called',
    'const adder = (k) => { let t = k; return (v) => (t = (t + v) | 0); }; const add = adder(1);',
    's += add(i);',
  ),
  op('push and empty', 'const stack = [];', 'if (stack.push(i) > 1000) stack.length = 0;'),
  op('push and pop', 'const stack = [];', 'stack.push({ i }); s += stack.pop().i;'),
  op('shift and push', 'const queue = [1, 2, 3, 4, 5];', 'queue.push(i); s += queue.shift();'),
  op('array index load', NUMBERS, 's += numbers[i & 1023];'),
  op(
    'array with holes',
    'const holes = []; for (let k = 0; k < 1024; k += 2) holes[k] = k;',
    's += holes[i & 1023] ?? 1;',
  ),
  op('out of bounds load', INTS, 's += ints[i & 2047] ?? 1;'),
  op('Float64Array', 'const floats = new Float64Array(1024);', 'floats[i & 1023] += 0.5;'),
  op('Uint8ClampedArray', 'const bytes = new Uint8ClampedArray(1024);', 'bytes[i & 1023] = i * 0.1;'),
  op('typed array made', 'let kept = null;', 'kept = new Uint8Array(64);'),
  op(
    'typed array set, subarray',
    'const bytes = new Uint8Array(256); const part = new Uint8Array(64);',
    'bytes.subarray(0, 128).set(part, i & 63);',
  ),
  op(
    'DataView',
    'const view = new DataView(new ArrayBuffer(1024));',
    'view.setFloat64((i & 63) * 8, i); s += view.getUint16(i & 511, true);',
  ),
  op(
    'Map get and set',
    'const map = new Map(Array.from({ length: 1000 }, (_, k) => [k, k]));',
    'map.set(i % 1000, i); s += map.get((i * 7) % 1000);',
  ),
  op(
    'Map of strings',
    `${WORDS} const map = new Map(words.map((w, k) => [w, k]));`,
    's += map.get(words[i & 1023]);',
  ),
  op(
    'Set add, has, delete',
    'const set = new Set();',
    'set.add(i & 255); if (set.has((i * 3) & 255)) set.delete(i & 127);',
  ),
  op(
    'WeakMap',
    `${POINTS} const weak = new WeakMap();`,
    'weak.set(points[i & 1023], i); s += weak.get(points[(i * 3) & 1023]) ?? 0;',
  ),
  op(
    'string concatenation',
    `${WORDS} let text = '';`,
    "text = words[i & 1023] + ':' + i; s += text.length;",
  ),
  op('string slice, charCodeAt', WORDS, 's += words[i & 1023].slice(3, -2).charCodeAt(4);'),
  op(
    'string flatten',
    "let rope = '';",
    "rope += 'abc'; if (rope.length > 300) { s += rope.charCodeAt(7); rope = ''; }",
  ),
  op('string compare', WORDS, 'if (words[i & 1023] < words[(i * 7) & 1023]) s++;'),
  op('string split and join', WORDS, "s += words[i & 1023].split(' ').join('-').length;"),
  op(
    'template string',
    WORDS, // biome-ignore lint/suspicious/noTemplateCurlyInString: it is code
    's += `${words[i & 1023]} is ${i} of ${s}`.length;',
  ),
  op('number to string', '', 's += String(i * 0.37).length + i.toString(16).length;'),
  op('parseInt, parseFloat', WORDS, "s += parseInt('12345', 10) + parseFloat('3.25e2') + Number('17');"),
  op('toFixed', '', 's += (i * 0.37).toFixed(2).length;'),
  op(
    'regex exec',
    `${WORDS} const digits = /(\\w+) (\\w+) (\\d+)/;`,
    's += digits.exec(words[i & 1023])[3].length;',
  ),
  op('regex replace', WORDS, "s += words[i & 1023].replace(/[aeiou]/g, 'x').length;"),
  op('regex replace with function', WORDS, 's += words[i & 1023].replace(/\\d/g, (d) => d + d).length;'),
  op(
    'JSON',
    'const record = { a: 1, b: [1, 2, { c: "x" }], d: "text" };',
    's += JSON.parse(JSON.stringify(record)).b.length;',
  ),
  op('BigInt', 'let big = 1n;', 'big = (big * 6364136223846793005n + BigInt(i)) & 0xffffffffffffffffffffn;'),
  op('BigInt.asUintN', 'let big = 1n;', 'big = BigInt.asUintN(64, big * 6364136223846793005n + 1n);'),
  op('Math functions', '', 's += Math.sin(i) + Math.hypot(i, s) + Math.floor(i / 3) + Math.max(i, 7);'),
  op('** and %', '', 's += (i % 97) ** 1.5 + (s % 13.5);'),
  op('integer division', INTS, 's += ((ints[i & 1023] / 7) | 0) + (i % 7);'),
  op('array spread', LIST, 's += [...list, i].length;'),
  op('object spread', '', 's += Object.keys({ a: 1, ...{ b: i, c: 3 } }).length;'),
  op('array destructuring', '', 'const [a, b] = [i, i + 1]; s += a + b;'),
  op('array destructuring of a list', LIST, 'const [a, b, ...c] = list; s += a + b + c.length;'),
  op('object destructuring', POINTS, 'const { x, ...rest } = points[i & 1023]; s += x + rest.y;'),
  op('rest arguments', 'function count(...all) { return all.length; }', 's += count(i, 1, 2);'),
  op('default arguments', 'function sum(a, b = 2, c = a) { return a + b + c; }', 's += sum(i);'),
  op('spread call', `${LIST} function first(a, b) { return a + b; }`, 's += first(...list);'),
  op(
    'optional chaining',
    'const deep = [{ a: { b: { c: 1 } } }, { a: null }];',
    's += deep[i & 1]?.a?.b?.c ?? 2;',
  ),
  op('for-of over an array', LIST, 'for (const one of list) s += one;'),
  op(
    'for-of over a Map',
    'const map = new Map([[1, 2], [3, 4], [5, 6]]);',
    'for (const [key, value] of map) s += key + value;',
  ),
  op(
    'for-of over a generator',
    'function* upTo(n) { for (let k = 0; k < n; k++) yield k; }',
    'for (const one of upTo(5)) s += one;',
  ),
  op(
    'for-of over a Set of objects',
    `${POINTS} const set = new Set(points.slice(0, 10));`,
    'for (const one of set) s += one.x;',
  ),
  op('for-in', 'const record = { a: 1, b: 2, c: 3, d: 4 };', 'for (const key in record) s += record[key];'),
  op(
    'Object.entries',
    'const record = { a: 1, b: 2, c: 3, d: 4 };',
    'for (const [key, value] of Object.entries(record)) s += key.length + value;',
  ),
  op(
    'Symbol.iterator',
    'const three = { *[Symbol.iterator]() { yield 1; yield 2; yield 3; } };',
    'for (const one of three) s += one;',
  ),
  op(
    'iterator object',
    'const upTo5 = { [Symbol.iterator]() { let k = 0; return { next: () => ({ done: k >= 5, value: k++ }) }; } };',
    'for (const one of upTo5) s += one;',
  ),
  op('map and filter, arrows', LIST, 's += list.map((v) => v * i).filter((v) => v & 1).length;'),
  op('reduce, arrow', LIST, 's += list.reduce((a, b) => a + b * i, 0);'),
  op('forEach, arrow', LIST, 'list.forEach((v) => { s += v * i; });'),
  op('sort, arrow', LIST, 's += list.slice().sort((a, b) => a - b)[0];'),
  op('callback written elsewhere', `${LIST} const double = (v) => v * 2;`, 's += list.map(double).length;'),
  op(
    'find, some, indexOf, includes',
    LIST,
    's += list.find((v) => v === 7) + list.indexOf(7) + (list.includes(99) ? 1 : 0) + (list.some((v) => v > 30) ? 1 : 0);',
  ),
  op('concat, slice, reverse, fill', LIST, 's += list.concat(list).slice(2, 9).reverse().fill(i)[0];'),
  op('small function', 'const area = (w, h) => w * h + 1;', 's += area(i, s & 7);'),
  op(
    'method',
    'class Cell { constructor() { this.v = 1; } grow(by) { this.v = (this.v + by) | 0; return this.v; } } const cell = new Cell();',
    's += cell.grow(i);',
  ),
  op(
    'methods of 3 classes',
    'class A { v() { return 1; } } class B { v() { return 2; } } class C { v() { return 3; } } const all = [new A(), new B(), new C()];',
    's += all[i % 3].v();',
  ),
  op(
    'getter and setter',
    'class Box { #v = 1; get v() { return this.#v; } set v(to) { this.#v = to; } } const box = new Box();',
    'box.v = i; s += box.v;',
  ),
  op(
    'private fields and static',
    'class Box { #v = 1; static #n = 0; bump() { this.#v++; return ++Box.#n + this.#v; } } const box = new Box();',
    's += box.bump();',
  ),
  op('Proxy', 'const proxy = new Proxy({ x: 1 }, { get: (target, key) => target[key] });', 's += proxy.x;'),
  op(
    'Reflect',
    'const record = { a: 1 };',
    "s += Reflect.get(record, 'a') + (Reflect.has(record, 'b') ? 1 : 0);",
  ),
  op('throw and catch', 'function fail(k) { throw k; }', 'try { fail(i); } catch (error) { s += error; }'),
  op(
    'throw of an Error',
    'function fail(k) { if (k >= 0) throw new Error("no"); }',
    'try { fail(i); } catch (error) { s += error.message.length; }',
  ),
  asyncOp('await', 'async function later(k) { return k; }', 's += await later(i);'),
  asyncOp('await of a number', '', 's += await i;'),
  asyncOp('Promise.all', '', 's += (await Promise.all([i, Promise.resolve(2)])).length;'),
  asyncOp(
    'for await',
    'async function* upTo(n) { for (let k = 0; k < n; k++) yield k; }',
    'for await (const one of upTo(3)) s += one;',
  ),
  op(
    'new with super',
    'class Base { constructor(a) { this.a = a; } size() { return this.a; } } class Sub extends Base { constructor(a) { super(a); this.b = 1; } size() { return super.size() + this.b; } }',
    's += new Sub(i).size();',
  ),
  op('class fields', 'class Fields { a = 1; b = [1]; c = () => this.a; }', 's += new Fields().c();'),
  op(
    'instanceof',
    'class A {} class B extends A {} const some = [new A(), new B(), {}];',
    'if (some[i % 3] instanceof A) s++;',
  ),
  op(
    'typeof, in',
    'const some = [1, "a", { k: 1 }];',
    'if (typeof some[i % 3] === "object" && "k" in some[i % 3]) s++;',
  ),
  op(
    'switch on strings',
    'const names = ["alpha", "beta", "gamma", "delta"];',
    'switch (names[i & 3]) { case "alpha": s += 1; break; case "beta": s += 2; break; case "delta": s += 3; break; default: s += 4; }',
  ),
  op(
    'bound function',
    'const bound = function (a, b) { return this.k + a + b; }.bind({ k: 1 }, 2);',
    's += bound(i);',
  ),
  op(
    'call and apply',
    'function plus(a, b) { return this.k + a + b; } const self = { k: 1 };',
    's += plus.call(self, i, 1) + plus.apply(self, [i, 2]);',
  ),
  op(
    'arguments object',
    'function total() { let t = 0; for (let k = 0; k < arguments.length; k++) t += arguments[k]; return t; }',
    's += total(i, 2, 3);',
  ),
  op('Date', '', 's += new Date(2020, i % 12, 1).getDay() + Date.now() % 2;'),
  op('Intl', "const format = new Intl.NumberFormat('en');", 's += format.format(i).length;'),
  op(
    'Buffer',
    "const buffer = Buffer.alloc(256, 'abc');",
    "s += buffer.toString('latin1', 0, 32).length + buffer.readUInt32LE(i & 127) + Buffer.from('text').length;",
  ),
  op(
    'Buffer compare, copy, indexOf',
    "const one = Buffer.alloc(256, 'a'); const two = Buffer.alloc(256, 'b');",
    "one.copy(two, 3); s += one.compare(two) + two.indexOf('q');",
  ),
  op(
    'crypto hash',
    "const { createHash } = process.getBuiltinModule('node:crypto');",
    "s += createHash('sha1').update('text' + i).digest('hex').length;",
  ),
  op('structuredClone', 'const record = { a: 1, b: [1, 2, 3] };', 's += structuredClone(record).b.length;'),
  op('new Function', "const made = new Function('a', 'b', 'return a * b + 1;');", 's += made(i, 3);'),
  op('eval', '', "s += eval('i + 1');"),
  op(
    'labelled loop',
    INTS,
    'out: for (let a = 0; a < 6; a++) for (let b = 0; b < 6; b++) if (ints[(i + a * b) & 1023] > 900) break out; else s++;',
  ),
  op('do-while', INTS, 'let k = i & 15; do { s += ints[k]; k--; } while (k > 0);'),
  op('while', INTS, 'let k = i & 15; while (k-- > 0) s += ints[k];'),
  op('nested loop over floats', NUMBERS, 'for (let k = 0; k < 64; k++) numbers[k] = numbers[k + 1] * 0.5;'),
  op('ternary, logical', INTS, 's += ints[i & 1023] > 500 ? (ints[i & 511] && 2) : (ints[i & 255] || 3);'),
  op('bit operations', INTS, 's = (s ^ (ints[i & 1023] << 3)) >>> 1;'),
  op('recursive function', 'const fib = (k) => (k < 2 ? k : fib(k - 1) + fib(k - 2));', 's += fib(i & 7);'),
  op(
    'tagged template',
    'const tag = (parts, ...values) => parts.length + values.length;', // biome-ignore lint/suspicious/noTemplateCurlyInString: it is code
    's += tag`a${i}b${s}c`;',
  ),
  op(
    'computed keys, delete',
    'const record = {};',
    "record['k' + (i & 7)] = i; delete record['k' + ((i + 1) & 7)];",
  ),
  op('Object.assign, freeze', '', 's += Object.freeze(Object.assign({ a: 1 }, { b: i })).b;'),
  op(
    'Atomics',
    'const shared = new Int32Array(new SharedArrayBuffer(64));',
    'Atomics.add(shared, i & 7, 1); s += Atomics.load(shared, i & 7);',
  ),
  op('Error.captureStackTrace', 'const holder = {};', 'Error.captureStackTrace(holder);'),
  op(
    'TextEncoder',
    'const encoder = new TextEncoder(); const decoder = new TextDecoder();',
    "s += decoder.decode(encoder.encode('text ' + i)).length;",
  ),
];
