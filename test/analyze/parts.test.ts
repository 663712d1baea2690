import assert from 'node:assert/strict';
import { createPresence, createSplitPresence } from '../../src/analyze/counters.ts';
import { functionIndexAt } from '../../src/analyze/function-at.ts';
import { scriptKind, shownPath } from '../../src/analyze/kinds.ts';
import { createPairTable } from '../../src/analyze/pair-table.ts';
import { createTreeBuilder } from '../../src/analyze/tree.ts';
import { wilson } from '../../src/analyze/wilson.ts';
import { parseSource } from '../../src/source/parse.ts';

describe('analyze: Wilson’s interval', () => {
  // Reference values: the roots of |count / total - p| = z √(p (1 - p) / total), found by bisection.
  for (const [count, total, low, high] of [
    [0, 10, 0, 0.2775328],
    [1, 10, 0.01787621, 0.40415],
    [5, 10, 0.2365931, 0.7634069],
    [10, 10, 0.7224672, 1],
    [50, 1000, 0.03813026, 0.06531382],
  ] as const) {
    it(`of ${count} in ${total}`, () => {
      const interval = wilson(count, total);
      assert.ok(Math.abs(interval.low - low) < 1e-6, `${interval.low}`);
      assert.ok(Math.abs(interval.high - high) < 1e-6, `${interval.high}`);
      assert.equal(interval.margin, (interval.high - interval.low) / 2);
    });
  }

  it('says nothing without trials', () => {
    assert.deepEqual(wilson(0, 0), { low: 0, high: 1, margin: 0.5 });
  });
});

describe('analyze: presence on the stack', () => {
  it('counts the samples between entering and leaving, nested entries once', () => {
    const presence = createPresence();
    presence.enter(1000, 2);
    presence.enter(1000, 3);
    presence.leave(1000, 5);
    presence.leave(1000, 6);
    presence.enter(1000, 9);
    presence.leave(1000, 10);
    assert.equal(presence.get(1000), 5);
    assert.equal(presence.get(5), 0);
  });

  it('splits them by kind', () => {
    const totals = new Float64Array([3, 4]);
    const presence = createSplitPresence(totals);
    presence.enter(7);
    totals[0]! += 2;
    presence.enter(400);
    totals[1]! += 5;
    presence.leave(7);
    presence.leave(400);
    assert.deepEqual([presence.get(7, 0), presence.get(7, 1)], [2, 5]);
    assert.deepEqual([presence.get(400, 0), presence.get(400, 1)], [0, 5]);
  });
});

describe('analyze: pairs', () => {
  it('have ids in the order they were first seen', () => {
    const table = createPairTable();
    for (let i = 0; i < 5000; i++) assert.equal(table.id(i % 70, i), i);
    for (let i = 0; i < 5000; i++) assert.equal(table.find(i % 70, i), i);
    assert.equal(table.find(1, 0), -1);
    assert.equal(table.size, 5000);
  });
});

describe('analyze: paths', () => {
  it('are shown relative to the folder of the run, with forward slashes', () => {
    assert.equal(shownPath('/app/src/a.ts', '/app'), 'src/a.ts');
    assert.equal(shownPath('/app/src/a.ts', '/app/'), 'src/a.ts');
    assert.equal(shownPath('/application/a.ts', '/app'), '/application/a.ts');
    assert.equal(shownPath('/a/b\\c.ts', '/a'), 'b\\c.ts');
    assert.equal(shownPath('C:\\App\\src\\a.ts', 'c:\\app'), 'src/a.ts');
    assert.equal(shownPath('D:\\x\\a.ts', 'C:\\app'), 'D:/x/a.ts');
    assert.equal(shownPath('[eval]', '/app'), '[eval]');
  });

  it('tell own code from packages and Node', () => {
    assert.equal(scriptKind('/app/node_modules/x/a.js', '/app/node_modules/x/a.js'), 'package');
    assert.equal(scriptKind('C:\\node_modules\\x.js', ''), 'package');
    assert.equal(scriptKind('/app/my_node_modules/a.js', ''), 'own');
    assert.equal(scriptKind(null, 'node:fs'), 'node');
    assert.equal(scriptKind(null, '[eval]'), 'own');
  });
});

describe('analyze: the innermost function', () => {
  const text = ';const a = () => { const b = () => 1; return b; };\nfunction c() {}\n';
  const { functions } = parseSource(text, 'a.js');
  const nameAt = (needle: string) => functions[functionIndexAt(functions, text.indexOf(needle))]!.name;
  it('is found by offset', () => {
    assert.equal(nameAt('1;'), 'a.b');
    assert.equal(nameAt('return'), 'a');
    assert.equal(nameAt('c()'), 'c');
    assert.equal(functions[functionIndexAt(functions, 10_000)]!.name, '<module>');
    assert.equal(functions[functionIndexAt(functions, 0)]!.kind, 'module');
  });
});

describe('analyze: call tree', () => {
  const frameOf = (id: number) => ({
    name: `f${id}`,
    kind: 'own' as const,
    file: null,
    line: null,
    column: null,
  });

  it('keeps the hottest nodes, and the others’ samples with their callers', () => {
    const tree = createTreeBuilder(1000, 3);
    const a = tree.child(tree.root, 1);
    const b = tree.child(a, 2);
    const c = tree.child(a, 3);
    for (const [node, count] of [
      [a, 5],
      [b, 10],
      [c, 2],
    ] as const) {
      for (let i = 0; i < count; i++) tree.count(node);
    }
    const { nodes, frames } = tree.finish(frameOf);
    assert.deepEqual(
      nodes.map(({ frame, parent, selfSamples, samples }) => [
        frames[frame]!.name,
        parent,
        selfSamples,
        samples,
      ]),
      [
        ['(root)', -1, 0, 17],
        ['f1', 0, 7, 17],
        ['f2', 1, 10, 10],
      ],
    );
  });

  it('stops growing when it is full', () => {
    const tree = createTreeBuilder(4, 100);
    let node = tree.root;
    for (let i = 0; i < 50; i++) node = tree.child(node, i);
    tree.count(node);
    const { nodes } = tree.finish(frameOf);
    assert.equal(nodes.length, 4);
    assert.equal(nodes[3]?.selfSamples, 1);
    assert.equal(nodes[0]?.samples, 1);
  });
});
