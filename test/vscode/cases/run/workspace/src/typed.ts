enum Kind {
  Even,
  Odd,
}

export function tally(rounds: number = 2_000_000): number {
  let odd = 0;
  for (let k = 0; k < rounds; k++) {
    if (kindOf(k) === Kind.Odd) odd += 1;
  }
  return odd;
}

function kindOf(k: number): Kind {
  return Math.sqrt(k) % 2 < 1 ? Kind.Even : Kind.Odd;
}
