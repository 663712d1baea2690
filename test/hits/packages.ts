import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import vm from 'node:vm';

const projectRequire = createRequire(import.meta.url);

// biome-ignore lint/suspicious/noExplicitAny: its types are a package of their own
type Lodash = any;

/** A popular package, run under inputs of its own. */
export interface PackageProgram {
  readonly name: string;
  readonly entry: string;
  /** Errors are thrown inside it, so that loops end without their test failing. */
  readonly throws?: boolean;
  /** Uses the package; what it gives must not depend on time or chance. */
  readonly run: (loaded: never) => unknown;
}

const read = (specifier: string): string => readFileSync(projectRequire.resolve(specifier), 'utf8');

/** The packages whose files are compared with istanbul, and that must work the same with counters in them. */
export const PROGRAMS: readonly PackageProgram[] = [
  {
    name: 'acorn',
    entry: 'acorn',
    run: (acorn: typeof import('acorn')) => {
      const lodash = acorn.parse(read('lodash'), { ecmaVersion: 'latest' });
      const tokens = [...acorn.tokenizer('a?.b ?? `x` 1n /re/u', { ecmaVersion: 'latest' })];
      return [JSON.stringify(lodash).length, tokens.map(({ type }) => type.label)];
    },
  },
  {
    name: 'acorn, on bad input',
    entry: 'acorn',
    throws: true,
    run: (acorn: typeof import('acorn')) =>
      ['let a = ;', 'var \u{1}', '"open', 'a => {', '/(/', '({a:1, get b(){}})'].map((text) => {
        try {
          return JSON.stringify(acorn.parse(text, { ecmaVersion: 'latest', locations: true }));
        } catch (error) {
          return String(error);
        }
      }),
  },
  {
    name: 'js-yaml',
    throws: true,
    entry: 'js-yaml',
    run: (yaml: { load(text: string): unknown; dump(value: unknown): string }) => {
      const text = [
        'a: &x {b: [1, 2.5, 0x1f, ~, true]}',
        'c: *x',
        'd: |',
        '  some',
        '  text',
        'e: >-',
        '  folded',
        '  text',
        'f: "q\\u00e9\\n"',
        "g: 'it''s'",
        'h:',
        '- 2001-12-14T21:59:43.10-05:00',
        '- !!str 5',
        '- ? k',
        '  : v',
      ].join('\n');
      const errors = ['a: [', 'a: b: c', '*none', '"x', '{a'].map((bad) => {
        try {
          return yaml.load(bad);
        } catch (error) {
          return String(error);
        }
      });
      const loaded = yaml.load(text);
      return [loaded, yaml.dump(loaded), yaml.dump({ n: [null, [[]], 'a\nb\n', ' x', -0, 1e300] }), errors];
    },
  },
  {
    name: 'lodash',
    entry: 'lodash',
    run: (lodash: Lodash) => {
      // Its short cuts are left by how often they are taken in 16 ms: a clock that stands still.
      class Still extends Date {
        static override now = () => 0;
      }
      const _ = lodash.runInContext({ Date: Still });
      const users = Array.from({ length: 50 }, (_, id) => ({ id, group: id % 4, tags: [`t${id % 3}`, 'x'] }));
      return [
        _.groupBy(users, 'group'),
        _(users).filter('group').map('id').chunk(3).take(4).value(),
        _.map(_.sortBy(users, ['group', (user: { id: number }) => -user.id]), 'id'),
        _.cloneDeep({ a: [1, { b: new Map([[1, new Set([2])]]) }], d: new Date(0), r: /x/g }),
        _.isEqual({ a: [1, 2, { b: 3 }] }, { a: [1, 2, { b: 3 }] }),
        _.merge({}, { a: { b: 1 } }, { a: { c: [1] } }),
        _.template('<% for (const x of xs) { %><%- x %>,<% } %>')({ xs: ['<', 'b'] }),
        _.camelCase('foo bar-baz'),
        _.words('fred, barney & pebbles'),
        _.curry((a: number, b: number) => a + b)(1)(2),
        _.debounce(() => 1, 0).name,
        _.range(0, 20, 3),
        _.get(users, '[3].tags[0]'),
        _.set({}, 'a[0].b.c', 4),
        _.padEnd('abc', 6, '_-'),
        _.uniqWith([1, 2, 1], _.isEqual),
        _.zipObjectDeep(['a.b[0].c'], [1]),
        _.difference([1, 2, 3], [2]),
        _.deburr('déjà vu'),
        _.truncate('hi-diddly-ho there, neighborino', { length: 24 }),
      ];
    },
  },
  {
    name: 'commander',
    entry: 'commander',
    run: ({ Command, Option }: typeof import('commander')) => {
      const out: string[] = [];
      const make = () =>
        new Command('tool')
          .exitOverride()
          .configureOutput({
            writeOut: (text) => void out.push(text),
            writeErr: (text) => void out.push(text),
          })
          .version('1.2.3')
          .option('-p, --port <n>', 'port', Number, 80)
          .addOption(new Option('-m, --mode <mode>', 'how').choices(['a', 'b']).default('a'))
          .argument('[files...]', 'what to read')
          .action((files, options) => void out.push(JSON.stringify([files, options])));
      for (const args of [
        ['x', 'y', '-p', '8'],
        ['--help'],
        ['-V'],
        ['--mode', 'c'],
        ['--prot', '1'],
        ['-mb', '--', '-z'],
      ]) {
        try {
          make().parse(args, { from: 'user' });
        } catch (error) {
          out.push(String(error));
        }
      }
      return out;
    },
  },
  {
    name: 'picomatch',
    entry: 'picomatch',
    run: (picomatch: typeof import('picomatch')) =>
      [
        '*.js',
        '**/a/{b,c}/*.ts',
        '!(x|y)*',
        '[a-z]?[[:digit:]]',
        'a/**/!(*.d).ts',
        '{1..3}',
        '@(a|+(b))',
        './x\\*',
        '"q"*',
      ].map((glob) => [
        picomatch.makeRe(glob)?.source,
        picomatch.scan(glob, { tokens: true }),
        ['a.js', 'x/a/b/c.ts', 'q1', 'a/b/c.ts', '2', 'bb'].map((path) => picomatch(glob)(path)),
      ]),
  },
  {
    name: 'ajv',
    entry: 'ajv',
    run: ({
      default: Ajv,
    }: {
      default: new (
        options: object,
      ) => { compile(schema: object): ((value: unknown) => boolean) & { errors?: unknown } };
    }) => {
      const validate = new Ajv({ allErrors: true, strict: false }).compile({
        type: 'object',
        properties: {
          a: { type: 'integer', minimum: 2 },
          b: {
            type: 'array',
            items: { anyOf: [{ type: 'string', pattern: '^x' }, { const: 3 }] },
            uniqueItems: true,
          },
          c: { $ref: '#/definitions/d' },
        },
        required: ['a'],
        additionalProperties: false,
        definitions: { d: { oneOf: [{ type: 'string', minLength: 2 }, { enum: [1, 2] }] } },
      });
      return [
        { a: 2, b: ['x', 3], c: 'xx' },
        { b: [3, 3, 'y'], c: 5, e: 1 },
        { a: 1.5, c: 'z' },
      ].map((value) => [validate(value), validate.errors]);
    },
  },
  {
    name: 'marked',
    entry: 'marked/lib/marked.umd.js',
    run: ({ parse }: typeof import('marked')) =>
      parse(
        '# A *b*\n\n> q\n\n1. x\n   - [y](z "t")\n\n| a | b |\n|---|:-:|\n| 1 | `2` |\n\n```js\nx\n```\n~~s~~ <b>h</b>\n',
      ),
  },
  {
    name: 'prettier',
    entry: 'prettier/plugins/markdown.js',
    run: (markdown: { parsers: { markdown: { parse(text: string, options: object): unknown } } }) =>
      JSON.stringify(markdown.parsers.markdown.parse('# A *b*\n\n- x\n- y\n\n| a |\n|---|\n| 1 |\n', {})),
  },
  {
    name: 'fastest-levenshtein',
    entry: 'fastest-levenshtein',
    run: ({ distance, closest }: typeof import('fastest-levenshtein')) => [
      distance('kitten', 'sitting'),
      distance('a'.repeat(40), `b${'a'.repeat(70)}`),
      closest('fast', ['slow', 'faster', 'fastest']),
    ],
  },
];

/** A package's main file, or any file of it, exported or not. */
function resolveEntry(entry: string): string {
  const [name, ...path] = entry.split('/');
  if (path.length === 0) return projectRequire.resolve(entry);
  return join(dirname(projectRequire.resolve(`${name}/package.json`)), ...path);
}

/**
 * Loads a package's own files anew, each through `change`, into modules that nothing else sees; other packages
 * and node: come from Node's own cache.
 */
export function loadPackage(entry: string, change: (text: string, path: string) => string): unknown {
  const modules = new Map<string, { exports: unknown }>();
  const first = resolveEntry(entry);
  const root = /^.*[\\/]node_modules[\\/](?:@[^\\/]+[\\/])?[^\\/]+[\\/]/.exec(first)![0];
  const load = (path: string): unknown => {
    if (!path.startsWith(root) || !/\.c?js$/.test(path)) return projectRequire(path);
    const known = modules.get(path);
    if (known !== undefined) return known.exports;
    const module = { exports: {} as unknown };
    modules.set(path, module);
    const resolve = createRequire(path).resolve;
    const params = ['exports', 'require', 'module', '__filename', '__dirname'];
    const code = vm.compileFunction(change(readFileSync(path, 'utf8'), path), params, { filename: path });
    const require = (specifier: string): unknown => load(resolve(specifier));
    code.call(module.exports, module.exports, require, module, path, dirname(path));
    return module.exports;
  };
  return load(first);
}
