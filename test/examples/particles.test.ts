import assert from 'node:assert/strict';
import { describe, it } from 'mocha';
import { benchmark, benchmarkFast, randomParticles } from '../../examples/particles/benchmark.ts';
import {
  benchmarkMemory,
  benchmarkMemoryArrays,
  evolveArrays,
  MEMORY_PARTICLES,
} from '../../examples/particles/memory.ts';
import { Particle, ParticleSimulator } from '../../examples/particles/simulator.ts';

/** The chapter's three particles: start x, y, angular velocity, then x, y after 0.1 time units. */
const CHAPTER = [
  [0.3, 0.5, 1, 0.210269, 0.543863],
  [0.0, -0.5, -1, -0.099334, -0.490034],
  [-0.1, -0.4, 3, 0.191358, -0.365227],
] as const;

const near = (actual: number, expected: number, message: string) =>
  assert.ok(Math.abs(actual - expected) < 1e-5, `${message}: ${actual}, not ${expected}`);

describe('examples/particles', () => {
  for (const method of ['evolve', 'evolveFast'] as const) {
    it(`${method} moves the chapter's particles to where they belong`, () => {
      const particles = CHAPTER.map(([x, y, velocity]) => new Particle(x, y, velocity));
      new ParticleSimulator(particles)[method](0.1);
      for (const [index, [, , , x, y]] of CHAPTER.entries()) {
        near(particles[index]!.x, x, `x of particle ${index}`);
        near(particles[index]!.y, y, `y of particle ${index}`);
      }
    });
  }

  it('evolveArrays agrees with the objects', () => {
    const column = (entry: 0 | 1 | 2) => Float64Array.from(CHAPTER, (row) => row[entry]);
    const arrays = { x: column(0), y: column(1), angularVelocity: column(2) };
    evolveArrays(arrays, 0.1);
    for (const [index, [, , , x, y]] of CHAPTER.entries()) {
      near(arrays.x[index]!, x, `x of particle ${index}`);
      near(arrays.y[index]!, y, `y of particle ${index}`);
    }
  });

  it('draws particles from [-1, 1), each its own', () => {
    const particles = randomParticles(500);
    const numbers = particles.flatMap(({ x, y, angularVelocity }) => [x, y, angularVelocity]);
    assert.equal(particles.length, 500);
    assert.ok(numbers.every((number) => number >= -1 && number < 1));
    assert.ok(new Set(numbers).size > 1400, 'the numbers differ');
    assert.ok(Math.min(...numbers) < -0.9 && Math.max(...numbers) > 0.9, 'the whole range is used');
  });

  it('runs its benchmarks', () => {
    benchmark();
    benchmarkFast();
    assert.equal(benchmarkMemory().particles.length, MEMORY_PARTICLES);
    const { x } = benchmarkMemoryArrays();
    assert.equal(x.length, MEMORY_PARTICLES);
    assert.ok(x.every(Number.isFinite));
  });
});
