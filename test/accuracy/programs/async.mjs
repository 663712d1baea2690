// async functions: after an await only the function itself is on the stack, and waiting costs nothing.
import { driveAsync, random, spin } from './kernel.mjs';

async function fetchLike(way) {
  spin(4500);
  await null;
  for (let x = 0; x < 6000; ) x = Math.sqrt((x + 1) * (x + 1));
  if (way % 3 === 0) {
    await Promise.resolve(way);
    spin(9600);
  }
}

async function* source(count) {
  for (let i = 0; i < count; i++) {
    spin(5100);
    yield i;
  }
}

export async function pipeline(below) {
  for (let step = 0; step < 40; step++) {
    const way = below(7);
    spin(7200);
    await fetchLike(way);
    if (way === 2) await new Promise((done) => setImmediate(done));
    for (let x = 0; x < 9000; ) x = Math.sqrt((x + 1) * (x + 1));
    try {
      for await (const part of source(way % 4)) {
        spin(2700 + part * 600);
      }
      await Promise.all([fetchLike(1), fetchLike(3)]);
    } finally {
      spin(12_000);
    }
  }
}

await driveAsync(() => pipeline(random(15)));
