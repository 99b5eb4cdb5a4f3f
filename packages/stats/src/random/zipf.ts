/**
 * One rank in 1 … size with probability proportional to rank^-exponent: Hörmann and Derflinger's
 * rejection-inversion ("Rejection-inversion to generate variates from monotone discrete
 * distributions", ACM Transactions on Modeling and Computer Simulation 6, 1996). The cost does not
 * depend on `size`.
 */
export function drawZipf(random: () => number, exponent: number, size: number): number {
  const integral = (x: number): number => {
    const log = Math.log(x);
    return log * ratio(Math.expm1, (1 - exponent) * log);
  };
  const inverse = (area: number): number =>
    Math.exp(area * ratio(Math.log1p, Math.max(area * (1 - exponent), -1)));
  const mass = (rank: number): number => rank ** -exponent;

  const first = integral(1.5) - 1;
  const last = integral(size + 0.5);
  const sureDistance = 2 - inverse(integral(2.5) - mass(2));
  for (;;) {
    const area = last + random() * (first - last);
    const x = inverse(area);
    const rank = Math.min(Math.max(Math.round(x), 1), size);
    if (rank - x <= sureDistance || area >= integral(rank + 0.5) - mass(rank)) return rank;
  }
}

/** f(x) / x, with its limit 1 at 0: what expm1 and log1p have in common. */
function ratio(f: (x: number) => number, x: number): number {
  return x === 0 ? 1 : f(x) / x;
}
