import { checkCount, checkPositive } from "../arguments/check-number.ts";
import { checkOpenProbability } from "../arguments/check-sample.ts";
import { chiSquaredQuantile } from "../distributions/chi-squared.ts";
import type { Estimate } from "./interval.ts";

/**
 * An interval for a rate of events that come independently, such as crashes per day: exact, so it holds
 * the true rate at least `confidence` of the time (Garwood 1936).
 *
 * @param counts.exposure How long or how much was watched, above 0; the rate is per unit of it.
 *
 * @example
 * poissonRateInterval({ events: 0, exposure: 30 }).upper; // 0.12296…: up to one in eight days
 */
export function poissonRateInterval(
  { events, exposure }: { readonly events: number; readonly exposure: number },
  { confidence = 0.95 }: { readonly confidence?: number } = {},
): Estimate {
  checkCount("counts.events", events);
  checkPositive("counts.exposure", exposure);
  checkOpenProbability("confidence", confidence);
  const tail = (1 - confidence) / 2;
  return {
    estimate: events / exposure,
    lower: events === 0 ? 0 : chiSquaredQuantile(tail, 2 * events) / 2 / exposure,
    upper: chiSquaredQuantile(1 - tail, 2 * (events + 1)) / 2 / exposure,
    confidence,
  };
}
