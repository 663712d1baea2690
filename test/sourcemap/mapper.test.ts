import assert from 'node:assert/strict';
import { pathToFileURL } from 'node:url';
import { transformSync } from 'esbuild';
import { createMapper, type ScriptMap, sha1, type TextEdit } from '../../src/sourcemap/mapper.ts';

type Files = Readonly<Record<string, string>>;

function open(url: string, text: string, files: Files = {}, edits: readonly TextEdit[] = []): ScriptMap {
  const mapper = createMapper({ readFile: (path) => files[path] ?? null, cwd: '/app', edits: () => edits });
  const script = { url, text: () => text };
  assert.equal(mapper.open(script), mapper.open(script));
  return mapper.open(script);
}

const inline = (map: object): string =>
  `//# sourceMappingURL=data:application/json;base64,${Buffer.from(JSON.stringify(map)).toString('base64')}`;

const SOURCE = `// first line
export function twice(value: number): number {
  const result = value * 2;
  return result;
}

export const zwölf = (): number => twice(6);
`;

function minified(sourcefile: string): { readonly code: string; readonly map: object } {
  const { code, map } = transformSync(SOURCE, {
    loader: 'ts',
    minify: true,
    sourcemap: 'external',
    sourcefile,
    charset: 'utf8',
  });
  return { code, map: JSON.parse(map) };
}

describe('sourcemap: a script without a map', () => {
  it('is its own source', () => {
    const map = open('file:///app/a%20b%23%C3%A9.js', 'let a;\r\nlet b;\n\u2028let c;');
    assert.equal(map.path, '/app/a b#é.js');
    assert.equal(map.mapped, false);
    assert.equal(map.note, null);
    assert.deepEqual(map.files, ['/app/a b#é.js']);
    assert.deepEqual(map.at(0), { file: '/app/a b#é.js', line: 1, column: 0 });
    assert.deepEqual(map.at(12), { file: '/app/a b#é.js', line: 2, column: 4 });
    assert.deepEqual(map.at(16), { file: '/app/a b#é.js', line: 4, column: 0 });
    assert.equal(map.generatedOffset('/app/a b#é.js', 2, 4), 12);
    assert.equal(map.generatedOffset('/app/a b#é.js', 99, 0), null);
  });

  it('may be no file', () => {
    for (const url of ['', 'node:fs', '[eval]', 'evalmachine.<anonymous>'])
      assert.equal(open(url, 'x').path, null);
    assert.equal(open('/app/a.cjs', 'x').path, '/app/a.cjs');
  });

  it('shows the file’s own text where Node stripped types', () => {
    const stripped = 'const a         = 1;\n\n\n//# sourceURL=file:///app/a.ts';
    const original = 'const a: number = 1;\n';
    assert.equal(open('/app/a.ts', stripped, { '/app/a.ts': original }).sourceText('/app/a.ts'), original);
    // The file has been changed since: what ran is what is shown.
    const changed = 'const a: number = 1;\nconst b = 2;\nfoo();\n';
    assert.equal(open('/app/a.ts', stripped, { '/app/a.ts': changed }).sourceText('/app/a.ts'), stripped);
  });
});

describe('sourcemap: a minified script', () => {
  for (const [kind, comment, files] of [
    ['inline base64', (map: object) => inline(map), {}],
    [
      'inline utf-8',
      (map: object) =>
        `//# sourceMappingURL=data:application/json;charset=utf-8,${encodeURIComponent(JSON.stringify(map))}`,
      {},
    ],
    ['in a file beside it', () => '//# sourceMappingURL=out%20put.js.map', 'out put.js.map'],
    ['in a file named raw', () => '//@ sourceMappingURL=100%.js.map', '100%.js.map'],
  ] as const) {
    it(`finds its map ${kind}`, () => {
      const { code, map } = minified('../src/twice.ts');
      const text = `${code}${comment(map)}\n`;
      const script = open(
        'file:///app/dist/out%20put.js',
        text,
        typeof files === 'string' ? { [`/app/dist/${files}`]: JSON.stringify(map) } : {},
      );
      assert.equal(script.note, null);
      assert.ok(script.mapped);
      assert.deepEqual(script.files, ['/app/src/twice.ts']);
      assert.equal(script.sourceText('/app/src/twice.ts'), SOURCE);
      assert.deepEqual(script.at(code.indexOf('*2')), { file: '/app/src/twice.ts', line: 3, column: 17 });
      assert.equal(script.at(code.indexOf('return'))?.line, 4);
      assert.equal(script.at(code.lastIndexOf('(6)'))?.line, 7);
    });
  }

  it('finds its way back from an original line', () => {
    const { code, map } = minified('/app/twice.ts');
    const script = open('/app/out.js', code + inline(map));
    assert.equal(script.generatedOffset('/app/twice.ts', 4, 2), code.indexOf('return'));
    const offset = script.generatedOffset('/app/twice.ts', 7, 0);
    assert.ok(offset !== null && script.at(offset)?.line === 7);
    assert.equal(script.generatedOffset('/app/twice.ts', 6, 0), null);
    assert.equal(script.generatedOffset('/app/other.ts', 1, 0), null);
  });

  it('finds words on the lines of maps that tell lines alone', () => {
    const source = 'const a = 1;\n  const b = a ? two() : three();\n';
    // One line was put before the others; `AACA` goes one line on in both.
    const code = 'prefix();\nconst a = 1;\n  const b = a ? 2 : three();\n';
    for (const mappings of [';AAAA;AACA', ';AAAA;AACAyB']) {
      const map = { version: 3, sources: ['a.ts'], sourcesContent: [source], names: ['n'], mappings };
      const script = open('/app/out.js', code + inline(map));
      const at = (word: string, column: number): void =>
        assert.equal(script.generatedOffset('/app/a.ts', 2, column), code.indexOf(word), mappings);
      at('const b', 2);
      at('b =', 8);
      // Nothing says where a word has gone that does not stand there any more.
      assert.equal(script.generatedOffset('/app/a.ts', 2, 16), null);
    }
    // `??` was put before `three`, at the place of that.
    const put = 'const a = 1;\n  const b = a\n    ?? three();\n';
    const twice = {
      version: 3,
      sources: ['a.ts'],
      sourcesContent: ['const a = 1;\n  const b = a ??\nthree();\n'],
      names: [],
      mappings: 'AAAA;AACA;AACA,OAAA',
    };
    const moved = open('/app/out.js', put + inline(twice));
    assert.equal(moved.generatedOffset('/app/a.ts', 3, 0), put.indexOf('three'));
    // A column past its line's end says no more than the line.
    const past = {
      version: 3,
      sources: ['a.ts'],
      sourcesContent: [source],
      names: [],
      mappings: ';AAAA;AACgE',
    };
    const script = open('/app/out.js', code + inline(past));
    assert.equal(script.generatedOffset('/app/a.ts', 2, 2), code.indexOf('const b'));
  });

  it('says of a map whether it tells columns, and takes none of lines alone for a minified text', () => {
    const { code, map } = minified('/app/twice.ts');
    assert.ok(open('/app/out.js', code + inline(map)).hasColumns);
    const lines = { ...map, mappings: 'AAAA', sourcesContent: [SOURCE.padEnd(5000)] };
    const short = open('/app/out.js', `${code}\n${inline(lines)}`);
    assert.deepEqual([short.mapped, short.hasColumns, short.note], [true, false, null]);
    const long = open('/app/out.js', `${code.padEnd(2000, ';')}\n${inline(lines)}`);
    assert.equal(long.mapped, false);
    assert.match(long.note ?? '', /tells lines alone, and the script was minified/);
  });

  it('reads index maps', () => {
    const { code, map } = minified('twice.ts');
    const sections = [{ offset: { line: 1, column: 0 }, map }];
    const script = open('/app/out.js', `"use strict";\n${code}${inline({ version: 3, sections })}`);
    assert.deepEqual(script.files, ['/app/twice.ts']);
    assert.equal(script.at(code.indexOf('return') + 14)?.line, 4);
  });

  it('joins sourceRoot, strips bundlers’ schemes and prefers files that exist', () => {
    const { code, map } = minified('./src/a b.ts');
    const withRoot = open('/app/out.js', code + inline({ ...map, sourceRoot: '/root/lib' }));
    assert.deepEqual(withRoot.files, ['/root/lib/src/a b.ts']);
    const webpack = open(
      '/app/dist/out.js',
      code + inline({ ...map, sources: ['webpack://name/./src/a b.ts?1234'] }),
    );
    assert.deepEqual(webpack.files, ['/app/src/a b.ts']);
    const encoded = open('/app/out.js', code + inline({ ...map, sources: ['a%20b.ts'] }), {
      '/app/a b.ts': '',
    });
    assert.deepEqual(encoded.files, ['/app/a b.ts']);
    const raw = open('/app/out.js', code + inline({ ...map, sources: ['a%20b.ts'] }), {
      '/app/a%20b.ts': '',
    });
    assert.deepEqual(raw.files, ['/app/a%20b.ts']);
    const url = pathToFileURL('/app/ü #.ts').href;
    assert.deepEqual(open('/app/out.js', code + inline({ ...map, sources: [url] })).files, ['/app/ü #.ts']);
  });

  it('takes source text from disk when the map has none', () => {
    const { code, map } = minified('a.ts');
    const bare = { ...map, sourcesContent: undefined };
    const script = open('/app/out.js', code + inline(bare), { '/app/a.ts': SOURCE });
    assert.equal(script.sourceText('/app/a.ts'), SOURCE);
  });

  it('is its own source where none of its sources is there, and says so', () => {
    const { code, map } = minified('a.ts');
    const text = code + inline({ ...map, sources: ['a.ts', 'b.ts'], sourcesContent: undefined });
    const script = open('/app/out.js', text);
    assert.deepEqual([script.mapped, script.files], [false, ['/app/out.js']]);
    assert.match(script.note ?? '', /is not used: its sources are not there \(\/app\/a\.ts\)$/);
    const other = open('/app/out.js', text, { '/app/b.ts': '' });
    assert.deepEqual([other.mapped, other.sourceText('/app/a.ts')], [true, null]);
  });
});

describe('sourcemap: a map that is no use', () => {
  for (const [why, comment] of [
    ['is not there', '//# sourceMappingURL=gone.js.map'],
    ['is no JSON', '//# sourceMappingURL=data:application/json;base64,e25vcGV9'],
    ['is no map', inline({ hello: 1 })],
    ['is on the network', '//# sourceMappingURL=https://example.com/a.js.map'],
    ['has a bad escape', '//# sourceMappingURL=data:application/json,%7'],
  ] as const) {
    it(`leaves the script as it is when it ${why}, and says so`, () => {
      const script = open('/app/a.js', `let a;\n${comment}`);
      assert.equal(script.mapped, false);
      assert.match(script.note ?? '', /^the source map of \/app\/a\.js is not used: /);
      assert.deepEqual(script.at(4), { file: '/app/a.js', line: 1, column: 4 });
    });
  }

  const { map } = minified('/app/twice.ts');
  for (const text of [
    'const key = "sourceMappingURL=";',
    // As webpack writes modules: the comment is the evaluated text's.
    `eval(${JSON.stringify(`f();\n${inline(map)}\n//# sourceURL=webpack-internal:///./a.ts`)});\ng();`,
    `const css = "a {}\\n/*# sourceMappingURL=a.css.map */";`,
    'const text = `\n//# sourceMappingURL=a.js.map\n`;',
  ]) {
    it(`is not looked for in strings: ${text.slice(0, 40)}…`, () => {
      const script = open('/app/a.js', text);
      assert.deepEqual([script.mapped, script.note], [false, null]);
    });
  }

  it('is found before the brackets that a runner wraps a text in, and before strings that name one', () => {
    const { code, map } = minified('../src/twice.ts');
    const text = `(function () {${code}${inline(map)}\n});\nconst mark = "//# sourceMappingURL=" + \`x\`;\n`;
    assert.deepEqual(open('/app/dist/a.js', text).files, ['/app/src/twice.ts']);
  });
});

describe('sourcemap: a text that the collector changed', () => {
  it('leads back to the text as loaded', () => {
    const loaded = 'a();\nb();\nc();\n';
    const edited = 'xx;a();\nyyy;b();\nc();\nzz';
    const edit: TextEdit = {
      path: '/app/a.js',
      editedHash: sha1(edited),
      textHash: sha1(loaded),
      insertions: [
        [0, 3],
        [5, 4],
        [15, 2],
      ],
    };
    const script = open('/app/a.js', edited, {}, [edit]);
    assert.equal(script.text, loaded);
    assert.equal(script.textHash, sha1(loaded));
    assert.deepEqual(script.at(edited.indexOf('a()')), { file: '/app/a.js', line: 1, column: 0 });
    assert.deepEqual(script.at(1), { file: '/app/a.js', line: 1, column: 0 });
    assert.deepEqual(script.at(edited.indexOf('yyy') + 2), { file: '/app/a.js', line: 2, column: 0 });
    assert.deepEqual(script.at(edited.indexOf('c()') + 1), { file: '/app/a.js', line: 3, column: 1 });
    // Another text of the same file: not the one that was edited.
    assert.equal(open('/app/a.js', loaded, {}, [edit]).text, loaded);
  });
});
