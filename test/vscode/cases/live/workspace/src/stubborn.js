import { spawn } from 'node:child_process';
import { appendFileSync } from 'node:fs';

const deaf = "process.on('SIGTERM', () => {}); process.on('SIGINT', () => {}); setInterval(() => {}, 1e6);";

/** @profile stubborn() */
export function stubborn() {
  for (const signal of ['SIGTERM', 'SIGINT', 'SIGHUP']) process.on(signal, () => {});
  const child = spawn(process.execPath, ['-e', deaf], { stdio: 'ignore' });
  appendFileSync('pids.txt', `${process.pid}\n${child.pid}\n`);
  let sum = 0;
  for (;;) {
    sum += work(1000);
    if (sum < 0) return sum;
  }
}

function work(n) {
  let x = n;
  for (let k = 0; k < n; k++) x = Math.sqrt(x + k);
  return x;
}
