/** A point that moves on a circle around the origin; its velocity is along the circle, positive anticlockwise. */
class Particle {
  x: number;
  y: number;
  readonly angularVelocity: number;

  constructor(x: number, y: number, angularVelocity: number) {
    this.x = x;
    this.y = y;
    this.angularVelocity = angularVelocity;
  }
}

/** The length of one step, in time units: small enough for the straight steps to follow the circle. */
const TIMESTEP = 0.00001;

/**
 * Moves every particle on by `dt` time units. The next line says how to run this function for its profile.
 * @profile evolve(randomParticles(1000), 0.1)
 */
function evolve(particles: readonly Particle[], dt: number): void {
  const steps = Math.trunc(dt / TIMESTEP);

  for (let step = 0; step < steps; step++) {
    for (const particle of particles) {
      // The direction: at a right angle to the radius.
      const norm = Math.sqrt(particle.x ** 2 + particle.y ** 2);
      const vx = -particle.y / norm;
      const vy = particle.x / norm;

      // The displacement.
      const dx = TIMESTEP * particle.angularVelocity * vx;
      const dy = TIMESTEP * particle.angularVelocity * vy;

      particle.x += dx;
      particle.y += dy;
    }
  }
}

/** Particles with position and angular velocity drawn evenly from [-1, 1). */
function randomParticles(count: number): Particle[] {
  const random = () => Math.random() * 2 - 1;
  return Array.from({ length: count }, () => new Particle(random(), random(), random()));
}

export { evolve, randomParticles };
