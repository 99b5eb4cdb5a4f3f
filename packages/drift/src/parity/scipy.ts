import { chiSquaredSf, ksTwoSample } from "@mlops/stats";
import { countValues } from "./histogram.ts";
import { type ParityColumn, parityColumn, type ParitySamples } from "./parity-verdict.ts";

/**
 * The two-sample tests of SciPy, at 0.05: `ks_2samp` for numbers, and `chi2_contingency` for categories,
 * with Yates' correction for two of them.
 */
export function scipyColumn(samples: ParitySamples): ParityColumn {
  if (samples.kind === "numeric") {
    const { pValue } = ksTwoSample(samples.reference, samples.current);
    return parityColumn("ks_2samp", pValue, "<", 0.05);
  }
  const { reference, current } = countValues(samples.reference, samples.current);
  return parityColumn("chi2_contingency", contingency(reference, current), "<", 0.05);
}

function contingency(reference: Float64Array, current: Float64Array): number {
  if (reference.length < 2) return 1;
  const n = reference.reduce((sum, count) => sum + count, 0);
  const m = current.reduce((sum, count) => sum + count, 0);
  const correction = reference.length === 2 ? 0.5 : 0;
  let statistic = 0;
  for (let cell = 0; cell < reference.length; cell += 1) {
    const together = reference[cell]! + current[cell]!;
    for (const [count, rows] of [
      [reference[cell]!, n],
      [current[cell]!, m],
    ] as const) {
      const expected = (together * rows) / (n + m);
      const difference = Math.max(Math.abs(count - expected) - correction, 0);
      statistic += difference ** 2 / expected;
    }
  }
  return chiSquaredSf(statistic, reference.length - 1);
}
