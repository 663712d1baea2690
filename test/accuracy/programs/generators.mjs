// Generators: their frames come and go on their callers' stacks.
import { drive, random, spin } from './kernel.mjs';

function* steps(count) {
  for (let i = 0; i < count; i++) {
    spin(2700);
    yield i;
    for (let x = 0; x < 4200; ) x = Math.sqrt((x + 1) * (x + 1));
  }
  spin(6600);
}

function* through(below) {
  yield* steps(below(6));
  spin(3600);
  for (const i of steps(below(5))) {
    if (i % 2 === 0) yield spin(2100);
    else spin(4800);
  }
}

export function consume(below) {
  let sum = 0;
  for (let step = 0; step < 20; step++) {
    for (const value of through(below)) {
      sum += value ?? 1;
      spin(1800);
    }
    const [first] = steps(3);
    if (first === 0) spin(7500);
    sum += [...steps(2)].length;
  }
  return sum;
}

drive(() => {
  consume(random(9));
});
