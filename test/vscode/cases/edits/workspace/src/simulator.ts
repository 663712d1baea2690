/** A point that moves on a circle around the origin; its velocity is along the circle, positive anticlockwise. */
export class Particle {
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

/** Moves particles through time in small straight steps. */
export class ParticleSimulator {
  readonly particles: readonly Particle[];

  constructor(particles: readonly Particle[]) {
    this.particles = particles;
  }

  /** Moves every particle on by `dt` time units, written for the reader. */
  evolve(dt: number): void {
    const steps = Math.trunc(dt / TIMESTEP);

    for (let step = 0; step < steps; step++) {
      for (const particle of this.particles) {
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

  /** The same as `evolve`, tuned: particle by particle, with what does not change taken out of the loop. */
  evolveFast(dt: number): void {
    const steps = Math.trunc(dt / TIMESTEP);

    for (const particle of this.particles) {
      const stepLength = TIMESTEP * particle.angularVelocity;
      let { x, y } = particle;

      for (let step = 0; step < steps; step++) {
        const scale = stepLength / Math.sqrt(x * x + y * y);
        [x, y] = [x - scale * y, y + scale * x];
      }

      particle.x = x;
      particle.y = y;
    }
  }
}
