import { kolmogorovOneSampleSf, KllSketch } from "@mlops/stats";
import { countValues } from "./histogram.ts";
import { type ParityColumn, parityColumn, type ParitySamples } from "./parity-verdict.ts";
import { chiSquareGoodnessOfFit } from "./sample-distances.ts";

/** Up to so many values whylogs' sketch of a numeric column keeps them all. */
const sketchSize = 1024;

/**
 * whylogs' default: for numbers the Kolmogorov-Smirnov distance at 100 quantiles of each side's KLL
 * sketch, with the p-value of exact data, "DETECTED" below 0.05; for categories χ² against the reference's
 * shares.
 *
 * Up to 1,024 rows a side the sketch is exact, and so is this. Beyond, both are random: this
 * package's sketch has the same size, and other random choices.
 *
 * Source: whylogs 1.6, `viz/drift/column_drift_algorithms.py`.
 */
export function whylogsColumn(samples: ParitySamples): ParityColumn {
  if (samples.kind === "categorical") {
    const { reference, current } = countValues(samples.reference, samples.current);
    return parityColumn("chi-square", chiSquareGoodnessOfFit(reference, current), "<", 0.05);
  }
  if (samples.reference.length === 0 || samples.current.length === 0)
    return parityColumn("ks", null, "<", 0.05);
  const reference = sketchOf(samples.reference);
  const current = sketchOf(samples.current);
  let distance = 0;
  for (const side of [reference, current]) {
    for (let quantile = 0; quantile < 100; quantile += 1) {
      const value = side.quantile(quantile / 99);
      distance = Math.max(distance, Math.abs(reference.below(value) - current.below(value)));
    }
  }
  const n = samples.reference.length;
  const m = samples.current.length;
  return parityColumn("ks", kolmogorovOneSampleSf(distance, roundHalfEven((n * m) / (n + m))), "<", 0.05);
}

interface Sketch {
  quantile(probability: number): number;
  /** The share of values below. */
  below(value: number): number;
}

function sketchOf(values: Float64Array): Sketch {
  const { values: kept, weights } = keptOf(values);
  const cumulative = new Float64Array(kept.length + 1);
  for (let index = 0; index < kept.length; index += 1)
    cumulative[index + 1] = cumulative[index]! + weights[index]!;
  const total = cumulative[kept.length]!;
  return {
    quantile(probability) {
      // The value at position floor(probability · n), the last one at most.
      const position = Math.min(Math.floor(probability * total), total - 1);
      let low = 0;
      let high = kept.length - 1;
      while (low < high) {
        const middle = (low + high + 1) >> 1;
        if (cumulative[middle]! <= position) low = middle;
        else high = middle - 1;
      }
      return kept[low]!;
    },
    below(value) {
      let low = 0;
      let high = kept.length;
      while (low < high) {
        const middle = (low + high) >> 1;
        if (kept[middle]! < value) low = middle + 1;
        else high = middle;
      }
      return cumulative[low]! / total;
    },
  };
}

function keptOf(values: Float64Array): { readonly values: Float64Array; readonly weights: Float64Array } {
  if (values.length <= sketchSize) {
    return { values: Float64Array.from(values).sort(), weights: new Float64Array(values.length).fill(1) };
  }
  const sketch = new KllSketch({ k: sketchSize });
  for (const value of values) sketch.add(value);
  return sketch.toWeighted();
}

/** As `numpy.round`. */
function roundHalfEven(value: number): number {
  const floor = Math.floor(value);
  if (value - floor !== 0.5) return Math.round(value);
  return floor % 2 === 0 ? floor : floor + 1;
}
