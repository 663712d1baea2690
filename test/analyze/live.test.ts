import assert from 'node:assert/strict';
import { spawn, spawnSync } from 'node:child_process';
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  realpathSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { transformSync } from 'esbuild';
import { createAnalysis, type IsolateSink } from '../../src/analyze/analysis.ts';
import { madeFrom } from '../../src/engine/made-from.ts';
import type { FunctionProfile } from '../../src/model/profile.ts';
import { parseSource } from '../../src/source/parse.ts';
import { createMapper } from '../../src/sourcemap/mapper.ts';
import { readLog } from '../../src/v8log/read.ts';
import { v8Flags } from '../v8log/flags.ts';

/**
 * Each call measures its own processor time, so that the truth is what the machine did and not what was asked;
 * it runs for a time of that clock, however busy the machine is.
 */
const PROGRAM = `const truth: Record<string, number> = {};
function cpu(): number {
  const { user, system } = process.cpuUsage();
  return user + system;
}
const timed = <T>(name: string, run: () => T): T => {
  const start = cpu();
  const result = run();
  truth[name] = (truth[name] ?? 0) + cpu() - start;
  return result;
};
const spin = (rounds: number): number => {
  let sum = 0;
  for (let i = 0; i < rounds; i++) sum = (sum * 31 + i) | 0;
  return sum;
};
export function dial(unit: number): number {
  let total = timed('18', () => spin(unit));
  total += timed('19', () => spin(3 * unit));
  total += timed('20', () => [1, 2].map((k) => spin(k * unit)).length);
  total += timed('21', () => deep(5, unit));
  return total;
}
function deep(levels: number, unit: number): number {
  return levels > 0 ? deep(levels - 1, unit) : spin(unit);
}
const end = cpu() + Number(process.argv[2]) * 1000;
let total = 0;
while (cpu() < end) total += dial(100_000);
console.log(JSON.stringify(truth), total === 0.5);
`;

async function profile(log: string, cwd: string, file: string, name: string): Promise<FunctionProfile> {
  const readFile = (path: string): string | null => {
    try {
      return readFileSync(path, 'utf8');
    } catch {
      return null;
    }
  };
  const mapper = createMapper({ readFile, cwd });
  const analysis = createAnalysis({
    cwd,
    parse: parseSource,
    open: (script) => mapper.open(script),
    madeFrom,
  });
  let sink: IsolateSink | undefined;
  const facts = await readLog(log, (tables) => {
    sink = analysis.isolate(tables);
    return sink.tick;
  });
  sink!.done(facts.intervalMicros);
  assert.equal(facts.badLines, 0);
  const found = analysis.files('loaded').find(({ path }) => path === file);
  assert.ok(found, `${file} among ${analysis.files('loaded').map(({ path }) => path)}`);
  const fn = found.source()!.functions.find((one) => one.name === name)!;
  return analysis.finish([{ path: file, function: fn, file: found }]).functions[0]!;
}

describe('a program run under V8’s log', function () {
  // A machine busy with other work starves the sampling thread now and then; a wrong table is wrong each time.
  this.retries(2);
  // Every sign that V8 or a URL escapes; the tests' own folder must not leak into the names.
  const folder = realpathSync(mkdtempSync(join(tmpdir(), 'lineprof é, #1 100%-')));
  after(() => rmSync(folder, { recursive: true }));

  for (const minify of [false, true]) {
    it(`gives each line its share, ${minify ? 'minified to one line with a source map' : 'plain'}`, async () => {
      const home = join(folder, minify ? 'mini' : 'plain');
      mkdirSync(join(home, 'src'), { recursive: true });
      const { code } = transformSync(PROGRAM, {
        loader: 'ts',
        format: 'esm',
        minify,
        sourcemap: 'inline',
        sourcefile: 'src/dial.ts',
      });
      const script = join(home, 'out.mjs');
      writeFileSync(script, code);
      const log = join(folder, `v8 ${minify}.log`);
      const run = spawnSync(process.execPath, [...v8Flags(log.replaceAll('%', '%%'), 250), script, '700'], {
        encoding: 'utf8',
      });
      assert.equal(run.status, 0, run.stderr);
      const truth: Record<string, number> = JSON.parse(run.stdout.slice(0, run.stdout.indexOf('}') + 1));
      const all = Object.values(truth).reduce((sum, micros) => sum + micros, 0);
      const dial = await profile(log, home, join(home, 'src/dial.ts'), 'dial');
      assert.ok(dial.samples > 100, `${dial.samples} samples`);
      const placed = dial.lines
        .filter(({ line }) => `${line}` in truth)
        .reduce((sum, one) => sum + one.samples, 0);
      for (const { line, samples } of dial.lines) {
        const expected = (truth[line] ?? 0) / all;
        // Four standard errors, and two points for what the clock itself takes.
        const tolerance = 4 * Math.sqrt((expected * (1 - expected)) / placed) + 0.02;
        assert.ok(
          Math.abs(samples / placed - expected) <= tolerance,
          `line ${line}: ${samples} of ${placed}, true ${expected}`,
        );
      }
      const [longest] = dial.lines.toSorted((a, b) => b.samples - a.samples);
      assert.ok(longest?.calls.some(({ name }) => name === 'timed'));
    });
  }

  it('can be read up to the kill when it is killed', async () => {
    const script = join(folder, 'killed.mjs');
    writeFileSync(script, transformSync(PROGRAM, { loader: 'ts', format: 'esm' }).code);
    const log = join(folder, 'killed.log');
    const child = spawn(process.execPath, [...v8Flags(log.replaceAll('%', '%%'), 250), script, '600000'], {
      stdio: 'ignore',
    });
    const ended = new Promise((resolve) => child.on('exit', resolve));
    try {
      // Until it has run for a while: the log has its text, and a hundred kilobytes of ticks behind that.
      const deadline = Date.now() + 30_000;
      const logged = (): Buffer => (existsSync(log) ? readFileSync(log) : Buffer.alloc(0));
      const isRunning = (text: Buffer): boolean => {
        const at = text.indexOf('killed.mjs,const truth');
        return at >= 0 && text.length > at + 100_000;
      };
      while (!isRunning(logged()) && Date.now() < deadline) {
        await new Promise((resolve) => setTimeout(resolve, 100));
      }
    } finally {
      child.kill('SIGKILL');
    }
    await ended;
    const dial = await profile(log, folder, script, 'dial');
    assert.ok(dial.samples > 10, `${dial.samples} samples`);
  });
});
