/** @profile slow(400) */
export function slow(size) {
  let sum = 0;
  for (let k = 0; k < size; k++) {
    sum += roots(k, 4000);
    sum -= roots(k, 400);
  }
  return sum;
}

/** @profile fast(400) */
export function fast(size) {
  let sum = 0;
  for (let k = 0; k < size; k++) {
    sum += roots(k, 1000);
  }
  return sum;
}

function roots(k, rounds) {
  let x = k;
  for (let i = 0; i < rounds; i++) x = Math.sqrt(x + i);
  return x;
}

/** @profile forEver() */
export function forEver() {
  for (let k = 0; ; k++) {
    if (roots(k, 3000) < 0) return k;
  }
}
