// A loop that is optimised while it runs (on-stack replacement) before most of its samples are taken, is left,
// and then entered again by calls: what attaching to a warm program gets wrong.
import { drive, shuffled, spin } from './kernel.mjs';

const long = shuffled([3000, 4500, 7500], 51);
const short = long.subarray(0, 150);

export function hot(order) {
  let step = 0;
  while (step < order.length) {
    const way = order[step++];
    if (way === 0) {
      for (let x = 0; x < 600; ) x = Math.sqrt((x + 1) * (x + 1));
    } else if (way === 1) {
      spin(600);
      for (let x = 0; x < 200; ) x = Math.sqrt((x + 1) * (x + 1));
    } else for (let x = 0; x < 1000; ) x = Math.sqrt((x + 1) * (x + 1));
  }
}

drive(() => {
  hot(long);
  for (let i = 0; i < 20; i++) hot(short);
});
