// Statements over several lines, and loop headers whose parts cost: which line gets the time?
import { drive, shuffled, spin } from './kernel.mjs';

const order = shuffled([60, 60, 60, 60, 60, 60, 60, 60], 31);

/** Works; small enough to be inlined. */
function work(rounds, value) {
  for (let x = 0; x < rounds; ) x = Math.sqrt((x + 1) * (x + 1));
  return value;
}

/** Works; too large to be inlined. */
function call(rounds, value) {
  spin(rounds);
  return value;
}

class Chain {
  one(rounds) {
    for (let x = 0; x < rounds; ) x = Math.sqrt((x + 1) * (x + 1));
    return this;
  }
  two(rounds) {
    spin(rounds);
    return this;
  }
  three(rounds) {
    spin(rounds);
    return this;
  }
}
const chain = new Chain();
const many = [1, 2, 3];
let kept = null;

export function statements() {
  for (let step = 0; step < order.length; step++) {
    const way = order[step];
    if (way === 0) {
      kept = Math.max(
        work(300, way),
        call(900, 2),
        work(200, 3),
      );
    } else if (way === 1) {
      chain
        .one(300)
        .two(700)
        .three(400)
        .one(500);
    } else if (way === 2) {
      kept = call(200, step) > 3
        ? work(600, 1)
        : call(900, 2);
    } else if (way === 3) {
      kept = `${call(400, 'a')} and
        ${work(700, 'b')} and
        ${call(300, 'c')}`;
    } else if (way === 4) {
      kept = {
        a: call(500, 1),
        b: work(300, 2),
        get c() {
          return 1;
        },
        [call(200, 'd')]: [
          work(400, 3),
          call(100, 4),
        ],
      };
    } else if (way === 5) {
      kept = call(300, step) &&
        work(500, step) ||
        call(200, step);
      kept = many
        .map((one) => work(200 * one, one))
        .filter((one) =>
          call(100, one))
        .length;
    } else if (way === 6) {
      const {
        a = call(400, 1),
        b = work(600, 2),
      } = { a: undefined, b: undefined };
      const [c = call(300, 3)] =
        [work(200, undefined)];
      kept = a + b + c;
    } else {
      try {
        if (call(300, true)) throw (
          work(400, step)
        );
      } catch {
        kept = new Chain(
          call(500, 1),
        );
      }
    }
  }
}

export function loops() {
  for (let i = call(500, 0);
    call(400, i) < 3;
    i += work(300, 1)) {
    work(700, i);
  }
  let j = 0;
  while (work(300, j) < 3) {
    call(800, j);
    j++;
  }
  do {
    work(600, j);
  } while (call(200, --j) > 0);
  for (const key of call(200, many))
    for (let k = 0; k < key; k += call(300, 1)) work(200, k);
  outer:
  for (let a = 0; a < 3; a++) {
    for (let b = 0; b < 3; b++) {
      if (call(100, b) > a) continue outer;
      work(500, b);
    }
  }
  switch (call(300, j)) {
    case work(400, 5):
      return;
    case call(200, 0):
      work(600, 0);
  }
}

drive(() => {
  statements();
  for (let i = 0; i < 50; i++) loops();
});
