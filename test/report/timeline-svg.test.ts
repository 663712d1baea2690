import assert from 'node:assert/strict';
import type { MemoryTimeline } from '../../src/model/memory.ts';
import { timelineSvg } from '../../src/report/timeline-svg.ts';

const BASE: MemoryTimeline = {
  ...{ pid: 1, startMillis: 0, millis: [0, 10], rss: [1e6, 2e6], heapUsed: [null, 1e6], external: [0, 0] },
  ...{ brackets: [], spans: [], collections: [] },
  command: 'node a.js',
};

describe('the chart of memory over time', () => {
  it('shows a short command whole, and the end of one that would run into the peak', () => {
    assert.match(timelineSvg([BASE]), />node a\.js</);
    const long = timelineSvg([{ ...BASE, command: `${'/folder'.repeat(30)}/node main.js <1>` }]);
    const shown = /y="16" fill="#333333">(…[^<]*)</.exec(long)?.[1] ?? '';
    assert.ok(shown.endsWith('/node main.js &#60;1&#62;'), shown);
    assert.ok(shown.length < 110, `${shown.length} letters`);
    assert.match(long, />peak 1\.9 MiB at 0\.01 s</);
  });
});
