import { fast, slow } from './sums.js';

for (let k = 0; k < 60; k++) {
  slow(400);
  fast(400);
}
