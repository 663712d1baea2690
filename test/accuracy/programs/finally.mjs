// try, catch and finally, nested, left by return, break and throw. Throwing costs its line about a microsecond
// of V8's own, so a throw is always beside work a hundred times longer.
import { drive, random, spin } from './kernel.mjs';

function guarded(way) {
  try {
    for (let x = 0; x < 3600; ) x = Math.sqrt((x + 1) * (x + 1));
    if (way === 0) throw way;
    if (way < 3) return;
    spin(5400);
  } catch {
    spin(21_000);
    for (let x = 0; x < 9000; ) x = Math.sqrt((x + 1) * (x + 1));
  } finally {
    for (let x = 0; x < 2400; ) x = Math.sqrt((x + 1) * (x + 1));
    spin(1500);
  }
}

export function unwinding(below) {
  for (let step = 0; step < 40; step++) {
    const way = below(8);
    try {
      guarded(way);
      for (;;) {
        try {
          spin(2700);
          if (way > 4) break;
          spin(3300);
          if (way === 1) throw way;
          break;
        } finally {
          spin(1800);
          for (let x = 0; x < 1200; ) x = Math.sqrt((x + 1) * (x + 1));
        }
      }
    } catch (thrown) {
      spin(12_000 * thrown);
    }
  }
}

drive(() => {
  const below = random(77);
  for (let i = 0; i < 10; i++) unwinding(below);
});
