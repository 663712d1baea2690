// A line counts once a sample, however often it is on the stack: a tree, two functions in turns, a deep chain.
import { drive, random, spin } from './kernel.mjs';

export function tree(depth) {
  if (depth === 0) {
    for (let x = 0; x < 600; ) x = Math.sqrt((x + 1) * (x + 1));
    return;
  }
  tree(depth - 1);
  if (depth % 2 === 0) spin(1000);
  tree(depth - 1);
  if (depth === 5) tree(1);
  spin(640);
}

function even(n) {
  if (n === 0) return true;
  spin(n % 3 === 0 ? 1200 : 600);
  return odd(n - 1);
}

function odd(n) {
  if (n === 0) return false;
  spin(480);
  return even(n - 1);
}

export function chain(n) {
  if (n > 0) {
    for (let x = 0; x < 1120; ) x = Math.sqrt((x + 1) * (x + 1));
    return chain(n - 1) + 1;
  }
  spin(16000);
  return 0;
}

export function recursions(below) {
  for (let step = 0; step < 30; step++) {
    const way = below(10);
    if (way < 4) tree(5);
    else if (way < 7) even(12 + way);
    else chain(15);
  }
}

drive(() => {
  recursions(random(5));
});
