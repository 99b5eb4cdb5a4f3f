export { InvalidArgumentError, type InvalidArgumentDetails } from "./errors/invalid-argument-error.ts";

// Seeded random numbers
export { createRandom, type Random } from "./random/create-random.ts";

// Distances between two distributions over the same cells
export { bhattacharyyaDistance } from "./distances/bhattacharyya.ts";
export { chiSquareDistance } from "./distances/chi-square-distance.ts";
export { hellingerDistance } from "./distances/hellinger.ts";
export {
  jensenShannonDistance,
  jensenShannonDivergence,
  type JensenShannonOptions,
} from "./distances/jensen-shannon.ts";
export { klDivergence, type KlDivergenceOptions } from "./distances/kl-divergence.ts";
export { kolmogorovDistance } from "./distances/kolmogorov-distance.ts";
export {
  populationStabilityIndex,
  type PopulationStabilityIndexOptions,
} from "./distances/population-stability-index.ts";
export { lInfinityDistance, totalVariationDistance } from "./distances/total-variation.ts";
export type { ZeroHandling } from "./distances/zero-handling.ts";
