// Callbacks of builtins: small ones, which V8 inlines together with the builtin, and ones it cannot.
import { drive, spin } from './kernel.mjs';

const numbers = Array.from({ length: 24 }, (_, i) => (i * 7) % 24);
const words = numbers.map((n) => `w${n}`).join(' ');
const typed = Int32Array.from(numbers);
const map = new Map(numbers.map((n) => [n, `v${n}`]));

export function callbacks() {
  numbers.forEach((n) => {
    for (let x = 0; x < 900; ) x = Math.sqrt((x + 1) * (x + 1));
  });
  const doubled = numbers.map((n) => {
    spin(900 + n * 24);
    return n * 2;
  });
  const sum = numbers.reduce((total, n) => {
    for (let x = 0; x < 1200; ) x = Math.sqrt((x + 1) * (x + 1));
    return total + n;
  }, 0);
  const some = numbers.some((n) => (spin(1200), n === 17));
  const kept = doubled.filter((n) => {
    if (n % 8 === 0) spin(5400);
    return n > 20;
  });
  const sorted = kept.sort((a, b) => {
    for (let x = 0; x < 720; ) x = Math.sqrt((x + 1) * (x + 1));
    return a - b;
  });
  const text = words.replace(/w\d+/g, (word) => {
    spin(1320);
    return word.slice(1);
  });
  let lengths = 0;
  map.forEach((value, key) => {
    spin(780);
    lengths += value.length + key;
  });
  const least = typed.reduce((low, n) => {
    for (let x = 0; x < 1020; ) x = Math.sqrt((x + 1) * (x + 1));
    return low < n ? low : n;
  });
  const flat = numbers.flatMap((n) => [n, (spin(1080), n)]);
  return sum + least + lengths + text.length + sorted.length + flat.length + Number(some);
}

drive(() => {
  for (let i = 0; i < 5; i++) callbacks();
});
