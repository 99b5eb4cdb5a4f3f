import { normalUpperQuantile, proportionDifferenceInterval } from "@mlops/stats";
import type { Effect, Materiality } from "../verdict/evidence.ts";
import { inverseRows, type Sides } from "./sides.ts";

/** What an effect is judged by. */
export interface EffectBounds {
  readonly confidence: number;
  readonly threshold: number;
}

/**
 * The Kolmogorov distance, from certain bounds of the observed one.
 *
 * The true distance is at most the observed one plus what the difference of shares at one point can
 * be off by; it is at least the observed one less what it can be off by at all points at once
 * (Dvoretzky, Kiefer and Wolfowitz, with Massart's constant, for both sides).
 */
export function kolmogorovEffect(
  observed: { readonly lower: number; readonly upper: number },
  rows: Sides<number>,
  { confidence, threshold }: EffectBounds,
): Effect {
  const spread = Math.sqrt(inverseRows(rows));
  const everywhere = Math.sqrt(Math.log(4 / (1 - confidence)) / 2) * spread;
  return effectOf("kolmogorov-distance", {
    estimate: (observed.lower + observed.upper) / 2,
    low: Math.max(observed.lower - everywhere, 0),
    high: Math.min(observed.upper + onePoint(confidence) * spread, 1),
    confidence,
    threshold,
  });
}

/**
 * The total variation distance of counts on the same cells. Sampling alone makes the observed one
 * larger than the true one, so its mean where nothing has changed is taken off the lower bound.
 */
export function totalVariationEffect(
  counts: Sides<ArrayLike<number>>,
  rows: Sides<number>,
  { confidence, threshold }: EffectBounds,
): Effect {
  const { reference, current } = counts;
  const spread = Math.sqrt(inverseRows(rows));
  let distance = 0;
  let bias = 0;
  for (let cell = 0; cell < reference.length; cell += 1) {
    const p = reference[cell]! / rows.reference;
    const q = current[cell]! / rows.current;
    const pooled = (reference[cell]! + current[cell]!) / (rows.reference + rows.current);
    distance += Math.abs(p - q) / 2;
    bias += Math.sqrt((2 / Math.PI) * Math.max(pooled * (1 - pooled), 0)) * (spread / 2);
  }
  const margin = onePoint(confidence) * spread;
  return effectOf("total-variation", {
    estimate: Math.min(distance, 1),
    low: Math.min(Math.max(distance - bias - margin, 0), 1),
    high: Math.min(distance + margin, 1),
    confidence,
    threshold,
  });
}

/** The difference of one share, current less reference, by Newcombe's interval; in whole rows. */
export function shareEffect(
  counts: Sides<number>,
  rows: Sides<number>,
  { confidence, threshold }: EffectBounds,
): Effect {
  const { lower, upper } = proportionDifferenceInterval(
    wholeRows(counts.current, rows.current),
    wholeRows(counts.reference, rows.reference),
    { confidence, method: "newcombe" },
  );
  const estimate = counts.current / rows.current - counts.reference / rows.reference;
  return effectOf("share-difference", {
    estimate,
    low: Math.min(lower, estimate),
    high: Math.max(upper, estimate),
    confidence,
    threshold,
  });
}

function wholeRows(count: number, rows: number): { readonly successes: number; readonly trials: number } {
  const trials = Math.max(Math.round(rows), 1);
  return { successes: Math.min(Math.round(count), trials), trials };
}

/** An effect with where it lies. */
export function effectOf(
  measure: Effect["measure"],
  effect: Omit<Effect, "measure" | "materiality">,
): Effect {
  return { measure, ...effect, materiality: materialityOf(effect) };
}

function materialityOf({ low, high, threshold }: Omit<Effect, "measure" | "materiality">): Materiality {
  const smallest = low > 0 ? low : high < 0 ? -high : 0;
  const largest = Math.max(Math.abs(low), Math.abs(high));
  if (smallest >= threshold) return "material";
  return largest < threshold ? "negligible" : "possible";
}

/** Standard errors times the largest standard deviation of a share, ½. */
function onePoint(confidence: number): number {
  return normalUpperQuantile((1 - confidence) / 2) / 2;
}
