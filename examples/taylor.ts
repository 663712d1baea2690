/** n! for a whole number n ≥ 0. */
export function factorial(n: number): number {
  return n < 2 ? 1 : n * factorial(n - 1);
}

/** The sum of the numbers. */
function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, number) => total + number, 0);
}

/** eˣ by the first n terms of its Taylor series: the sum of xⁱ / i!. */
export function taylorExp(x: number, n: number): number {
  return sum(Array.from({ length: n }, (_, i) => x ** i / factorial(i)));
}

/** sin x by the terms of its Taylor series below degree n: the sum of (-1)ᵏ x²ᵏ⁺¹ / (2k + 1)!. */
export function taylorSin(x: number, n: number): number {
  const terms: number[] = [];
  for (let degree = 1; degree < n; degree += 2) {
    const sign = degree % 4 === 1 ? 1 : -1;
    terms.push((sign * x ** degree) / factorial(degree));
  }
  return sum(terms);
}

/** Both series many times over, for a profile to look at. */
export function benchmarkTaylor(rounds = 10_000): number {
  let total = 0;
  for (let round = 0; round < rounds; round++) {
    total += taylorExp(1, 100) + taylorSin(1, 100);
  }
  return total;
}
