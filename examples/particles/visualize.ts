import { writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { randomParticles } from './benchmark.ts';
import { type Particle, ParticleSimulator } from './simulator.ts';

/** Where each particle was after each step: `frames[f][p]` is [x, y] of particle p. */
export type Frames = readonly (readonly (readonly [number, number])[])[];

/** Moves the particles on `count` times by `dt` and writes down their positions, the first ones included. */
export function recordFrames(particles: readonly Particle[], count: number, dt: number): Frames {
  const simulator = new ParticleSimulator(particles);
  return Array.from({ length: count }, (_, frame) => {
    if (frame > 0) simulator.evolveFast(dt);
    return particles.map(({ x, y }) => [round(x), round(y)] as const);
  });
}

/** A whole HTML page that plays the frames on a canvas, in a square from -1 to 1. */
export function visualize(frames: Frames): string {
  return `<!doctype html>
<html lang="en">
<meta charset="utf-8">
<title>Particles</title>
<style>
  body { margin: 0; display: grid; place-items: center; min-height: 100vh; background: Canvas; color: CanvasText; color-scheme: light dark; }
  canvas { width: min(90vmin, 600px); aspect-ratio: 1; border: 1px solid; }
</style>
<canvas width="600" height="600" aria-label="Particles moving on circles"></canvas>
<script type="module">
const frames = ${JSON.stringify(frames)};
const canvas = document.querySelector('canvas');
const context = canvas.getContext('2d');
const toPixels = (value, size) => ((value + 1) / 2) * size;

function draw(time) {
  const frame = frames[Math.floor(time / 30) % frames.length];
  context.clearRect(0, 0, canvas.width, canvas.height);
  context.fillStyle = getComputedStyle(canvas).color;
  for (const [x, y] of frame) {
    context.beginPath();
    context.arc(toPixels(x, canvas.width), toPixels(-y, canvas.height), 4, 0, 2 * Math.PI);
    context.fill();
  }
  document.title = \`Particles: \${frame.length}\`;
  requestAnimationFrame(draw);
}
requestAnimationFrame(draw);
</script>
</html>
`;
}

/** Four decimals are finer than a pixel and keep the page small. */
function round(value: number): number {
  return Math.round(value * 1e4) / 1e4;
}

/** `node visualize.ts [page.html]`: writes the page, into the temporary folder unless told where. */
function main(): void {
  const path = resolve(process.argv[2] ?? join(tmpdir(), 'particles.html'));
  writeFileSync(path, visualize(recordFrames(randomParticles(50), 300, 0.02)));
  console.log(`Open ${pathToFileURL(path)} in a browser.`);
}

if (process.argv[1] !== undefined && resolve(process.argv[1]) === fileURLToPath(import.meta.url)) main();
