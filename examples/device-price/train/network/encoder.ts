import type { DeviceRow } from "../data/device-row.ts";
import { type NumericFeature, numericFeatures } from "../data/numeric-features.ts";
import { binEdges } from "./bin-edges.ts";

/**
 * The network's first two layers, which are computed from the training rows and not trained.
 *
 * `bins = clip(numeric · binKernel + binBias, 0, 1)` holds for each feature how far its value has
 * come through each of its bins, 0 to 1, and then whether there is a value at all. A missing value
 * is 0 in all of them.
 *
 * `scalars = bins · scalarKernel` puts each feature together again on its scale, as a line between
 * the edges, with mean 0 and standard deviation 1 over the training rows. A missing value is 0.
 */
export interface Encoder {
  /** Bins of all features and their presence units. */
  readonly width: number;
  /** `[12, width]`. */
  readonly binKernel: Float32Array;
  /** `[width]`. */
  readonly binBias: Float32Array;
  /** `[width, 12]`. */
  readonly scalarKernel: Float32Array;
}

/** The presence unit is clip(1000 · value + 1, 0, 1): 1 from 0 on, and 0 up to −0.001, which takes in −1. */
const presenceSlope = 1000;

/** Computes the encoder from the training rows. */
export function fitEncoder(rows: readonly Pick<DeviceRow, "numeric">[]): Encoder {
  const features = numericFeatures.map((feature) => {
    const values = rows.map((row) => row.numeric[feature.name]).filter((value) => value !== undefined);
    const edges = binEdges(feature, values);
    const levels = edges.map((edge) => toScale(feature, edge));
    return { edges, levels, ...standardisation(values.map((value) => interpolate(value, edges, levels))) };
  });

  const count = features.length;
  const width = features.reduce((sum, { edges }) => sum + edges.length, 0);
  const binKernel = new Float32Array(count * width);
  const binBias = new Float32Array(width);
  const scalarKernel = new Float32Array(width * count);
  let unit = 0;
  for (const [index, { edges, levels, mean, deviation }] of features.entries()) {
    for (let bin = 1; bin < edges.length; bin++, unit++) {
      const slope = 1 / (edges[bin]! - edges[bin - 1]!);
      binKernel[index * width + unit] = slope;
      binBias[unit] = -edges[bin - 1]! * slope;
      scalarKernel[unit * count + index] = (levels[bin]! - levels[bin - 1]!) / deviation;
    }
    binKernel[index * width + unit] = presenceSlope;
    binBias[unit] = 1;
    scalarKernel[unit * count + index] = (levels[0]! - mean) / deviation;
    unit++;
  }
  return { width, binKernel, binBias, scalarKernel };
}

/** The offset of 0.25 keeps the logarithm of a fraction of a gigabyte from dwarfing all others. */
function toScale({ scale }: NumericFeature, value: number): number {
  if (scale === "linear") return value;
  return Math.log(value + (scale === "log" ? 0.25 : 1));
}

/** The level at a value: a line between the edges, level outside of them. */
function interpolate(value: number, edges: readonly number[], levels: readonly number[]): number {
  let level = levels[0]!;
  for (let bin = 1; bin < edges.length; bin++) {
    const passed = (value - edges[bin - 1]!) / (edges[bin]! - edges[bin - 1]!);
    level += Math.min(1, Math.max(0, passed)) * (levels[bin]! - levels[bin - 1]!);
  }
  return level;
}

/** A constant feature comes out as 0, not as the quotient of two roundings. */
const smallestDeviation = 1e-6;

function standardisation(levels: readonly number[]): { readonly mean: number; readonly deviation: number } {
  const count = Math.max(1, levels.length);
  const mean = levels.reduce((sum, level) => sum + level, 0) / count;
  const variance = levels.reduce((sum, level) => sum + (level - mean) ** 2, 0) / count;
  return { mean, deviation: Math.sqrt(variance) + smallestDeviation };
}
