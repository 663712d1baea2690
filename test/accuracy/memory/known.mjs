/**
 * Lines that allocate what V8's own sizes tell: words of 8 bytes, three of header to an object, two to an array's
 * elements. A comment of `//=` and bytes holds the truth of its line, as JavaScript (truth.ts).
 */
class Point {
  constructor(x, y, z) {
    this.x = x;
    this.y = y;
    this.z = z;
  }
}

const N = 10_000;
const sink = { kept: null };
const latin1 = Buffer.alloc(100_000, 'x');

function makeClosure(i) {
  return () => i;
}

function growArray(n) {
  const grown = [];
  for (let i = 0; i < n; i++) grown.push(i);
  return grown;
}

function growMap(n) {
  const map = new Map();
  for (let i = 0; i < n; i++) map.set(i, i);
  return map;
}

/** Arrays of which one, two or many fit onto a page of V8's young generation. */
function makeArrays(count, length) {
  let made = null;
  for (let i = 0; i < count; i++) made = new Array(length).fill(i);
  return made;
}

/** V8 makes machine code, and what goes with it, on whatever line runs often: here, and not below. */
function settle() {
  let kept = null;
  for (let i = 0; i < 300; i++) kept = [growArray(1000), growMap(100), makeArrays(3, 100)];
  for (let i = 0; i < 20_000; i++) {
    kept = [new Point(i, i, i), makeClosure(i)];
  }
  sink.kept = kept;
}

export function known() {
  settle();
  const objects = new Array(N); //= 32 + 16 + N * 8
  for (let i = 0; i < N; i++) {
    objects[i] = new Point(i, i, i); //= N * 48
  }
  const closures = new Array(N); //= 32 + 16 + N * 8
  for (let i = 0; i < N; i++) {
    closures[i] = makeClosure(i); //= N * (64 + 32)
  }
  const floats = new Float64Array(1_000_000); //= 8_000_000
  const bytes = new Uint8Array(3_000_000); //= 3_000_000
  const buffer = Buffer.allocUnsafeSlow(500_000); //= 500_000
  const text = latin1.latin1Slice(); //= 16 + 100_000
  const filled = new Array(50_000).fill(0); //= 32 + 16 + 50_000 * 8
  const grown = []; //= 32
  for (let i = 0; i < N; i++) {
    grown.push(i); //= grownBytes(N)
  }
  const map = new Map(); //= 32 + mapBytes(4)
  for (let i = 0; i < N; i++) {
    map.set(i, i); //= mapBytes(N) - mapBytes(4)
  }
  const grownThere = growArray(N); //= 32 + grownBytes(N)
  const mapThere = growMap(N); //= 32 + mapBytes(N)
  const twoOnAPage = makeArrays(20, 11_000); //= 20 * (32 + 16 + 11_000 * 8)
  const manyOnAPage = makeArrays(300, 1000); //= 300 * (32 + 16 + 1000 * 8)
  const grownFar = growArray(40_000); //= 32 + grownBytes(40_000)
  const mapFar = growMap(50_000); //= 32 + mapBytes(50_000)
  for (let i = 0; i < 30; i++) {
    sink.kept = makeArrays(6, 9000); //= 30 * 6 * (32 + 16 + 9000 * 8)
  }
  let sum = 0; //= 0
  for (let i = 0; i < N; i++) {
    sum += objects[i].x & 1; //= 0
    if (sum < 0) sink.kept = null; //= 0
  }
  const copy = floats.slice(0, 250_000); //= 2_000_000
  const first = objects[0]; //= 0
  const there = [grownThere, mapThere, twoOnAPage, manyOnAPage, grownFar, mapFar]; //= 32 + 16 + 6 * 8
  sink.kept = [objects, closures, floats, bytes, buffer, text, filled, grown, map, copy, first, there]; //= 32 + 16 + 12 * 8
  return sum; //= 0
}

if (process.env['KNOWN_LATER'] === undefined) known();
