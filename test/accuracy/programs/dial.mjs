// Lines that run a known share of the time themselves: from 5 to 40 %, and one with nearly all of it.
import { drive, shuffled } from './kernel.mjs';

const order = shuffled([125, 250, 375, 750, 1000], 11);

export function dial() {
  for (let step = 0; step < order.length; step++) {
    const way = order[step];
    if (way === 0) for (let x = 0; x < 800; ) x = Math.sqrt((x + 1) * (x + 1));
    else if (way === 1) {
      for (let x = 0; x < 800; ) x = Math.sqrt((x + 1) * (x + 1));
    } else {
      switch (way) {
        case 2:
          for (let x = 0; x < 800; ) x = Math.sqrt((x + 1) * (x + 1));
          break;
        case 3:
          for (let x = 0; x < 800; ) x = Math.sqrt((x + 1) * (x + 1));
          break;
        default:
          for (let x = 0; x < 800; ) x = Math.sqrt((x + 1) * (x + 1));
      }
    }
  }
}

const steeply = shuffled([25, 475], 12);

export function steep() {
  for (const way of steeply) {
    if (way === 0) for (let x = 0; x < 1000; ) x = Math.sqrt((x + 1) * (x + 1));
    else for (let x = 0; x < 1000; ) x = Math.sqrt((x + 1) * (x + 1));
  }
}

drive(() => {
  dial();
  steep();
});
