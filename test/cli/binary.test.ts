import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { after, before, describe, it } from 'mocha';
import schema from '../../docs/result.schema.json' with { type: 'json' };
import type { Profile } from '../../src/model/profile.ts';
import { sampleProfile } from '../report/sample.ts';

const CLI = join(import.meta.dirname, '../../dist/cli.js');

/** Spins long enough for some hundreds of samples, then fails in a way of its own. */
const PROGRAM = `
let sum = 0;
function spin(rounds) {
  for (let i = 0; i < rounds; i++) {
    sum += Math.sqrt(i) % 7;
  }
}
export function main(end) {
  while (performance.now() < end) spin(100_000);
  console.log('the program says', process.argv.slice(2).join('+'));
}
if (process.argv[2] !== undefined) {
  main(performance.now() + 300);
  process.exitCode = 7;
}
`;

describe('cli: the built program', function () {
  this.timeout(120_000);
  let folder: string;
  before(() => {
    folder = mkdtempSync(join(tmpdir(), 'lineprof binary '));
    writeFileSync(join(folder, 'spin.mjs'), PROGRAM);
    writeFileSync(join(folder, 'saved.json'), JSON.stringify(sampleProfile()));
  });
  after(() => rmSync(folder, { recursive: true, force: true }));

  const lineprof = (...args: string[]) =>
    spawnSync(process.execPath, [CLI, ...args], {
      cwd: folder,
      encoding: 'utf8',
      env: { ...process.env, NO_COLOR: '1' },
    });
  const readResult = (name: string): Profile => JSON.parse(readFileSync(join(folder, name), 'utf8'));

  it('prints help, its version, and what is wrong with arguments', () => {
    assert.match(lineprof('--help').stdout, /^Usage: lineprof/);
    assert.match(lineprof('--version').stdout, /^\d+\.\d+\.\d+\n$/);
    const { status, stdout, stderr } = lineprof('frobnicate');
    assert.deepEqual(
      [status, stdout, stderr],
      [2, '', "lineprof: unknown command 'frobnicate'\n  See lineprof --help.\n"],
    );
  });

  it('does not mind a reader that leaves', () => {
    if (process.platform === 'win32') return;
    const files = Array.from({ length: 50 }, (_, index) => `many-${index}.json`);
    // Every line differs in its text, so that the merged result is long.
    for (const file of files) {
      const text = JSON.stringify(sampleProfile()).replaceAll('"text":"', `"text":"/* ${file} */`);
      writeFileSync(join(folder, file), text);
    }
    const command = `"${process.execPath}" "${CLI}" view many-*.json | head -n 1; echo "\${PIPESTATUS[0]}"`;
    const { stdout, stderr } = spawnSync('bash', ['-c', command], { cwd: folder, encoding: 'utf8' });
    assert.deepEqual([stdout, stderr], ['Timer unit: 1 µs\n0\n', '']);
  });

  it('runs a script: its output, its exit code, its functions, a result that fits the schema', () => {
    const { status, stdout } = lineprof(
      'run',
      '-i',
      '100',
      '--json',
      'run.json',
      '-f',
      'spin',
      'spin.mjs',
      'a',
      '-z',
    );
    assert.equal(status, 7);
    assert.match(stdout, /^the program says a\+-z\n[\s\S]*Function: spin at line 3\n/);
    const validate = new Ajv2020({ strict: true }).compile(schema);
    const result = readResult('run.json');
    assert.ok(validate(result), JSON.stringify(validate.errors));
    assert.deepEqual([result.run.exitCode, result.functions.length], [7, 1]);
    const [fn] = result.functions;
    assert.deepEqual([fn!.name, fn!.file, fn!.line, fn!.endLine], ['spin', 'spin.mjs', 3, 7]);
    const [, header, body] = fn!.lines;
    assert.equal(body!.hits, fn!.calls! * 100_000);
    assert.equal(header!.hits, fn!.calls! * 100_001);
    assert.ok(fn!.samples > 100, `${fn!.samples} samples`);
    const viewed = lineprof('view', 'run.json');
    assert.deepEqual([viewed.status, `the program says a+-z\n${viewed.stdout}`], [0, stdout]);
  });

  it('views a .cpuprofile: self time by line, and says so', () => {
    const file = join(import.meta.dirname, '../export/fixtures/main-node20.cpuprofile');
    const folderUrl = pathToFileURL(join(import.meta.dirname, '../export/fixtures')).href;
    writeFileSync(
      join(folder, 'a.cpuprofile'),
      readFileSync(file, 'utf8').replaceAll('file:///project', folderUrl),
    );
    const { status, stdout, stderr } = lineprof('view', 'a.cpuprofile', '-u', 'ms');
    assert.equal(status, 0, stderr);
    assert.match(stdout, /Line # +Hits +Self +Per Hit +% Self/);
    assert.match(stdout, /^ +5 +39 +100\.0 +\S+ +for \(let k = 0; k < 40/m);
    assert.match(stdout, /Note: Self time only/);
    const mixed = lineprof('view', 'a.cpuprofile', 'saved.json');
    assert.equal(mixed.status, 2);
    assert.match(mixed.stderr, /cannot be added/);
  });

  it('calls an expression in a module', () => {
    const { status, stdout } = lineprof(
      'call',
      '--repeat',
      '3',
      '-q',
      '-f',
      'spin',
      '--json',
      'call.json',
      'spin.mjs',
      'spin(2_000_000)',
    );
    assert.equal(status, 0);
    assert.match(stdout, /Calls: 3 calls in 3 evaluations/);
    const [fn] = readResult('call.json').functions;
    assert.deepEqual([fn!.calls, fn!.lines[2]!.hits], [3, 6_000_000]);
  });
});
