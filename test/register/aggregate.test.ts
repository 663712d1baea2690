import assert from 'node:assert/strict';
import { makeAggregate } from '../../src/register/aggregate.ts';
import type { RawProfile } from '../../src/register/samplers/sampler.ts';

interface Spec {
  readonly name: string;
  readonly url?: string;
  readonly hits: number;
  readonly lines?: Record<number, number>;
  readonly children?: readonly Spec[];
}

/** A profile whose samples come in the order of the nodes, one each 1000 µs from 1000 on. */
function profileOf(root: Spec): RawProfile {
  const nodes: RawProfile['nodes'] = [];
  const samples: number[] = [];
  const add = ({ name, url = '/app.js', hits, lines = {}, children = [] }: Spec): number => {
    const id = nodes.length + 1;
    const node = {
      id,
      callFrame: { functionName: name, scriptId: '7', url, lineNumber: 1, columnNumber: 2 },
      hitCount: hits,
      children: [] as number[],
      positionTicks: Object.entries(lines).map(([line, ticks]) => ({ line: Number(line), ticks })),
    };
    nodes.push(node);
    for (let i = 0; i < hits; i++) samples.push(id);
    node.children.push(...children.map(add));
    return id;
  };
  add(root);
  const timeDeltas = samples.map(() => 1000);
  return { nodes, samples, timeDeltas, startTime: 0, endTime: samples.length * 1000 };
}

const aggregate = () =>
  makeAggregate(
    ({ functionName }) => functionName === 'marked',
    (url) => url === '/register.cjs',
  );
const shape = (one: ReturnType<typeof aggregate>) =>
  one
    .nodes()
    .map(({ frame, parent, ticks, lines }) => [frame.functionName, parent, ticks, Object.fromEntries(lines)]);

describe('the aggregate of profiles', () => {
  it('keeps what is in windows and adds it up in one tree', () => {
    const all = aggregate();
    const profile = profileOf({
      name: '(root)',
      url: '',
      hits: 0,
      children: [
        { name: 'other', hits: 3, lines: { 5: 3 } },
        {
          name: 'server',
          hits: 0,
          children: [
            { name: 'marked', hits: 4, lines: { 8: 3, 9: 1 }, children: [{ name: 'callee', hits: 2 }] },
          ],
        },
      ],
    });
    all.add(profile, new Float64Array([3500, 10_000]));
    all.add(profile, new Float64Array([3500, 10_000]));
    assert.deepEqual(shape(all), [
      ['(root)', -1, 0, {}],
      ['server', 0, 0, {}],
      ['marked', 1, 8, { 8: 6, 9: 2 }],
      ['callee', 2, 4, {}],
    ]);
    assert.equal(all.samples(), 12);
    assert.ok(Math.abs(all.intervalMicros() - (2 * 8000) / 18) < 1e-9);
  });

  it('a marked function counts in full where its window begins between two samples', () => {
    const all = aggregate();
    all.add(
      profileOf({
        name: '(root)',
        url: '',
        hits: 0,
        children: [{ name: 'marked', hits: 4, lines: { 8: 4 } }],
      }),
      new Float64Array([1500, 9000]),
    );
    assert.deepEqual(shape(all)[1], ['marked', 0, 4, { 8: 4 }]);
  });

  it('code that V8 lost sight of is lost, idle time is nothing, and our own frames are taken out', () => {
    const all = aggregate();
    all.add(
      profileOf({
        name: '(root)',
        url: '',
        hits: 0,
        children: [
          { name: '(idle)', url: '', hits: 5 },
          { name: '(anonymous)', url: '', hits: 2 },
          {
            name: 'apply',
            url: '/register.cjs',
            hits: 1,
            children: [
              { name: 'marked', hits: 2 },
              { name: 'post', url: 'node:inspector', hits: 1 },
            ],
          },
        ],
      }),
      new Float64Array([0, 1e6]),
    );
    assert.deepEqual(
      shape(all).map(([name, parent, ticks]) => [name, parent, ticks]),
      [
        ['(root)', -1, 0],
        ['marked', 0, 2],
        ['(anonymous)', 0, 2],
      ],
    );
    assert.deepEqual([all.samples(), all.lost(), all.overhead()], [4, 2, 2]);
  });

  it('does not grow without end: stacks beyond a number count for what called them', () => {
    const all = aggregate();
    for (let i = 0; i < 300; i++) {
      const children = Array.from({ length: 50 }, (_, k) => ({ name: `f${i * 50 + k}`, hits: 1 }));
      all.add(profileOf({ name: '(root)', url: '', hits: 0, children }), new Float64Array([0, 1e6]));
    }
    assert.equal(all.samples(), 15_000);
    assert.equal(all.nodes().length, 10_000);
    assert.equal(
      all.nodes().reduce((sum, { ticks }) => sum + ticks, 0),
      15_000,
    );
  });
});
