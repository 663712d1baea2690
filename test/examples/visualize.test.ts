import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { Script } from 'node:vm';
import { describe, it } from 'mocha';
import { Particle } from '../../examples/particles/simulator.ts';
import { recordFrames, visualize } from '../../examples/particles/visualize.ts';

const scriptOf = (page: string) => page.match(/<script type="module">([\s\S]*)<\/script>/)![1]!;

/** Runs the page's script against a canvas that writes down what is drawn at the given times. */
function play(page: string, times: readonly number[]): number[][][] {
  const drawn: number[][][] = [];
  const context = {
    clearRect: () => drawn.push([]),
    beginPath: () => {},
    fill: () => {},
    arc: (x: number, y: number) => drawn.at(-1)!.push([Math.round(x), Math.round(y)]),
  };
  const waiting: ((time: number) => void)[] = [];
  const canvas = { width: 600, height: 600, getContext: () => context };
  new Script(scriptOf(page)).runInNewContext({
    document: { querySelector: () => canvas, title: '' },
    getComputedStyle: () => ({ color: 'black' }),
    requestAnimationFrame: (callback: (time: number) => void) => waiting.push(callback),
  });
  for (const time of times) waiting.shift()!(time);
  return drawn;
}

describe('examples/particles/visualize', () => {
  it('records where the particles were, the start first', () => {
    const frames = recordFrames([new Particle(0.5, 0, 1)], 3, Math.PI / 2);
    assert.equal(frames.length, 3);
    assert.deepEqual(frames[0], [[0.5, 0]]);
    // The speed along the path is the velocity: half a radius turns by dt / 0.5.
    assert.ok(Math.abs(frames[1]![0]![0] + 0.5) < 1e-3, `half a turn: ${frames[1]}`);
  });

  it('plays every frame in turn, y upwards, and starts over', () => {
    const page = visualize([[[0, 0]], [[1, 1]], [[-1, 0.5]]]);
    assert.deepEqual(play(page, [0, 31, 61, 91]), [[[300, 300]], [[600, 0]], [[0, 150]], [[300, 300]]]);
  });

  it('as a program writes the page and says where', () => {
    const folder = mkdtempSync(join(tmpdir(), 'lineprof-visualize-'));
    try {
      const path = join(folder, 'a page.html');
      const program = join(import.meta.dirname, '../../examples/particles/visualize.ts');
      const said = execFileSync(process.execPath, ['--import', 'tsx', program, path], { encoding: 'utf8' });
      assert.ok(said.includes(pathToFileURL(path).href), said);
      assert.equal(play(readFileSync(path, 'utf8'), [0])[0]!.length, 50);
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  });
});
