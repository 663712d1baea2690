import { drive, shuffled, spin } from '../kernel.mjs';
import { Large, Small, type Order, type Shape } from './shapes.ts';

type Way = 0 | 1 | 2 | 3;

interface Plan {
  readonly order: Order;
}

const plan: Plan = { order: shuffled([175, 125, 87, 113], 41) };
const shapes: readonly Shape[] = [
  new Small(),
  new Large(),
];

export function measure<T extends Plan>(
  { order }: T,
  start: number,
): number {
  let total = start;
  const local = <N extends number>(rounds: N): void => {
    for (let x = 0; x < rounds; ) x = Math.sqrt((x + 1) * (x + 1));
  };
  for (let step = 0; step < order.length; step++) {
    const way = order[step] as Way;
    if (way < 2) {
      total += shapes[way]!.spun();
    } else if (way === 2) {
      local<number>(2000);
      spin(
        800,
      );
    } else {
      total += shapes.reduce<number>((sum: number, shape: Shape): number => sum + shape.spun(), 0);
    }
  }
  return total;
}

drive((): void => {
  measure(plan, 0);
});
