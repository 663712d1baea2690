// A deeply recursive parser on nine megabytes of JavaScript, argv[2] times; leaves the time of its end in the file
// argv[3] when there is one.
import { readFileSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { parse } from 'acorn';

const text = readFileSync(createRequire(import.meta.url).resolve('typescript'), 'utf8');
let nodes = 0;
for (let i = 0; i < Number(process.argv[2]); i++) {
  nodes += parse(text, { ecmaVersion: 'latest' }).body.length;
}
if (nodes === 0) throw new Error('nothing parsed');
if (process.argv[3] !== undefined) {
  process.on('exit', () =>
    writeFileSync(process.argv[3], String(performance.timeOrigin + performance.now())),
  );
}
