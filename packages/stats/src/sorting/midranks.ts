/** The ranks of values among all that were ranked with them, ties sharing the mean of their ranks. */
export interface Midranks {
  /** One rank for each value, in the order given, from 1. */
  readonly ranks: Float64Array;
  /** `Σ (t³ - t)` over groups of t equal values: 0 without ties. */
  readonly tieTerm: number;
}

/** Ranks from 1; there must be no NaN. */
export function midranks(values: Float64Array): Midranks {
  const order = Uint32Array.from(values, (_, i) => i).sort((a, b) => {
    const left = values[a] ?? 0;
    const right = values[b] ?? 0;
    return left < right ? -1 : left > right ? 1 : 0;
  });
  const ranks = new Float64Array(values.length);
  let tieTerm = 0;
  for (let start = 0; start < order.length;) {
    const value = values[order[start] ?? 0];
    let end = start + 1;
    while (end < order.length && values[order[end] ?? 0] === value) end += 1;
    for (let i = start; i < end; i++) ranks[order[i] ?? 0] = (start + end + 1) / 2;
    const ties = end - start;
    tieTerm += ties * (ties * ties - 1);
    start = end;
  }
  return { ranks, tieTerm };
}
