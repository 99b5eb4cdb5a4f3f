/**
 * P(U ≥ u) for the Mann-Whitney statistic of samples of `n` and `m` distinct values from one
 * distribution.
 *
 * The chances of U are the coefficients of the Gaussian binomial `Π (1 - q^(m + i))/(1 - q^i)`, here
 * scaled so that they add up to 1 after every factor. By symmetry only the smaller tail is built.
 */
export function rankSumSf(u: number, n: number, m: number): number {
  const largest = n * m;
  const below = largest - Math.ceil(u);
  if (below < 0) return 0;
  if (below >= largest) return 1;
  // P(U ≥ u) = P(U ≤ nm - u).
  if (2 * below < largest) return lowerTail(below, n, m);
  return 1 - lowerTail(largest - below - 1, n, m);
}

function lowerTail(u: number, n: number, m: number): number {
  const few = Math.min(n, m);
  const many = Math.max(n, m);
  const chances = new Float64Array(u + 1);
  chances[0] = 1;
  for (let i = 1; i <= few; i++) {
    // Dividing before multiplying keeps every coefficient positive until the one subtraction.
    for (let k = i; k <= u; k++) chances[k] = (chances[k] ?? 0) + (chances[k - i] ?? 0);
    for (let k = u; k >= many + i; k--) chances[k] = (chances[k] ?? 0) - (chances[k - many - i] ?? 0);
    const scale = i / (many + i);
    for (let k = 0; k <= u; k++) chances[k] = (chances[k] ?? 0) * scale;
  }
  let total = 0;
  for (let k = 0; k <= u; k++) total += chances[k] ?? 0;
  return Math.min(1, total);
}
