import assert from 'node:assert/strict';
import { describe, it } from 'mocha';
import { HEAT_STARTS, heatStep } from '../../src/report/heat.ts';
import { nextStep } from '../../src/report/hint.ts';
import { relativeMargin } from '../../src/report/margin.ts';
import { alignPoints, duration, percentage, threeDigits } from '../../src/report/numbers.ts';
import { chooseUnit, timeDecimals } from '../../src/report/units.ts';
import { sampleFunction, sampleProfile } from './sample.ts';

describe('report: pieces', () => {
  it('numbers have three digits and no exponent', () => {
    assert.deepEqual([0, 0.00000123, 0.0721, 0.9999, 3.049, 12.34, 99.96, 123456, 1e21].map(threeDigits), [
      '0',
      '0.00000123',
      '0.0721',
      '1.00',
      '3.05',
      '12.3',
      '100',
      '123456',
      '1e+21',
    ]);
    assert.deepEqual([205, 0.5, 1950, 3_050_000].map(duration), ['205 µs', '500 ns', '1.95 ms', '3.05 s']);
    assert.deepEqual([0, 0.04, 0.1, 45.25, 100].map(percentage), ['0.0', '0.04', '0.1', '45.3', '100.0']);
  });

  it('aligns decimal points', () => {
    assert.deepEqual(alignPoints(['1', '', '2.5', '0.125']), ['1    ', '', '2.5  ', '0.125']);
  });

  it('chooses units by the largest time', () => {
    assert.deepEqual([0, 999_999, 1e6, 999e6, 1e9].map(chooseUnit), ['us', 'us', 'ms', 'ms', 's']);
    assert.deepEqual(
      (['ns', 'us', 'ms', 's'] as const).map((unit) => timeDecimals(unit, 205)),
      [0, 0, 1, 4],
    );
  });

  it('heat begins where its table says', () => {
    assert.deepEqual(HEAT_STARTS.map(heatStep), [1, 2, 3, 4, 5]);
    assert.deepEqual([null, 0, 0.99, 100].map(heatStep), [0, 0, 0, 5]);
  });

  it('margins shrink with samples and with the share', () => {
    assert.equal(relativeMargin(0, 100), null);
    // By hand: p = 0.5, n = 100: 1.96 * sqrt(0.0025 + 0.0000960) / 1.0384 = 0.0962 of 0.5.
    assert.ok(Math.abs(relativeMargin(50, 100)! - 19.24) < 0.05);
    assert.ok(relativeMargin(400, 400)! < 1);
    assert.ok(relativeMargin(50, 10_000)! > 25);
  });

  it('hints at the hottest callee that is not shown, own code only', () => {
    const call = (name: string, file: string, samples: number) => ({
      name,
      file,
      line: 3,
      column: 0,
      samples,
      percent: 0,
    });
    const fn = sampleFunction([
      [1, 200, 'parse();', [call('parse', 'lib/parse.ts', 180), call('readFileSync', 'node:fs', 190)]],
      [1, 100, 'lodash();', [call('map', 'node_modules/lodash/map.js', 200), call('tiny', 'lib/tiny.ts', 3)]],
    ]);
    assert.equal(
      nextStep(sampleProfile([fn]), false),
      "Next: parse is 51.3 % of ParticleSimulator.evolve; add -f 'lib/parse.ts:parse' to see its lines.",
    );
    const shown = sampleFunction([[1, 180, 'x();']], { file: 'lib/parse.ts', line: 3, name: 'parse' });
    assert.match(nextStep(sampleProfile([fn, shown]), false)!, /--json result.json/);
    assert.equal(nextStep(sampleProfile([fn, shown]), true), null);
    assert.equal(nextStep(sampleProfile([{ ...fn, samples: 50 }]), false), null);
  });
});
