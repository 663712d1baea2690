import { randomParticles } from './benchmark.ts';
import { ParticleSimulator } from './simulator.ts';

/** How many particles both benchmarks hold in memory. */
export const MEMORY_PARTICLES = 100_000;

/** A hundred thousand particles as objects, moved on by a hundred steps. */
export function benchmarkMemory(): ParticleSimulator {
  const particles = randomParticles(MEMORY_PARTICLES);
  const simulator = new ParticleSimulator(particles);
  simulator.evolve(0.001);
  return simulator;
}

/** Particles as columns of numbers: entry i of each array is particle i. */
export interface ParticleArrays {
  readonly x: Float64Array;
  readonly y: Float64Array;
  readonly angularVelocity: Float64Array;
}

/** The length of one step, as in the simulator. */
const TIMESTEP = 0.00001;

/** Moves every particle on by `dt` time units, in place. */
export function evolveArrays(particles: ParticleArrays, dt: number): void {
  const { x, y, angularVelocity } = particles;
  const steps = Math.trunc(dt / TIMESTEP);

  for (const [index, velocity] of angularVelocity.entries()) {
    const stepLength = TIMESTEP * velocity;
    let px = x[index] ?? 0;
    let py = y[index] ?? 0;

    for (let step = 0; step < steps; step++) {
      const scale = stepLength / Math.sqrt(px * px + py * py);
      [px, py] = [px - scale * py, py + scale * px];
    }

    x[index] = px;
    y[index] = py;
  }
}

/** Evenly drawn numbers in [-1, 1). */
function randomNumbers(count: number): Float64Array {
  return Float64Array.from({ length: count }, () => Math.random() * 2 - 1);
}

/** The typed-array twin of `benchmarkMemory`: the same particles in three arrays of numbers. */
export function benchmarkMemoryArrays(): ParticleArrays {
  const particles: ParticleArrays = {
    x: randomNumbers(MEMORY_PARTICLES),
    y: randomNumbers(MEMORY_PARTICLES),
    angularVelocity: randomNumbers(MEMORY_PARTICLES),
  };
  evolveArrays(particles, 0.001);
  return particles;
}
