/**
 * ln(p / q) for p, q > 0, accurate where they are close, and exactly -ln(q / p): so that the
 * distances built on it are symmetric to the last bit.
 */
export function logRatio(p: number, q: number): number {
  const contrast = (p - q) / (p + q);
  return Math.abs(contrast) < 0.5 ? 2 * Math.atanh(contrast) : Math.log(p) - Math.log(q);
}
