import assert from 'node:assert/strict';
import { recount } from './harness.ts';
import { TABLES } from './tables.ts';

describe('hits of small programs known by reading', () => {
  for (const [name, table] of Object.entries(TABLES)) {
    it(name, async () => {
      const { got, want } = await recount(table);
      assert.equal(got, want);
    });
    it(`${name}, as a mapped text`, async () => {
      const { got, want } = await recount(table, { mapped: true });
      assert.equal(got, want);
    });
  }
});
