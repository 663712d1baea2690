// The same callee from several lines, each with its own known work: what the sampling APIs cannot tell apart.
import { drive, shuffled, spin } from './kernel.mjs';

const order = shuffled([10, 20, 30, 60, 140], 21);

function work(rounds) {
  spin(rounds >> 1);
  spin(rounds >> 1);
}

function twice(rounds) {
  work(rounds);
  work(rounds);
}

export function caller() {
  for (let step = 0; step < order.length; step++) {
    const way = order[step];
    work(1600);
    if (way < 2) {
      work(4800);
    } else if (way === 2) work(12_800);
    else {
      work(3200);
      way === 3 ? work(6400) : twice(2400);
    }
    for (let again = 0; again < way; again++) {
      work(1200);
      work(2400);
    }
  }
}

drive(caller);
