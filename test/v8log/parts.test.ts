import assert from 'node:assert/strict';
import { createAddressCache } from '../../src/v8log/address-cache.ts';
import type { Code } from '../../src/v8log/code.ts';
import { createCodeMap } from '../../src/v8log/code-map.ts';
import { decimalField, fieldEnd, hexField, unescapeText } from '../../src/v8log/fields.ts';
import { createGaps } from '../../src/v8log/interval.ts';
import {
  decodeInlinedFunctions,
  decodeInlining,
  decodePositions,
  entryAt,
} from '../../src/v8log/positions.ts';

const bytes = (text: string): Buffer => Buffer.from(text, 'latin1');

describe('v8log: fields', () => {
  it('read hex addresses of any length', () => {
    for (const text of ['0x0', '0xf', '0x7f1bb4001c1e', '0xFFFFFFFFFFFF', '0x123456', '0x1234567']) {
      assert.equal(hexField(bytes(text), 0, text.length), Number(text), text);
    }
    for (const text of ['', '0x', '12', '0xg1', '0x12 ', '0x123456789abcdef01']) {
      assert.ok(Number.isNaN(hexField(bytes(text), 0, text.length)), text);
    }
  });

  it('read decimals', () => {
    assert.equal(decimalField(bytes('a123b'), 1, 4), 123);
    assert.equal(decimalField(bytes('-2'), 0, 2), -2);
    for (const text of ['', '-', '1.5', 'x'])
      assert.ok(Number.isNaN(decimalField(bytes(text), 0, text.length)), text);
  });

  it('end at commas', () => {
    assert.equal(fieldEnd(bytes('ab,c'), 0, 4), 2);
    assert.equal(fieldEnd(bytes('ab,c'), 3, 4), 4);
  });

  it('have their escapes undone, broken ones left', () => {
    assert.equal(unescapeText('a\\x2Cb\\n\\\\n\\u20ac\\xe9'), 'a,b\n\\n€é');
    assert.equal(unescapeText('\\x2\\u12\\q'), '\\x2\\u12\\q');
  });
});

describe('v8log: position tables', () => {
  const table = decodePositions('C7O49C7O50C28O49C32O75I3C60O-1');

  it('cover from their code offset to the next', () => {
    const at = (offset: number) => table.scriptOffsets[entryAt(table, offset)];
    assert.equal(entryAt(table, 6), -1);
    assert.equal(at(7), 50);
    assert.equal(at(31), 49);
    assert.equal(at(32), 75);
    assert.equal(at(59), 75);
    assert.equal(at(1000), -1);
    assert.deepEqual([...table.inliningIds], [-1, -1, 3, -1]);
  });

  it('stop at what makes no sense', () => {
    assert.deepEqual([...decodePositions('C1O2X9C3O4').codeOffsets], [1]);
    assert.equal(decodePositions('').codeOffsets.length, 0);
  });

  it('come with inlining tables', () => {
    assert.deepEqual(decodeInlining('F0O255F1O298I0FO3'), [
      { callee: 0, callOffset: 255, parent: -1 },
      { callee: 1, callOffset: 298, parent: 0 },
      { callee: -1, callOffset: 3, parent: -1 },
    ]);
    assert.deepEqual(decodeInlinedFunctions('S0x10S0x20'), [16, 32]);
    assert.deepEqual(decodeInlinedFunctions(''), []);
  });
});

describe('v8log: code map', () => {
  const make = (start: number, size: number): Code => ({
    kind: 'turbofan',
    name: `${start}`,
    start,
    size,
    sfi: Number.NaN,
    source: null,
    cachedAddresses: [],
    resolved: new Map(),
    alive: true,
    machineCode: null,
  });

  it('agrees with a plain list under random additions, moves and deletions', () => {
    const gone: Code[] = [];
    const map = createCodeMap((code) => gone.push(code));
    let plain: Code[] = [];
    let seed = 3;
    const random = (below: number): number => {
      seed = (Math.imul(seed, 1103515245) + 12345) & 0x7fffffff;
      return (seed >>> 8) % below;
    };
    const overlaps = (a: Code, start: number, size: number) =>
      a.start < start + size && start < a.start + a.size;
    for (let round = 0; round < 3000; round++) {
      const start = random(0x8000) * 16;
      const size = 16 + random(400) * 16;
      const victim = plain[random(plain.length + 1)];
      if (round % 3 === 0 && victim !== undefined) {
        assert.ok(map.remove(victim.start));
        plain = plain.filter((code) => code !== victim);
      } else if (round % 5 === 0 && victim !== undefined) {
        plain = plain.filter((code) => code === victim || !overlaps(code, start, victim.size));
        assert.ok(map.move(victim.start, start));
        assert.equal(victim.start, start);
      } else {
        const code = make(start, size);
        plain = plain.filter((other) => !overlaps(other, start, size));
        plain.push(code);
        map.add(code);
      }
      for (let probe = 0; probe < 5; probe++) {
        const address = random(0x8000 * 16);
        const expected =
          plain.find((code) => address >= code.start && address < code.start + code.size) ?? null;
        assert.equal(map.find(address), expected);
      }
    }
    assert.ok(gone.length > 1000);
    assert.equal(map.remove(0xdeadbeef), false);
    assert.equal(map.move(0xdeadbeef, 1), false);
  });
});

describe('v8log: address cache', () => {
  it('keeps, replaces and forgets, growing as needed', () => {
    const cache = createAddressCache();
    const address = (i: number) => 0x7f0000000000 + i * 13;
    for (let i = 0; i < 20_000; i++) cache.set(address(i), i);
    for (let i = 0; i < 20_000; i += 2) cache.forget(address(i));
    for (let i = 0; i < 20_000; i++) assert.equal(cache.get(address(i)), i % 2 === 0 ? -1 : i);
    for (let i = 0; i < 20_000; i++) cache.set(address(i), i + 1);
    for (let i = 0; i < 20_000; i++) assert.equal(cache.get(address(i)), i + 1);
    assert.equal(cache.get(1), -1);
  });
});

describe('v8log: real interval', () => {
  it('is the mean gap, pauses left out', () => {
    const gaps = createGaps();
    for (let i = 0; i < 100; i++) gaps.add(i % 2 === 0 ? 200 : 220);
    gaps.add(50_000);
    gaps.add(5_000_000);
    gaps.add(2_000);
    assert.equal(gaps.mean(), 210);
  });

  it('is 0 without gaps', () => {
    assert.equal(createGaps().mean(), 0);
  });
});
