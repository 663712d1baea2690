import assert from 'node:assert/strict';
import { describe, it } from 'mocha';
import { crunch } from '../src/work.js';

describe('crunch', () => {
  it('is positive', () => {
    for (let k = 0; k < 60; k++) assert.ok(crunch(100) > 0);
  });
  it('fails', () => {
    assert.fail();
  });
});
