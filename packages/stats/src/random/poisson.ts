import { logFactorial } from "./log-factorial.ts";

/**
 * One Poisson count. Below a mean of 10, as many uniforms as multiply to more than e^-mean; from
 * there on Hörmann's transformed rejection PTRS, about 1.1 tries each ("The transformed rejection
 * method for generating Poisson random variables", Insurance: Mathematics and Economics 12, 1993).
 */
export function drawPoisson(random: () => number, mean: number): number {
  return mean < 10 ? drawByProduct(random, mean) : drawByRejection(random, mean);
}

function drawByProduct(random: () => number, mean: number): number {
  const limit = Math.exp(-mean);
  let count = 0;
  for (let product = random(); product > limit; product *= random()) count += 1;
  return count;
}

function drawByRejection(random: () => number, mean: number): number {
  const b = 0.931 + 2.53 * Math.sqrt(mean);
  const a = 0.02483 * b - 0.059;
  const inverseAlpha = 1.1239 + 1.1328 / (b - 3.4);
  const squeeze = 0.9277 - 3.6224 / (b - 2);
  for (;;) {
    const u = random() - 0.5;
    const v = random();
    const tail = 0.5 - Math.abs(u);
    const count = Math.floor(((2 * a) / tail + b) * u + mean + 0.43);
    if (tail >= 0.07 && v <= squeeze) return count;
    if (count < 0 || (tail < 0.013 && v > tail)) continue;
    const height = Math.log((v * inverseAlpha) / (a / (tail * tail) + b));
    if (height <= count * Math.log(mean) - mean - logFactorial(count)) return count;
  }
}
