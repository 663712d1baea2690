export function quick(seed = 1) {
  return seed * 2;
}

export function seldom(n) {
  let sum = 0;
  for (let k = 0; k < n; k++) sum += Math.sqrt(k) % 3;
  return sum;
}

export function other() {
  return seldom(2_000_000);
}

export function fails() {
  console.log('a word before the end');
  process.exit(9);
}
