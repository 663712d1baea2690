import assert from 'node:assert/strict';
import { appendFileSync, existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { createAnalysis, type IsolateSink } from '../../src/analyze/analysis.ts';
import { madeFrom } from '../../src/engine/made-from.ts';
import type { FunctionProfile } from '../../src/model/profile.ts';
import { parseSource } from '../../src/source/parse.ts';
import { createMapper } from '../../src/sourcemap/mapper.ts';
import { openLog } from '../../src/v8log/read.ts';

const fixtures = join(import.meta.dirname, '../v8log/fixtures');
const goldens = join(import.meta.dirname, 'goldens');

/** Compares with a golden file, or writes it with UPDATE_GOLDENS=1. */
function matchGolden(name: string, text: string): void {
  const file = join(goldens, name);
  if (process.env['UPDATE_GOLDENS'] === '1') writeFileSync(file, text);
  assert.ok(existsSync(file), `${file} is missing: write it with UPDATE_GOLDENS=1`);
  assert.equal(text, readFileSync(file, 'utf8'));
}

function tableOf(fn: FunctionProfile): string {
  const rows = fn.lines.map(({ line, samples, selfSamples, percent, percentMargin, where, calls, text }) => {
    const share = samples === 0 ? '' : `${percent?.toFixed(1)} ±${percentMargin?.toFixed(1)}`;
    const split = Object.entries(where).map(([name, count]) => `${name} ${count}`);
    const callees = calls.map(({ name, file, samples: count }) => `${name} (${file ?? ''}) ${count}`);
    const notes = [split.join(' '), callees.join(', ')].filter((part) => part !== '').join(' → ');
    const numbers = [line, samples || '', selfSamples || '', share];
    return `${numbers.map((cell, i) => `${cell}`.padStart([4, 6, 6, 12][i]!)).join('')}  ${text.padEnd(60)} ${notes}`.trimEnd();
  });
  return `${fn.name} (${fn.file}:${fn.line}): ${fn.samples} samples, ${fn.selfSamples} self\n${rows.join('\n')}\n`;
}

describe('recorded logs', () => {
  for (const major of [20, 22, 24, 26]) {
    it(`of Node ${major} give the tables they gave before`, () => read(major, 1));

    it(`of Node ${major} give the same tables when they are read as they grow`, () => read(major, 13));
  }

  /** Reads a log that comes in so many pieces, cut anywhere, and looks at the result after each. */
  async function read(major: number, pieces: number): Promise<void> {
    const folder = mkdtempSync(join(tmpdir(), 'lineprof-golden-'));
    try {
      const log = join(folder, 'v8.log');
      const bytes = gunzipSync(readFileSync(join(fixtures, `node${major}.log.gz`)));
      writeFileSync(log, '');
      const mapper = createMapper({ readFile: () => null, cwd: '/app' });
      const analysis = createAnalysis({
        cwd: '/app',
        parse: parseSource,
        open: (script) => mapper.open(script),
        madeFrom,
      });
      let sink: IsolateSink | undefined;
      const reader = openLog(log, (tables) => {
        sink = analysis.isolate(tables);
        return sink.tick;
      });
      for (let piece = 0; piece < pieces; piece++) {
        const cut = (at: number) => Math.round((bytes.length * at) / pieces);
        appendFileSync(log, bytes.subarray(cut(piece), cut(piece + 1)));
        await reader.advance(Number.POSITIVE_INFINITY, false);
        sink!.done(reader.facts().intervalMicros);
        analysis.finish(analysis.hottest(3));
      }
      const facts = await reader.finish();
      sink!.done(facts.intervalMicros);
      const file = analysis.files('loaded').find(({ path }) => path === '/app/program.mjs')!;
      const chosen = file
        .source()!
        .functions.filter(({ name }) => ['deep', 'numbers', 'round', 'Box.value'].includes(name))
        .map((fn) => ({ path: file.path, function: fn, file }));
      const { functions, tree } = analysis.finish(chosen);
      const hottest = analysis.hottest(3).map(({ function: fn }) => fn.name);
      const summary = [
        `V8 ${facts.v8}`,
        Object.entries(facts.counts)
          .map(([name, count]) => `${name} ${count}`)
          .join(', '),
        `every ${facts.intervalMicros.toFixed(1)} µs, ${facts.badLines} bad lines`,
        `hottest: ${hottest.join(', ')}`,
        `call tree: ${tree.nodes.length} nodes, ${tree.frames.length} frames`,
      ];
      matchGolden(`node${major}.txt`, `${summary.join('\n')}\n\n${functions.map(tableOf).join('\n')}`);
    } finally {
      rmSync(folder, { recursive: true });
    }
  }
});
