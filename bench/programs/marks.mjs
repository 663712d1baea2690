// A small function called often, as it is or marked (argument `marked`), in a program without register.
import { profile } from 'lineprof';

const plain = (a, b) => (a * 31 + b) % 1000003;
const add = process.argv[2] === 'marked' ? profile(plain) : plain;

function run(times) {
  let sum = 0;
  for (let i = 0; i < times; i++) sum = add(sum, i);
  return sum;
}
let sum = 0;
for (let i = 0; i < 300; i++) sum += run(1_000_000);
console.log(sum);
