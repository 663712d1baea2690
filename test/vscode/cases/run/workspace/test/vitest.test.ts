import { describe, expect, it } from 'vitest';
import { tally } from '../src/typed.ts';

describe('tally', () => {
  it('counts (all of them)', () => {
    for (let k = 0; k < 20; k++) expect(tally()).toBeGreaterThan(0);
  });
  it('fails', () => {
    expect(1).toBe(2);
  });
});
