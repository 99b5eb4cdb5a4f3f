/** Points and weights that integrate over an interval: the sum of weight · f(point). */
export interface Quadrature {
  readonly points: Float64Array;
  readonly weights: Float64Array;
}

/**
 * Gauss-Legendre quadrature of sixteen points on each of `panels` equal parts of [low, high]. Exact to
 * rounding for functions that look like a polynomial of degree 31 on each part.
 */
export function gaussLegendre(low: number, high: number, panels: number): Quadrature {
  const { points: nodes, weights: nodeWeights } = rule();
  const points = new Float64Array(panels * nodes.length);
  const weights = new Float64Array(panels * nodes.length);
  const half = (high - low) / panels / 2;
  for (let panel = 0; panel < panels; panel += 1) {
    const centre = low + (2 * panel + 1) * half;
    for (let index = 0; index < nodes.length; index += 1) {
      points[panel * nodes.length + index] = centre + half * (nodes[index] ?? 0);
      weights[panel * nodes.length + index] = half * (nodeWeights[index] ?? 0);
    }
  }
  return { points, weights };
}

/** The rule on [-1, 1]: the roots of the Legendre polynomial, by Newton's method. */
function rule(): Quadrature {
  const size = 16;
  const points = new Float64Array(size);
  const weights = new Float64Array(size);
  for (let index = 0; index < size; index += 1) {
    let x = Math.cos((Math.PI * (index + 0.75)) / (size + 0.5));
    let derivative = 1;
    for (let step = 0; step < 10; step += 1) {
      let previous = 1;
      let value = x;
      for (let degree = 2; degree <= size; degree += 1) {
        [previous, value] = [value, ((2 * degree - 1) * x * value - (degree - 1) * previous) / degree];
      }
      derivative = (size * (x * value - previous)) / (x * x - 1);
      x -= value / derivative;
    }
    points[index] = x;
    weights[index] = 2 / ((1 - x * x) * derivative * derivative);
  }
  return { points, weights };
}
