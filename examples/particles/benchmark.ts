import { Particle, ParticleSimulator } from './simulator.ts';

/** A number drawn evenly from [low, high). */
function uniform(low: number, high: number): number {
  return low + Math.random() * (high - low);
}

/** Particles with position and angular velocity drawn evenly from [-1, 1). */
export function randomParticles(count: number): Particle[] {
  return Array.from({ length: count }, () => new Particle(uniform(-1, 1), uniform(-1, 1), uniform(-1, 1)));
}

/** Moves a thousand random particles on by a tenth of a time unit: ten million steps. */
export function benchmark(): void {
  const simulator = new ParticleSimulator(randomParticles(1000));
  simulator.evolve(0.1);
}

/** The same work for the tuned method. */
export function benchmarkFast(): void {
  const simulator = new ParticleSimulator(randomParticles(1000));
  simulator.evolveFast(0.1);
}
