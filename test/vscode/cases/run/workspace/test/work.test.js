import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { crunch, Machine } from '../src/work.js';

describe('work', () => {
  it('crunches (a lot)', () => {
    for (let k = 0; k < 60; k++) assert.ok(crunch(100) > 0);
  });

  it('runs', () => {
    for (let k = 0; k < 60; k++) assert.ok(new Machine().run(100) > 0);
  });
});
