import assert from 'node:assert/strict';
import { parseSource } from '../../src/source/parse.ts';
import { markedFunctions, nearestNames, parseSelector, selectFunctions } from '../../src/source/select.ts';

const SIMULATOR =
  'class ParticleSimulator { evolve() { return () => 1 } evolveFast() {} }\nfunction evolve() {}';
const files = [
  { path: '/home/me/app/src/simulator.ts', source: parseSource(SIMULATOR, 'a.ts') },
  {
    path: '/home/me/app/src/deep/other.js',
    source: parseSource('const evolve = () => 1; /** @profile */ function go() {}', 'a.js'),
  },
];

function select(...selectors: string[]): string[] {
  return selectFunctions(files, selectors, '/home/me/app').functions.map(
    (one) => `${one.path.replace(/.*\//, '')}:${one.function.name}`,
  );
}

describe('source: selectors', () => {
  it('are taken apart', () => {
    const cases: [string, string | null, string | null][] = [
      ['a.ts:f', 'a.ts', 'f'],
      ['a.ts', 'a.ts', null],
      ['a.ts:', 'a.ts', null],
      ['src/deep', 'src/deep', null],
      ['A.b', null, 'A.b'],
      ['f', null, 'f'],
      ['C:\\x.ts:f', 'C:\\x.ts', 'f'],
      ['C:\\x.ts', 'C:\\x.ts', null],
      ['c:/x.ts:A.b', 'c:/x.ts', 'A.b'],
      ['*.ts:*', '*.ts', '*'],
    ];
    for (const [selector, file, name] of cases)
      assert.deepEqual(parseSelector(selector), { file, name }, selector);
  });

  it('choose by name, last parts first to last', () => {
    assert.deepEqual(select('evolve'), [
      'simulator.ts:ParticleSimulator.evolve',
      'simulator.ts:evolve',
      'other.js:evolve',
    ]);
    assert.deepEqual(select('ParticleSimulator.evolve'), ['simulator.ts:ParticleSimulator.evolve']);
    assert.deepEqual(select('Simulator.evolve'), []);
    assert.deepEqual(select('evol'), []);
  });

  it('choose by file', () => {
    const both = ['simulator.ts:ParticleSimulator.evolve', 'simulator.ts:evolve'];
    for (const file of [
      'simulator.ts',
      'src/simulator.ts',
      './src/simulator.ts',
      '../app/src/simulator.ts',
      '/home/me/app/src/simulator.ts',
      'src\\simulator.ts',
      'src/*.ts',
      '**/sim*.ts',
    ]) {
      assert.deepEqual(select(`${file}:evolve`), both, file);
    }
    assert.deepEqual(select('ulator.ts:evolve'), []);
    assert.deepEqual(select('/simulator.ts:evolve'), []);
    assert.deepEqual(select('other.js'), ['other.js:evolve', 'other.js:go']);
  });

  it('choose by glob, in the order of the selectors, each function once', () => {
    assert.deepEqual(select('go', 'ParticleSimulator.evolve*', 'evolve{,Fast}'), [
      'other.js:go',
      'simulator.ts:ParticleSimulator.evolve',
      'simulator.ts:ParticleSimulator.evolve.<anonymous>',
      'simulator.ts:ParticleSimulator.evolveFast',
      'simulator.ts:evolve',
      'other.js:evolve',
    ]);
    assert.deepEqual(select('<module>'), ['simulator.ts:<module>', 'other.js:<module>']);
    assert.ok(!select('*').includes('simulator.ts:<module>'));
  });

  it('choose on Windows whatever the case and the slashes', () => {
    const windows = [{ path: 'C:\\App\\src\\a.ts', source: parseSource('function f() {}', 'a.ts') }];
    for (const selector of [
      'src\\a.ts:f',
      'SRC/a.ts:f',
      'c:\\app\\src\\a.ts:f',
      'C:/App/src/a.ts',
      '*.ts:f',
    ]) {
      assert.equal(selectFunctions(windows, [selector], 'C:\\App').functions.length, 1, selector);
    }
  });

  it('name what is nearest when nothing matches', () => {
    const { functions, unmatched } = selectFunctions(files, ['evolveFats', 'go'], '/home/me/app');
    assert.equal(functions.length, 1);
    assert.deepEqual(
      unmatched.map(({ selector }) => selector),
      ['evolveFats'],
    );
    assert.equal(unmatched[0]!.nearest[0], 'ParticleSimulator.evolveFast');
    assert.deepEqual(nearestNames('simulater.ts', files)[0], 'simulator.ts');
    assert.deepEqual(nearestNames('simulater.ts:goo', files)[0], 'go');
  });

  it('give way to marks', () => {
    assert.deepEqual(
      markedFunctions(files).map((one) => one.function.name),
      ['go'],
    );
  });
});
