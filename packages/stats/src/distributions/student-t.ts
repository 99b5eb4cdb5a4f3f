import { checkNumber, checkProbability } from "../arguments/check-number.ts";
import { InvalidArgumentError } from "../errors/invalid-argument-error.ts";
import { betaQuantileAt, betaTails } from "../special/incomplete-beta.ts";
import { normalCdf, normalQuantile } from "./normal.ts";

/**
 * P(T ≤ t) for Student's t with `degreesOfFreedom` > 0, where Infinity stands for the normal
 * distribution. The smaller tail keeps its digits. SciPy: `scipy.stats.t.cdf`.
 *
 * @throws {@link InvalidArgumentError} for NaN, or degrees of freedom that are not above 0.
 */
export function studentTCdf(t: number, degreesOfFreedom: number): number {
  checkNumber("t", t);
  checkDegreesOfFreedom(degreesOfFreedom);
  if (degreesOfFreedom === Infinity) return normalCdf(t);
  const tail = halfTail(Math.abs(t), degreesOfFreedom);
  return t <= 0 ? tail : 1 - tail;
}

/**
 * P(T > t) for Student's t. SciPy: `scipy.stats.t.sf`.
 *
 * @throws {@link InvalidArgumentError} for NaN, or degrees of freedom that are not above 0.
 */
export function studentTSf(t: number, degreesOfFreedom: number): number {
  return studentTCdf(-t, degreesOfFreedom);
}

/**
 * The t with P(T ≤ t) = `probability`; -Infinity at 0, Infinity at 1. SciPy: `scipy.stats.t.ppf`.
 *
 * @throws {@link InvalidArgumentError} unless the probability is in [0, 1] and the degrees of freedom are above 0.
 */
export function studentTQuantile(probability: number, degreesOfFreedom: number): number {
  checkProbability("probability", probability);
  checkDegreesOfFreedom(degreesOfFreedom);
  if (degreesOfFreedom === Infinity) return normalQuantile(probability);
  if (probability === 0.5) return 0;
  if (probability === 0 || probability === 1) return probability === 0 ? -Infinity : Infinity;
  // P(|T| > t) is a beta tail: df / (df + t²) has the distribution beta(df/2, 1/2). Near the middle
  // it is the beta variable's distance from 1 that is small, so it is 1 - 2·tail that has to be exact.
  const tail = Math.min(probability, 1 - probability);
  const target = { lower: 2 * tail, upper: 2 * Math.abs(probability - 0.5) };
  const { x, y } = betaQuantileAt(degreesOfFreedom / 2, 0.5, target);
  const t = Math.sqrt(degreesOfFreedom) * Math.sqrt(y / x);
  return probability < 0.5 ? -t : t;
}

function halfTail(t: number, degreesOfFreedom: number): number {
  const scaled = (t / degreesOfFreedom) * t;
  if (scaled === Infinity) return 0;
  return 0.5 * betaTails(degreesOfFreedom / 2, 0.5, 1 / (1 + scaled), scaled / (1 + scaled)).lower;
}

function checkDegreesOfFreedom(degreesOfFreedom: number): void {
  if (typeof degreesOfFreedom === "number" && degreesOfFreedom > 0) return;
  throw new InvalidArgumentError(
    `degreesOfFreedom is ${String(degreesOfFreedom)}; pass a number above 0, or Infinity for the normal distribution.`,
    { argument: "degreesOfFreedom" },
  );
}
