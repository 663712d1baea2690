/** Types that vanish before V8 sees them. */
export interface Shape {
  readonly size: number;
  spun(): number;
}

export type Order = Readonly<
  Uint8Array
>;

export abstract class Base<T extends number> implements Shape {
  readonly size: number = 1200;

  abstract spun(): number;

  protected around(this: Base<T>, rounds: T | number): number {
    for (let x = 0; x < rounds; ) x = Math.sqrt((x + 1) * (x + 1));
    return this.size satisfies number;
  }
}

export class Small extends Base<number> {
  spun(): number {
    for (let x = 0; x < this.size; ) x = Math.sqrt((x + 1) * (x + 1));
    return 1;
  }
}

export class Large extends Base<number> {
  declare readonly kind: 'large';

  spun(): number {
    const once: number = this.around(2 * this.size);
    return (once as number) + this.around(this.size)!;
  }
}
