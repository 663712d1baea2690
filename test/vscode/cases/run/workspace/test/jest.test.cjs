const { describe, expect, it } = require('@jest/globals');
const { pile } = require('../src/common.cjs');

describe('pile', () => {
  it('is as large as it is told', () => {
    for (let k = 0; k < 20; k++) expect(pile(50_000)).toBe(50_000);
  });
  it('fails', () => {
    expect(1).toBe(2);
  });
});
