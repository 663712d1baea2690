import { execFile } from 'node:child_process';
import { readFile, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { promisify } from 'node:util';
import { originalPositionFor, TraceMap } from '@jridgewell/trace-mapping';
import { build } from 'esbuild';

/** A place on a call stack: absolute path of the file as written, 1-based line. */
export interface Place {
  readonly file: string;
  readonly line: number;
}

/** Units of work done with this stack, innermost place first. */
export interface WorkedStack {
  readonly stack: readonly Place[];
  readonly units: number;
}

/** All the work of one cycle of a program: what an endless number of samples would show. */
export type Truth = readonly WorkedStack[];

/** The one loop that does work in the programs (programs/kernel.mjs); its group is the number of rounds. */
const KERNEL = /for \(let x = 0; x < ([^;]+); \) x = Math\.sqrt\(\(x \+ 1\) \* \(x \+ 1\)\);/g;

/** What a program runs instead of the loop: note the rounds with the exact stack, as V8's own Error sees it. */
const ACCOUNTING = `
globalThis.__units = new Map();
Error.stackTraceLimit = Infinity;
globalThis.__account = (rounds) => {
  const holder = {};
  const plain = Error.prepareStackTrace;
  Error.prepareStackTrace = (_, sites) =>
    sites
      // After an await the awaiting functions are in the trace ("at async f"), but not on the stack.
      .filter((site) => !site.isAsync() && !site.isPromiseAll() && site.getLineNumber() !== null)
      .map((site) => site.getFileName() + '\\u0000' + site.getLineNumber() + '\\u0000' + site.getColumnNumber())
      .join('\\u0001');
  Error.captureStackTrace(holder, globalThis.__account);
  const key = holder.stack;
  Error.prepareStackTrace = plain;
  globalThis.__units.set(key, (globalThis.__units.get(key) ?? 0) + rounds);
};
process.on('exit', () => process.getBuiltinModule('node:fs').writeFileSync(process.argv[1] + '.json', JSON.stringify([...globalThis.__units])));
`;

/**
 * Runs one cycle of a program with each work loop replaced, on its line, by a note of its rounds under the exact
 * call stack. Nothing is timed or sampled; the program is deterministic, so the shares are those of the timed run.
 * @param entry absolute path of the program
 * @param folder where the rewritten program may be written
 * @param args the program's arguments after its duration
 */
export async function truthOf(
  entry: string,
  folder: string,
  node: string = process.execPath,
  args: readonly string[] = [],
): Promise<Truth> {
  const outfile = join(folder, 'truth.mjs');
  const { outputFiles } = await build({
    entryPoints: [entry],
    outfile,
    bundle: true,
    platform: 'node',
    format: 'esm',
    target: 'esnext',
    sourcemap: 'external',
    write: false,
    banner: { js: ACCOUNTING },
    plugins: [
      {
        name: 'account',
        setup({ onLoad }) {
          onLoad({ filter: /\.(mjs|cjs|js|ts)$/ }, async ({ path }) => ({
            contents: (await readFile(path, 'utf8')).replace(KERNEL, '__account($1);'),
            loader: path.endsWith('ts') ? 'ts' : 'js',
          }));
        },
      },
    ],
  });
  await writeFile(outfile, outputFiles.find(({ path }) => path.endsWith('.mjs'))!.text);
  const map = new TraceMap(outputFiles.find(({ path }) => path.endsWith('.map'))!.text);

  await promisify(execFile)(node, [outfile, '0', ...args]);
  const worked = JSON.parse(await readFile(`${outfile}.json`, 'utf8')) as [string, number][];
  return worked.map(([key, units]) => ({ units, stack: placesOf(key, map, folder) }));
}

function placesOf(key: string, map: TraceMap, folder: string): Place[] {
  const places: Place[] = [];
  for (const site of key.split('\u0001')) {
    const [file, line, column] = site.split('\u0000');
    if (!file?.endsWith('truth.mjs')) continue;
    const original = originalPositionFor(map, { line: Number(line), column: Number(column) - 1 });
    if (original.source !== null)
      places.push({ file: resolve(folder, original.source), line: original.line });
  }
  return places;
}

/** The lines of a function, 1-based and inclusive. */
export interface Range {
  readonly file: string;
  readonly line: number;
  readonly endLine: number;
}

/** What a line of a function did, in percent of the function's units. */
export interface Shares {
  readonly inclusive: number;
  readonly self: number;
}

/** True shares of a function's lines (absent: none), and the function's units in a cycle. */
export interface FunctionTruth {
  readonly units: number;
  readonly lines: ReadonlyMap<number, Shares>;
}

/** Adds up one function: the units with any of its lines on the stack are its whole. */
export function functionTruth(truth: Truth, { file, line, endLine }: Range): FunctionTruth {
  const inclusive = new Map<number, number>();
  const self = new Map<number, number>();
  let units = 0;
  for (const { stack, units: worked } of truth) {
    const inside = (place: Place) => place.file === file && place.line >= line && place.line <= endLine;
    const lines = new Set(stack.filter(inside).map((place) => place.line));
    if (lines.size === 0) continue;
    units += worked;
    for (const at of lines) inclusive.set(at, (inclusive.get(at) ?? 0) + worked);
    const top = stack[0]!;
    if (inside(top)) self.set(top.line, (self.get(top.line) ?? 0) + worked);
  }
  const share = (worked: number) => (100 * worked) / units;
  return {
    units,
    lines: new Map(
      [...inclusive].map(([at, worked]) => [
        at,
        { inclusive: share(worked), self: share(self.get(at) ?? 0) },
      ]),
    ),
  };
}
