/** What is believed of one arm. */
export interface ArmBelief {
  /** Its mean so far: of shares in [0, 1]. */
  readonly mean: number;
  /** The variance of one key. */
  readonly variance: number;
  /** How many keys drawn evenly would tell as much. */
  readonly keys: number;
}

/** Cells into which each arm's own range is cut, eight deviations to either side of its mean. */
const cellsPerArm = 200;

/**
 * The chance of each arm to have the largest mean: the weights of Thompson sampling, which gives a key
 * to an arm with just that chance (Thompson 1933). They are integrated and not drawn, so that they are the
 * same in every replica and replay, and no key moves by the noise of draws; the draw is the key's own hash.
 * Accurate to about 0.001.
 *
 * @param kind - `share`: beta beliefs, from Beta(1, 1). `mean`: normal ones.
 */
export function chancesToBeBest(arms: readonly ArmBelief[], kind: "share" | "mean"): number[] {
  const beliefs = arms.map(kind === "share" ? believeShare : believeMean);
  const edges = beliefs.flatMap(({ low, high }) =>
    Array.from({ length: cellsPerArm + 1 }, (_, edge) => low + ((high - low) * edge) / cellsPerArm),
  );
  const grid = Float64Array.from(edges).sort();
  const masses = beliefs.map((belief) => massesOf(belief, grid));
  const below = arms.map(() => 0);
  const chances = arms.map(() => 0);
  for (let cell = 0; cell < grid.length - 1; cell += 1) {
    const middles = masses.map((mass, arm) => below[arm]! + mass[cell]! / 2);
    for (const [own, mass] of masses.entries()) {
      let chance = mass[cell]!;
      for (const [other, middle] of middles.entries()) if (other !== own) chance *= middle;
      chances[own]! += chance;
    }
    for (const [arm, mass] of masses.entries()) below[arm]! += mass[cell]!;
  }
  const total = chances.reduce((sum, chance) => sum + chance, 0);
  return chances.map((chance) => chance / total);
}

/** A density on a range beyond which it has next to nothing. */
interface Belief {
  readonly low: number;
  readonly high: number;
  /** Up to a constant; only asked from `low` to `high`. */
  readonly logDensity: (value: number) => number;
}

function believeShare({ mean, keys }: ArmBelief): Belief {
  const successes = 1 + keys * Math.min(1, Math.max(0, mean));
  const failures = 2 + keys - successes;
  const center = successes / (2 + keys);
  const deviation = Math.sqrt((center * (1 - center)) / (3 + keys));
  return {
    low: Math.max(0, center - 8 * deviation),
    high: Math.min(1, center + 8 * deviation),
    logDensity: (value) => power(successes - 1, value) + power(failures - 1, 1 - value),
  };
}

/** The logarithm of value^exponent; 0⁰ is 1. */
function power(exponent: number, value: number): number {
  return exponent === 0 ? 0 : exponent * Math.log(value);
}

function believeMean({ mean, variance, keys }: ArmBelief): Belief {
  // An arm whose keys were all alike has a spread that was not seen, and no width of 0.
  const deviation = Math.sqrt(Math.max(variance, 1e-12 * Math.max(1, mean * mean)) / keys);
  return {
    low: mean - 8 * deviation,
    high: mean + 8 * deviation,
    logDensity: (value) => -0.5 * ((value - mean) / deviation) ** 2,
  };
}

/** How much of a belief lies in each cell of the grid, by the trapezoidal rule. */
function massesOf({ low, high, logDensity }: Belief, grid: Float64Array): Float64Array {
  const logs = grid.map((value) => (value < low || value > high ? -Infinity : logDensity(value)));
  const top = logs.reduce((most, log) => Math.max(most, log), -Infinity);
  const densities = logs.map((log) => Math.exp(log - top));
  const masses = new Float64Array(grid.length - 1);
  let total = 0;
  for (let cell = 0; cell < masses.length; cell += 1) {
    masses[cell] = ((densities[cell]! + densities[cell + 1]!) / 2) * (grid[cell + 1]! - grid[cell]!);
    total += masses[cell]!;
  }
  return masses.map((mass) => mass / total);
}

/**
 * Weights that keep a floor: `floor + (1 - n · floor) · chance` for each of the n arms that are in, in
 * thousandths, and 0 for those that are out.
 */
export function weightsWithFloor(chances: readonly (number | undefined)[], floor: number): number[] {
  const arms = chances.filter((chance) => chance !== undefined).length;
  const exact = chances.map((chance) =>
    chance === undefined ? 0 : 1_000 * (floor + (1 - arms * floor) * chance),
  );
  const whole = exact.map((weight) => Math.floor(weight + 1e-9));
  const left = 1_000 - whole.reduce((sum, weight) => sum + weight, 0);
  const byLoss = [...exact.keys()].sort((a, b) => exact[b]! - whole[b]! - (exact[a]! - whole[a]!));
  // The floor is rounded down by less than a thousandth where it is none itself.
  for (const arm of byLoss.slice(0, left)) whole[arm]! += 1;
  return whole.map((weight) => weight / 1_000);
}
