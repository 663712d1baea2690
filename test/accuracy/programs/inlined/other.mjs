// Small callees in another file, at line numbers that the callers' file has too.

export const far = (n) => {
  for (let x = 0; x < n; ) x = Math.sqrt((x + 1) * (x + 1));
};

export class Far {
  steps = 0;
  step(n) {
    for (let x = 0; x < n; ) x = Math.sqrt((x + 1) * (x + 1));
    this.steps++;
  }
  get stepped() {
    for (let x = 0; x < 1000; ) x = Math.sqrt((x + 1) * (x + 1));
    return this.steps++;
  }
}
