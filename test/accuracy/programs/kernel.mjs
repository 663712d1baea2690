// The unit of work of every program here: one round of a loop whose variable is its own only clock. Each round needs
// the root of the one before, so it costs the latency of an addition, a multiplication and a square root, about 30
// cycles, whatever line it stands on and however V8 compiled the code around it; and the processor cannot run ahead
// into what follows, because only the last root tells it that the loop is over. docs/accuracy.md has the measurements.
// The root of a square of a small integer is exact, so a loop to n takes n rounds. truth.ts rewrites the text of such
// a loop into a count of its rounds: keep it letter for letter.

/** Spends `rounds` units of work. */
export function spin(rounds) {
  // Never true: bytecode enough that V8 does not inline this function, so that all calls of it run the same code.
  if (rounds < 0) {
    return [
      rounds + 1, rounds + 2, rounds + 3, rounds + 4, rounds + 5, rounds + 6, rounds + 7, rounds + 8, rounds + 9, rounds + 10,
      rounds + 11, rounds + 12, rounds + 13, rounds + 14, rounds + 15, rounds + 16, rounds + 17, rounds + 18, rounds + 19, rounds + 20,
      rounds + 21, rounds + 22, rounds + 23, rounds + 24, rounds + 25, rounds + 26, rounds + 27, rounds + 28, rounds + 29, rounds + 30,
      rounds + 31, rounds + 32, rounds + 33, rounds + 34, rounds + 35, rounds + 36, rounds + 37, rounds + 38, rounds + 39, rounds + 40,
      rounds + 41, rounds + 42, rounds + 43, rounds + 44, rounds + 45, rounds + 46, rounds + 47, rounds + 48, rounds + 49, rounds + 50,
      rounds + 51, rounds + 52, rounds + 53, rounds + 54, rounds + 55, rounds + 56, rounds + 57, rounds + 58, rounds + 59, rounds + 60,
      rounds + 61, rounds + 62, rounds + 63, rounds + 64, rounds + 65, rounds + 66, rounds + 67, rounds + 68, rounds + 69, rounds + 70,
      rounds + 71, rounds + 72, rounds + 73, rounds + 74, rounds + 75, rounds + 76, rounds + 77, rounds + 78, rounds + 79, rounds + 80,
      rounds + 81, rounds + 82, rounds + 83, rounds + 84, rounds + 85, rounds + 86, rounds + 87, rounds + 88, rounds + 89, rounds + 90,
      rounds + 91, rounds + 92, rounds + 93, rounds + 94, rounds + 95, rounds + 96, rounds + 97, rounds + 98, rounds + 99, rounds + 100,
    ];
  }
  for (let x = 0; x < rounds; ) x = Math.sqrt((x + 1) * (x + 1));
}

/** A repeatable stream of integers in [0, bound). */
export function random(seed) {
  let x = seed | 1;
  return (bound) => {
    x ^= x << 13;
    x ^= x >>> 17;
    x ^= x << 5;
    return (x >>> 0) % bound;
  };
}

/**
 * An order of work with exact shares and no rhythm: `counts[i]` times the number `i`, shuffled. A sampler that
 * comes by every 200 microseconds meets an unrelated step each time, so its samples are independent.
 */
export function shuffled(counts, seed) {
  const order = new Uint8Array(counts.reduce((sum, count) => sum + count, 0));
  let at = 0;
  counts.forEach((count, i) => {
    order.fill(i, at, at + count);
    at += count;
  });
  const below = random(seed);
  for (let i = order.length - 1; i > 0; i--) {
    const j = below(i + 1);
    [order[i], order[j]] = [order[j], order[i]];
  }
  return order;
}

/** Lets V8 optimise `spin` before anything is measured that calls it. */
function warm() {
  for (let i = 0; i < 40_000; i++) spin(25);
}

/** How long to run: milliseconds; `x40`: 40 cycles; 0, as in the run that counts, or nothing: one cycle. */
const budget = process.argv[2] ?? '0';
const millis = budget.startsWith('x') ? 0 : Number(budget);
const cycles = budget.startsWith('x') ? Number(budget.slice(1)) : 1;

/** Runs whole cycles until the time is up. Every cycle does the same work in the same order. */
export function drive(cycle) {
  if (millis > 0) warm();
  const end = performance.now() + millis;
  for (let done = 0; done < cycles || performance.now() < end; done++) cycle();
}

/** `drive` for cycles that await. */
export async function driveAsync(cycle) {
  if (millis > 0) warm();
  const end = performance.now() + millis;
  for (let done = 0; done < cycles || performance.now() < end; done++) await cycle();
}
