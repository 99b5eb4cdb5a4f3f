import { jensenShannonDistance, ksTwoSample, normalCdf, wassersteinDistance } from "@mlops/stats";
import { binEdges, countValues, histogram } from "./histogram.ts";
import { type ParityColumn, parityColumn, type ParitySamples } from "./parity-verdict.ts";
import { chiSquareGoodnessOfFit, standardDeviation } from "./sample-distances.ts";

/**
 * What Evidently 0.7 chooses by default, by the number of rows of the reference and of different
 * values on both sides: up to 1,000 rows KS, χ² or z at 0.05; beyond, the Wasserstein distance in
 * standard deviations or the Jensen-Shannon distance (in nats) at 0.1.
 *
 * Source: `legacy/calculations/stattests/registry.py`, `_get_default_stattest`.
 */
export function evidentlyColumn(samples: ParitySamples): ParityColumn {
  const values = countsOf(samples);
  const different = values.reference.length;
  const isSmall = samples.reference.length <= 1000;
  if (samples.kind === "numeric" && different > 5) {
    const { reference, current } = samples;
    if (isSmall) return parityColumn("K-S p_value", ksTwoSample(reference, current).pValue, "<=", 0.05);
    const norm = Math.max(standardDeviation(reference), 0.001);
    const distance = wassersteinDistance(reference, current) / norm;
    return parityColumn("Wasserstein distance (normed)", distance, ">=", 0.1);
  }
  if (!isSmall) return parityColumn("Jensen-Shannon distance", jensenShannon(samples), ">=", 0.1);
  if (different > 2) {
    return parityColumn(
      "chi-square p_value",
      chiSquareGoodnessOfFit(values.reference, values.current),
      "<",
      0.05,
    );
  }
  return parityColumn("Z-test p_value", zTest(values.reference, values.current), "<", 0.05);
}

/** The whole has drifted where half of the columns or more have. */
export const evidentlyShare: number = 0.5;

function countsOf(samples: ParitySamples): ReturnType<typeof countValues> {
  return samples.kind === "numeric"
    ? countValues(samples.reference, samples.current)
    : countValues(samples.reference, samples.current);
}

/** Over Sturges' bins of both sides for numbers with more than 20 values in the reference, else per value. */
function jensenShannon(samples: ParitySamples): number {
  let counts = countsOf(samples);
  if (samples.kind === "numeric" && new Set(samples.reference).size > 20) {
    const pooled = Float64Array.from([...samples.reference, ...samples.current]);
    const edges = binEdges(pooled, "sturges");
    counts = {
      reference: histogram(samples.reference, edges),
      current: histogram(samples.current, edges),
    };
  }
  return jensenShannonDistance(counts.reference, counts.current, { base: Math.E });
}

/** The z-test of two proportions with pooled variance; 1 for one and the same constant. */
function zTest(reference: Float64Array, current: Float64Array): number {
  if (reference.length < 2) return 1;
  const n = reference[0]! + reference[1]!;
  const m = current[0]! + current[1]!;
  const pooled = (reference[0]! + current[0]!) / (n + m);
  const error = Math.sqrt(pooled * (1 - pooled) * (1 / n + 1 / m));
  const z = (reference[0]! / n - current[0]! / m) / error;
  return 2 * (1 - normalCdf(Math.abs(z)));
}
