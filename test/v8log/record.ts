/**
 * Records the log fixtures anew: `node --import tsx test/v8log/record.ts`, once with each Node. A log is cut
 * down to what its ticks need, and gets neutral paths: the program lies in /app, Node in /usr/bin/node.
 */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { gzipSync } from 'node:zlib';
import { v8Flags } from './flags.ts';

const fixtures = join(import.meta.dirname, 'fixtures');
const folder = mkdtempSync(join(tmpdir(), 'lineprof-record-'));
const log = join(folder, 'v8.log');
const program = join(fixtures, 'program.mjs');
const run = spawnSync(process.execPath, [...v8Flags(log, 500), program], { stdio: 'inherit' });
if (run.status !== 0) throw new Error(`the program ended with ${run.status}`);

const text = readFileSync(log, 'latin1')
  .replaceAll(pathToFileURL(fixtures).href, 'file:///app')
  .replaceAll(process.execPath, '/usr/bin/node');
const lines = text.split('\n');
const fields = (line: string): string[] => line.split(',');
const own = new Set(
  lines.filter((line) => /^script-source,\d+,file:\/\/\/app\//.test(line)).map((line) => fields(line)[1]),
);
const addresses = lines
  .filter((line) => line.startsWith('tick,'))
  .flatMap((line) => fields(line).filter((field) => field.startsWith('0x')))
  .map(Number);
const used = [...new Set(addresses)].sort((a, b) => a - b);
const isUsed = (start: number, size: number): boolean => {
  const first = used.findIndex((address) => address >= start);
  return first >= 0 && used[first]! <= start + size;
};
const ownCodes = new Set(
  lines
    .filter((line) => line.startsWith('code-source-info,') && own.has(fields(line)[2]))
    .map((l) => fields(l)[1]),
);

const kept = lines.filter((line) => {
  const [event, second, third, , start, size] = fields(line);
  if (event === 'script-source') return own.has(second);
  if (event === 'code-source-info') return own.has(third);
  if (event === 'code-creation') {
    // The first and the last builtin say where Node 20's copy lies.
    if (/,(DeoptimizationEntry_Eager|Abort\.ExtraWide|Illegal\.ExtraWide)$/.test(line)) return true;
    return ownCodes.has(start) || isUsed(Number(start), Number(size));
  }
  return event !== 'new' || second === 'CodeRange';
});
const major = process.versions.node.split('.')[0];
const target = join(fixtures, `node${major}.log.gz`);
writeFileSync(target, gzipSync(Buffer.from(kept.join('\n'), 'latin1'), { level: 9 }));
rmSync(folder, { recursive: true });
console.log(`${target}: ${kept.length} of ${lines.length} lines`);
