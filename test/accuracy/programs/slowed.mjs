// Causality: the third argument slows one line by a known amount, and nothing else.
import { drive, shuffled, spin } from './kernel.mjs';

const extra = Number(process.argv[3] ?? 0);
const order = shuffled([500, 500, 750, 750], 61);

function helper(rounds) {
  spin(rounds);
}

export function slowed() {
  for (let step = 0; step < order.length; step++) {
    const way = order[step];
    if (way === 0) {
      for (let x = 0; x < 800; ) x = Math.sqrt((x + 1) * (x + 1));
    } else if (way === 1) helper(800 + extra);
    else if (way === 2) helper(800);
    else {
      helper(400);
      for (let x = 0; x < 400; ) x = Math.sqrt((x + 1) * (x + 1));
    }
  }
}

drive(slowed);
