import vm from 'node:vm';
import { transformSync } from 'esbuild';
import { type Instrumented, instrument } from '../../src/hits/instrument.ts';
import { lineHits } from '../../src/hits/lines.ts';
import type { PlaceCode } from '../../src/hits/placing.ts';
import { readHits } from '../../src/hits/read.ts';
import type { SourceFile, SourceFunction } from '../../src/model/source.ts';
import type { ScriptHits } from '../../src/protocol/collector.ts';
import { parseSource } from '../../src/source/parse.ts';

export interface CountOptions {
  readonly fileName?: string;
  readonly mapped?: boolean;
  readonly isChosen?: (one: SourceFunction) => boolean;
}

/** A text with counters in the chosen functions; by default in the module, and so in all. */
export function withCounters(text: string, options: CountOptions = {}): Instrumented {
  const isChosen = options.isChosen ?? (({ kind }) => kind === 'module');
  const result = instrument(text, options.fileName ?? 'program.js', {
    level: 'lines',
    chosen: { kind: 'predicate', isChosen },
    mapped: options.mapped ?? false,
    allot: () => 3,
  });
  if (result === null) throw new Error('nothing was counted');
  return result;
}

/** Runs a program with counters as the body of an async function; its own value, and what was counted. */
export async function runCounted(
  text: string,
  options: CountOptions = {},
): Promise<{ value: unknown; script: ScriptHits }> {
  const result = withCounters(text, options);
  const counters = new Uint32Array(100_000);
  const value = await runBody(result.text, options.fileName ?? 'program.js', counters);
  const functions = readHits(result.functions, counters);
  return { value, script: { path: '/program.js', textHash: '', text, functions } };
}

/** Hits of all lines of a file (index 0 is line 1): those of its module. */
export function fileHits(
  file: SourceFile,
  scripts: readonly ScriptHits[],
  place?: PlaceCode,
): (number | null)[] {
  const [hits] = lineHits(file, file.functions.slice(0, 1), [{ scripts, ...(place && { place }) }]);
  return file.codeStarts.map((_, index) => hits![index] ?? null);
}

/** Runs a program as the body of an async function, TypeScript transpiled first. */
export async function runBody(text: string, fileName: string, counters: Uint32Array): Promise<unknown> {
  const isJavaScript = fileName.endsWith('.js');
  const wrapped = `globalThis.result = (async function () {${text}\n}).call(this);`;
  const code = isJavaScript ? wrapped : transformSync(wrapped, { loader: 'tsx', target: 'es2022' }).code;
  const context = vm.createContext({ console, setTimeout, __lineprof_h: counters });
  vm.runInContext(code, context);
  return await (context as { result: Promise<unknown> }).result;
}

/**
 * Takes a table of `hits | code` lines apart, runs the code and gives the table with the counts found, so that
 * the two can be compared.
 */
export async function recount(
  table: string,
  options: CountOptions = {},
): Promise<{ got: string; want: string }> {
  const rows = table.replace(/^\n|\s*$/g, '').split('\n');
  const texts = rows.map((row) => row.slice(row.indexOf('|') + 2));
  const text = texts.join('\n');
  const { script } = await runCounted(text, options);
  const hits = fileHits(parseSource(text, options.fileName ?? 'program.js'), [script]);
  const show = (hit: string, line: string): string => `${hit.padStart(4)} | ${line}`;
  return {
    got: texts.map((line, index) => show(String(hits[index] ?? ''), line)).join('\n'),
    want: rows.map((row, index) => show(row.slice(0, row.indexOf('|')).trim(), texts[index]!)).join('\n'),
  };
}
