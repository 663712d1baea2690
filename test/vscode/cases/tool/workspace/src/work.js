/** @profile crunch(300) */
export function crunch(size) {
  let sum = 0;
  for (let k = 0; k < size; k++) {
    sum += slow(k);
  }
  if (sum < 0) {
    return -1;
  }
  return sum;
}

function slow(k) {
  let x = k;
  for (let i = 0; i < 3000; i++) x = Math.sqrt(x + i);
  return x;
}

export function noArguments() {
  let total = 0;
  for (let k = 0; k < 200; k++) total += slow(k);
  return total;
}

export class Machine {
  run(rounds) {
    let sum = 0;
    for (let k = 0; k < rounds; k++) sum += slow(k);
    return sum;
  }
}

export function forEver() {
  for (let k = 0; ; k++) {
    if (slow(k) < 0) return k;
  }
}

export function quick() {
  return 1;
}

export function throws() {
  noArguments();
  throw new Error('thrown on purpose');
}
