import { logFactorial } from "./log-factorial.ts";

/**
 * One binomial count. Below ten expected successes (or failures), by the waiting times between
 * them; from there on Hörmann's transformed rejection BTRS ("The generation of binomial random
 * variates", Journal of Statistical Computation and Simulation 46, 1993).
 */
export function drawBinomial(random: () => number, trials: number, probability: number): number {
  if (probability > 0.5) return trials - drawBinomial(random, trials, 1 - probability);
  if (probability === 0 || trials === 0) return 0;
  return trials * probability < 10
    ? drawByWaiting(random, trials, probability)
    : drawByRejection(random, trials, probability);
}

function drawByWaiting(random: () => number, trials: number, probability: number): number {
  const logFailure = Math.log1p(-probability);
  let count = 0;
  let position = 0;
  for (;;) {
    // How many trials it takes until the next success: geometric, by inversion.
    position += Math.floor(Math.log1p(-random()) / logFailure) + 1;
    if (position > trials) return count;
    count += 1;
  }
}

function drawByRejection(random: () => number, trials: number, probability: number): number {
  const spread = Math.sqrt(trials * probability * (1 - probability));
  const b = 1.15 + 2.53 * spread;
  const a = 0.0248 * b + 0.01 * probability - 0.0873;
  const alpha = (2.83 + 5.1 / b) * spread;
  const squeeze = 0.92 - 4.2 / b;
  const logOdds = Math.log(probability / (1 - probability));
  const mode = Math.floor((trials + 1) * probability);
  const logMode = logFactorial(mode) + logFactorial(trials - mode);
  for (;;) {
    const u = random() - 0.5;
    const v = random();
    const tail = 0.5 - Math.abs(u);
    const count = Math.floor(((2 * a) / tail + b) * u + trials * probability + 0.5);
    if (count < 0 || count > trials) continue;
    if (tail >= 0.07 && v <= squeeze) return count;
    const height = Math.log((v * alpha) / (a / (tail * tail) + b));
    const ratio = logMode - logFactorial(count) - logFactorial(trials - count) + (count - mode) * logOdds;
    if (height <= ratio) return count;
  }
}
