export { InvalidArgumentError, type InvalidArgumentDetails } from "./errors/invalid-argument-error.ts";

// Seeded random numbers
export { createRandom, type Random } from "./random/create-random.ts";
