// One line with nearly all of the time, one with the rest.
import { drive, shuffled } from './kernel.mjs';

const order = shuffled([200, 3800], 12);

export function steep() {
  for (const way of order) {
    if (way === 0) for (let x = 0; x < 1000; ) x = Math.sqrt((x + 1) * (x + 1));
    else for (let x = 0; x < 1000; ) x = Math.sqrt((x + 1) * (x + 1));
  }
}

drive(steep);
