import { jensenShannonDistance } from "@mlops/stats";
import { binEdges, histogram } from "./histogram.ts";
import { type ParityColumn, parityColumn, type ParitySamples } from "./parity-verdict.ts";

/** Options of {@link nannymlColumn}. */
export interface NannymlOptions {
  /** Into how many chunks the reference is parted; by default 10. */
  readonly referenceChunks?: number;
}

/**
 * NannyML's default: the Jensen-Shannon distance (base 2) of the current rows, as one chunk, from the
 * reference, over Doane's bins of the reference and one more for all outside. Alert above mean + 3
 * standard deviations of the same distance of the reference's own chunks.
 *
 * Source: NannyML 0.13, `drift/univariate/methods.py`, `thresholds.py`.
 */
export function nannymlColumn(
  samples: ParitySamples,
  { referenceChunks = 10 }: NannymlOptions = {},
): ParityColumn {
  const { distance, size } =
    samples.kind === "numeric" ? numericDistance(samples.reference) : categoricalDistance(samples.reference);
  const distances: number[] = [];
  const chunkSize = Math.floor(size / referenceChunks);
  for (let chunk = 0; chunk < referenceChunks && chunkSize > 0; chunk += 1) {
    const end = chunk === referenceChunks - 1 ? size : (chunk + 1) * chunkSize;
    distances.push(distance(samples.reference.slice(chunk * chunkSize, end)));
  }
  const mean = distances.reduce((sum, value) => sum + value, 0) / distances.length;
  const variance = distances.reduce((sum, value) => sum + (value - mean) ** 2, 0) / distances.length;
  return parityColumn("jensen_shannon", distance(samples.current), ">", mean + 3 * Math.sqrt(variance));
}

interface ChunkDistance {
  readonly size: number;
  readonly distance: (chunk: ArrayLike<number | string>) => number;
}

function numericDistance(reference: Float64Array): ChunkDistance {
  const edges = binEdges(reference, "doane");
  const expected = histogram(reference, edges);
  return {
    size: reference.length,
    distance: (chunk) => {
      const counts = histogram(chunk as ArrayLike<number>, edges);
      return jensenShannon(expected, counts, chunk.length);
    },
  };
}

function categoricalDistance(reference: readonly string[]): ChunkDistance {
  const places = new Map<string | number, number>();
  for (const value of reference) if (!places.has(value)) places.set(value, places.size);
  const count = (values: ArrayLike<number | string>): Float64Array => {
    const counts = new Float64Array(places.size);
    for (let row = 0; row < values.length; row += 1) {
      const place = places.get(values[row]!);
      if (place !== undefined) counts[place]! += 1;
    }
    return counts;
  };
  const expected = count(reference);
  return {
    size: reference.length,
    distance: (chunk) => jensenShannon(expected, count(chunk), chunk.length),
  };
}

/** What is in none of the cells has one of its own, which the reference has empty. */
function jensenShannon(reference: Float64Array, counts: Float64Array, rows: number): number {
  const outside = rows - counts.reduce((sum, count) => sum + count, 0);
  if (outside === 0) return jensenShannonDistance(reference, counts);
  return jensenShannonDistance([...reference, 0], [...counts, outside]);
}
