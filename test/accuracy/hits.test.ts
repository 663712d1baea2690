import assert from 'node:assert/strict';
import { basename } from 'node:path';
import { inspect, isDeepStrictEqual } from 'node:util';
import { createInstrumenter } from 'istanbul-lib-instrument';
import { instrument } from '../../src/hits/instrument.ts';
import { functionCalls, lineHits } from '../../src/hits/lines.ts';
import { readHits } from '../../src/hits/read.ts';
import type { ScriptHits } from '../../src/protocol/collector.ts';
import { lineStartsOf } from '../../src/source/lines.ts';
import { parseSource } from '../../src/source/parse.ts';
import { fileHits } from '../hits/harness.ts';
import { loadPackage, type PackageProgram, PROGRAMS } from '../hits/packages.ts';

type Global = { __lineprof_h?: Uint32Array; __istanbul?: Record<string, IstanbulCounts> };
interface IstanbulPlace {
  readonly line: number;
  readonly column: number;
}
interface IstanbulCounts {
  readonly s: Record<string, number>;
  readonly statementMap: Record<string, { start: IstanbulPlace }>;
  readonly f: Record<string, number>;
  /** `loc` is the function's body. */
  readonly fnMap: Record<string, { loc: { start: IstanbulPlace; end: IstanbulPlace } }>;
}
interface CountedFile {
  readonly text: string;
  readonly hits: readonly (number | null)[];
  readonly script: ScriptHits;
}

const globals = globalThis as Global;

/** Runs a program with counters in all of its files: what it gives, and the hits of each file's lines. */
function runWithCounters(
  program: PackageProgram,
  mapped: boolean,
): { value: unknown; files: Map<string, CountedFile> } {
  const counters = new Uint32Array(1 << 18);
  const loaded: (() => [string, CountedFile])[] = [];
  let next = 0;
  globals.__lineprof_h = counters;
  try {
    const exports = loadPackage(program.entry, (text, path) => {
      const result = instrument(text, path, {
        level: 'lines',
        chosen: { kind: 'predicate', isChosen: () => true },
        mapped,
        allot: (count) => {
          next += count;
          return next - count;
        },
      });
      if (result === null) return text;
      loaded.push(() => {
        const functions = readHits(result.functions, counters);
        const script = { path, textHash: '', text, functions };
        return [path, { text, script, hits: fileHits(parseSource(text, path), [script]) }];
      });
      return result.text;
    });
    const value = program.run(exports as never);
    return { value, files: new Map(loaded.map((get) => get())) };
  } finally {
    delete globals.__lineprof_h;
  }
}

/** Runs a program with istanbul's counters in all of its files; by path. */
function runWithIstanbul(program: PackageProgram): Map<string, IstanbulCounts> {
  const istanbul = createInstrumenter({ coverageVariable: '__istanbul', compact: false, autoWrap: true });
  globals.__istanbul = {};
  try {
    program.run(loadPackage(program.entry, (text, path) => istanbul.instrumentSync(text, path)) as never);
    return new Map(Object.entries(globals.__istanbul));
  } finally {
    delete globals.__istanbul;
  }
}

/** Counts by `line:column` of statements. */
function statementsOf({ s, statementMap }: IstanbulCounts): Map<string, number> {
  return new Map(
    Object.entries(statementMap).map(([id, { start }]) => [`${start.line}:${start.column}`, s[id]!]),
  );
}

/** First statements whose line has other counts than that of entries, or none. */
const NOT_ENTRIES = /^(?:for|while|do|try|case|default|[\w$]+:)\b|^[{\w$]+:/;

/** Compares the calls of every function, and the hits of the line that its body begins on. */
function compareFunctions({ text, script }: CountedFile, path: string, { f, fnMap }: IstanbulCounts) {
  const source = parseSource(text, path);
  const lineStarts = lineStartsOf(text);
  const offsetOf = ({ line, column }: IstanbulPlace): number => lineStarts[line - 1]! + column;
  const texts = [{ scripts: [script] }];
  const lines = lineHits(source, source.functions, texts);
  const comparison = { compared: 0, shared: 0, differences: [] as string[] };
  for (const [id, { loc }] of Object.entries(fnMap)) {
    const [start, end] = [offsetOf(loc.start), offsetOf(loc.end)];
    // Of functions that end together the innermost around the body; an arrow may end behind its body's parenthesis.
    const index = source.functions.findLastIndex(
      (one) =>
        one.kind !== 'module' &&
        one.start < start &&
        end <= one.end &&
        /^[\s)]*$/.test(text.slice(end, one.end)),
    );
    const one = source.functions[index];
    assert.ok(one, `${path}:${loc.start.line}: no function`);
    const tell = (what: string, got: number | null): void => {
      comparison.compared++;
      if (got === f[id]) return;
      comparison.differences.push(
        `${basename(path)}:${one.line}: ${one.name}: ${what} ${got}, istanbul ${f[id]}`,
      );
    };
    tell('calls', functionCalls(source, one, texts));
    const { firstCode } = one;
    if (firstCode === null || NOT_ENTRIES.test(text.slice(firstCode.offset, firstCode.offset + 40))) continue;
    const hits = lines[index]![firstCode.line - one.line]!;
    if (firstCode.line === one.line) comparison.shared++;
    tell(`line ${firstCode.line}`, hits);
  }
  return comparison;
}

/** What may stand between a line's first token and the expression that istanbul counts for a declaration. */
const DECLARATION = /^(?:export\s+)?(?:const|let|var)\s+[\w$]+\s*=\s*$/;

interface Comparison {
  compared: number;
  headers: number;
  readonly differences: string[];
}

/**
 * Compares each line whose first code token starts one of istanbul's statements. A loop's header is compared with
 * the loop's own count plus that of its body's first statement, where nothing but the test ends the loop: tests
 * made are rounds and, once for each time the loop was begun, the test that failed. Programs that throw leave
 * loops in other ways, so their headers are not compared.
 */
function compare(
  file: CountedFile,
  path: string,
  statements: ReadonlyMap<string, number>,
  withHeaders: boolean,
): Comparison {
  const { codeStarts } = parseSource(file.text, path);
  const lineStarts = lineStartsOf(file.text);
  const comparison: Comparison = { compared: 0, headers: 0, differences: [] };
  const byLine = new Map<number, number>();
  for (const place of statements.keys()) {
    const [line, column] = place.split(':').map(Number) as [number, number];
    byLine.set(line, Math.min(column, byLine.get(line) ?? Infinity));
  }
  const countAt = (line: number): number | undefined => statements.get(`${line}:${byLine.get(line)}`);
  codeStarts.forEach((start, index) => {
    const column = byLine.get(index + 1);
    if (start < 0 || column === undefined) return;
    const between = file.text.slice(start, lineStarts[index]! + column);
    if (lineStarts[index]! + column !== start && !DECLARATION.test(between)) return;
    const rest = file.text.slice(start, lineStarts[index + 1] ?? file.text.length);
    let expected = countAt(index + 1)!;
    if (/^(?:for|while|do)\b/.test(rest)) {
      const rounds = countAt(index + 2);
      if (!withHeaders || rounds === undefined || !isSimpleLoop(file.text, start, rest)) return;
      expected += rounds;
      comparison.headers++;
    }
    comparison.compared++;
    if (file.hits[index] === expected) return;
    comparison.differences.push(
      `${basename(path)}:${index + 1}: ${file.hits[index]}, istanbul ${expected}: ${rest.trim()}`,
    );
  });
  return comparison;
}

/** `for (…;…;…) {` or `while (…) {` on a line, up to its `}` without anything that could leave it early. */
function isSimpleLoop(text: string, start: number, firstLine: string): boolean {
  if (!/^(?:for \((?:(?!;;).)*|while .*)\) \{\s*$/.test(firstLine)) return false;
  const indent = /[ \t]*$/.exec(text.slice(0, start))![0];
  const end = text.indexOf(`\n${indent}}`, start);
  return (
    end > 0 && !/\b(?:break|return|throw|continue|yield|await|function)\b|=>/.test(text.slice(start, end))
  );
}

describe('accuracy of hits: packages', function () {
  this.timeout(240_000);
  const compared = new Set<string>();
  let lines = 0;
  let headers = 0;
  let functions = 0;
  let shared = 0;
  // lodash does other things when time passes: the clock stands still.
  const { now } = Date;
  before(() => {
    Date.now = () => 0;
  });
  after(() => {
    Date.now = now;
  });
  for (const program of PROGRAMS) {
    it(`${program.name}: counts as istanbul does, and works as without counters`, () => {
      const plain = program.run(loadPackage(program.entry, (text) => text) as never);
      const { value, files } = runWithCounters(program, false);
      assert.ok(
        isDeepStrictEqual(value, plain) || inspect(value, { depth: 9 }) === inspect(plain, { depth: 9 }),
      );
      const mapped = runWithCounters(program, true);
      assert.equal(inspect(mapped.value, { depth: 9 }), inspect(plain, { depth: 9 }));
      const differences: string[] = [];
      for (const [path, istanbul] of runWithIstanbul(program)) {
        const file = files.get(path);
        if (file === undefined) continue;
        const result = compare(file, path, statementsOf(istanbul), program.throws !== true);
        differences.push(...result.differences);
        lines += result.compared;
        headers += result.headers;
        const ofFunctions = compareFunctions(file, path, istanbul);
        differences.push(...ofFunctions.differences);
        functions += ofFunctions.compared;
        shared += ofFunctions.shared;
        if (result.compared > 20) compared.add(path);
        const other = mapped.files.get(path)!;
        file.hits.forEach((hit, index) => {
          if (hit === other.hits[index]) return;
          differences.push(`${basename(path)}:${index + 1}: ${hit}, as a mapped text ${other.hits[index]}`);
        });
      }
      assert.deepEqual(differences, []);
    });
  }
  it('has compared thousands of lines of ten files and more, loop headers among them, and their functions', () => {
    assert.ok(compared.size >= 10, `${compared.size} files`);
    assert.ok(lines > 5000, `${lines} lines`);
    assert.ok(headers > 50, `${headers} loop headers`);
    assert.ok(functions > 2000 && shared > 300, `${functions} of functions, ${shared} of one line`);
  });
});
