/**
 * One gamma variate of scale 1, as its logarithm: a shape near zero gives values far below the
 * smallest double, whose logarithms still compare (the beta distribution needs that).
 *
 * Marsaglia and Tsang, "A simple method for generating gamma variables", ACM Transactions on
 * Mathematical Software 26 (2000); a shape below 1 from shape + 1 and one more uniform.
 */
export function drawLogGamma(random: () => number, normal: () => number, shape: number): number {
  // 1 - uniform is in (0, 1]: its logarithm is finite.
  if (shape < 1) return drawLogGamma(random, normal, shape + 1) + Math.log(1 - random()) / shape;
  const d = shape - 1 / 3;
  const c = 1 / Math.sqrt(9 * d);
  for (;;) {
    const x = normal();
    const root = 1 + c * x;
    if (root <= 0) continue;
    const cube = root * root * root;
    if (Math.log(1 - random()) < 0.5 * x * x + d * (1 - cube + Math.log(cube))) return Math.log(d * cube);
  }
}
