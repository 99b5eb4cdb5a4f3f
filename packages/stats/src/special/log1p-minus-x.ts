/**
 * `log(1 + x) - x` for x > -1, without the cancellation that the two parts have near 0.
 *
 * Relative error below 1e-15. With `r = x / (2 + x)` it is `-x·r + 2r³(1/3 + r²/5 + r⁴/7 + …)`,
 * from `log(1 + x) = 2·atanh(r)`.
 */
export function log1pMinusX(x: number): number {
  if (x < -0.4 || x > 0.6) return Math.log1p(x) - x;
  const r = x / (2 + x);
  const square = r * r;
  let sum = 0;
  let power = 1;
  for (let divisor = 3; ; divisor += 2) {
    const next = sum + power / divisor;
    if (next === sum) break;
    sum = next;
    power *= square;
  }
  return r * (2 * square * sum - x);
}
