/**
 * P(Dₙ ≤ distance) by the expansion of Pelz and Good in powers of `1/√n`, up to `n^(-3/2)`.
 *
 * Absolute error of about 0.2/n². Source: W. Pelz and I. J. Good, "Approximating the lower tail-areas
 * of the Kolmogorov-Smirnov one-sample statistic", J. R. Stat. Soc. B 38 (1976).
 */
export function pelzGoodCdf(distance: number, n: number): number {
  const z = distance * Math.sqrt(n);
  if (z < 0.05) return 0;
  const z2 = z * z;
  const z4 = z2 * z2;
  const z6 = z4 * z2;
  const pi2 = Math.PI * Math.PI;
  const terms = Math.ceil(3 * z) + 3;
  let k0 = 0;
  let k1 = 0;
  let k2 = 0;
  let k3 = 0;
  for (let k = terms; k >= 1; k--) {
    const odd = (2 * k - 1) ** 2 * pi2;
    const weight = Math.exp(-odd / (8 * z2));
    k0 += weight;
    k1 += weight * (odd / 4 - z2);
    k2 += weight * (6 * z6 + 2 * z4 + ((2 * z4 - 5 * z2) * odd) / 4 + ((1 - 2 * z2) * odd * odd) / 16);
    k3 +=
      weight *
      (-30 * z6 -
        90 * z4 * z4 +
        ((135 * z4 - 96 * z6) * odd) / 4 +
        ((212 * z4 - 60 * z2) * odd * odd) / 16 +
        ((5 - 30 * z2) * odd ** 3) / 64);
  }
  let extra2 = 0;
  let extra3 = 0;
  for (let k = terms; k >= 1; k--) {
    const square = k * k * pi2;
    const weight = Math.exp(-square / (2 * z2));
    extra2 += square * weight;
    extra3 += (3 * z2 - square) * square * weight;
  }
  const rootN = Math.sqrt(n);
  const leading = k0 / z + k1 / (6 * z4 * rootN);
  const second = k2 / (72 * z6 * z) - extra2 / (36 * z2 * z);
  const third = k3 / (6480 * z6 * z4) + extra3 / (216 * z6);
  return Math.sqrt(2 * Math.PI) * (leading + second / n + third / (n * rootN));
}
