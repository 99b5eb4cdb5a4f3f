import { normalPdf, normalSf } from "../distributions/normal.ts";
import { gaussLegendre } from "../numeric/gauss-legendre.ts";

/**
 * A test statistic on its way through planned looks: the distribution of those that have not crossed a
 * bound yet, by recursive numerical integration (Armitage, McPherson and Rowe 1969).
 *
 * It works with B = z · √t, whose steps between looks are independent normals with variance t - t'.
 * Each look is asked for the chance of crossing at a bound, and then fixed with the bound chosen.
 */
export class BoundaryWalk {
  readonly #sides: 1 | 2;
  readonly #drift: number;
  #time = 0;
  /** Where B may be without having crossed, and with what density times weight. */
  #places: Float64Array = new Float64Array([0]);
  #masses: Float64Array = new Float64Array([1]);

  /** @param drift The mean of z when all information is in: 0 under the null hypothesis. */
  constructor(sides: 1 | 2, drift = 0) {
    this.#sides = sides;
    this.#drift = drift;
  }

  /** The chance to cross `bound`, a z-value, first at time `time`. */
  crossing(time: number, bound: number): number {
    const step = time - this.#time;
    const deviation = Math.sqrt(step);
    const limit = bound * Math.sqrt(time);
    const mean = this.#drift * step;
    let chance = 0;
    for (let index = 0; index < this.#places.length; index += 1) {
      const place = (this.#places[index] ?? 0) + mean;
      const above = normalSf((limit - place) / deviation);
      const below = this.#sides === 2 ? normalSf((limit + place) / deviation) : 0;
      chance += (this.#masses[index] ?? 0) * (above + below);
    }
    return chance;
  }

  /** Goes on to time `time` with those that stay below `bound` there. */
  advance(time: number, bound: number): void {
    const step = time - this.#time;
    const deviation = Math.sqrt(step);
    const mean = this.#drift * step;
    // Nine deviations hold all but 1e-18 of any normal.
    const reach = 9 * Math.sqrt(time) + Math.abs(this.#drift) * time;
    const high = Math.min(bound * Math.sqrt(time), reach);
    const low = this.#sides === 2 ? -high : -reach;
    // A panel of sixteen points for every three deviations of a step: the integrand is smooth at that scale.
    const panels = Math.max(4, Math.ceil((high - low) / (3 * deviation)));
    const { points, weights } = gaussLegendre(low, high, panels);
    const masses = points.map((point, index) => {
      let density = 0;
      for (let from = 0; from < this.#places.length; from += 1) {
        const place = (this.#places[from] ?? 0) + mean;
        density += (this.#masses[from] ?? 0) * normalPdf((point - place) / deviation);
      }
      return (density / deviation) * (weights[index] ?? 0);
    });
    this.#places = points;
    this.#masses = masses;
    this.#time = time;
  }
}
