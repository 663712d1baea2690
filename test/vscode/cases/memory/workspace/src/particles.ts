/** A point, and how fast it turns around the origin. */
export class Particle {
  x: number;
  y: number;
  angularVelocity: number;

  constructor(x: number, y: number, angularVelocity: number) {
    this.x = x;
    this.y = y;
    this.angularVelocity = angularVelocity;
  }
}

const COUNT = 50_000;

export function benchmarkMemory(): number {
  const particles = Array.from({ length: COUNT }, (_, index) => new Particle(index, 1, 0.5));
  const columns = new Float64Array(COUNT * 3);
  for (const [index, particle] of particles.entries()) {
    columns[index * 3] = particle.x / 3;
    columns[index * 3 + 1] = particle.y / 3;
    columns[index * 3 + 2] = particle.angularVelocity / 3;
  }
  const text = JSON.stringify(particles).length;
  if (text < 0) {
    particles.length = 0;
  }
  return sum(columns) + particles.length;
}

export function sum(numbers: Float64Array): number {
  let total = 0;
  for (const number of numbers) total += number;
  return total;
}

export function typedTwin(): number {
  const columns = new Float64Array(COUNT * 3);
  columns.fill(0.5);
  return sum(columns);
}

export function unusedHere(): number[] {
  return [1, 2, 3];
}
