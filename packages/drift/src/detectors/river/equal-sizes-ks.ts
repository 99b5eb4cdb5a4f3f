/**
 * The exact two-sided p-value of the two-sample Kolmogorov-Smirnov test for two samples of `size` values
 * whose distribution functions are `steps` / `size` apart (Gnedenko and Korolyuk 1951):
 *
 *     2 · Σ (-1)^(k-1) · C(2n, n + k·h) / C(2n, n), for k = 1 … ⌊n / h⌋
 */
export function equalSizesKsPValue(steps: number, size: number): number {
  let sum = 0;
  for (let multiple = 1; multiple * steps <= size; multiple += 1) {
    const distance = multiple * steps;
    let ratio = 1;
    for (let index = 0; index < distance; index += 1) {
      ratio *= (size - index) / (size + distance - index);
    }
    sum += multiple % 2 === 1 ? ratio : -ratio;
  }
  return Math.min(1, 2 * sum);
}
