/** NumPy's rules for the number of equal-width bins. */
export type BinRule = "sturges" | "doane";

/**
 * The edges that `numpy.histogram_bin_edges(values, bins=rule)` gives: the rule's bin width, rounded
 * so that a whole number of bins covers the range. All values equal give one bin of width 1.
 */
export function binEdges(values: Float64Array, rule: BinRule): Float64Array {
  let lowest = Infinity;
  let highest = -Infinity;
  for (const value of values) {
    lowest = Math.min(lowest, value);
    highest = Math.max(highest, value);
  }
  if (lowest === highest) {
    lowest -= 0.5;
    highest += 0.5;
    return Float64Array.of(lowest, highest);
  }
  const range = highest - lowest;
  const width = rule === "sturges" ? range / (Math.log2(values.length) + 1) : doaneWidth(values, range);
  return equalEdges(lowest, highest, width > 0 ? Math.ceil(range / width) : 1);
}

/** `numpy.linspace(lowest, highest, bins + 1)`. */
function equalEdges(lowest: number, highest: number, bins: number): Float64Array {
  const step = (highest - lowest) / bins;
  const edges = Float64Array.from({ length: bins + 1 }, (_, index) => lowest + index * step);
  edges[bins] = highest;
  return edges;
}

/** Doane's rule: Sturges' with a term for skewness. */
function doaneWidth(values: Float64Array, range: number): number {
  const count = values.length;
  if (count <= 2) return 0;
  let mean = 0;
  for (const value of values) mean += value / count;
  let square = 0;
  let cube = 0;
  for (const value of values) {
    square += (value - mean) ** 2;
    cube += (value - mean) ** 3;
  }
  const deviation = Math.sqrt(square / count);
  if (deviation === 0) return 0;
  const skewness = cube / count / deviation ** 3;
  const error = Math.sqrt((6 * (count - 2)) / ((count + 1) * (count + 3)));
  return range / (1 + Math.log2(count) + Math.log2(1 + Math.abs(skewness) / error));
}

/** `numpy.histogram`: bins closed on the left, the last one on both sides; values outside are left out. */
export function histogram(values: ArrayLike<number>, edges: Float64Array): Float64Array {
  const counts = new Float64Array(edges.length - 1);
  const last = edges.length - 1;
  for (let index = 0; index < values.length; index += 1) {
    const value = values[index]!;
    if (!(value >= edges[0]! && value <= edges[last]!)) continue;
    let low = 0;
    let high = last;
    while (high - low > 1) {
      const middle = (low + high) >> 1;
      if (edges[middle]! <= value) low = middle;
      else high = middle;
    }
    counts[low]! += 1;
  }
  return counts;
}

/** How often each value occurs in both samples, in the order of their first occurrence. */
export function countValues<Value>(
  reference: Iterable<Value>,
  current: Iterable<Value>,
): { readonly reference: Float64Array; readonly current: Float64Array } {
  const places = new Map<Value, number>();
  const counts: [number, number][] = [];
  for (const [side, values] of [reference, current].entries()) {
    for (const value of values) {
      let place = places.get(value);
      if (place === undefined) {
        place = counts.length;
        places.set(value, place);
        counts.push([0, 0]);
      }
      counts[place]![side]! += 1;
    }
  }
  return {
    reference: Float64Array.from(counts, ([count]) => count),
    current: Float64Array.from(counts, ([, count]) => count),
  };
}
