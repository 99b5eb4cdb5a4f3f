/**
 * P(T ≥ statistic) of the Cramér-von Mises statistic for samples of `n` and `m` distinct values.
 *
 * `T = nm/(N·L)²·Σ (i·L/n - j·L/m)²` along the path of the two empirical distribution functions, where
 * L is the least common multiple. The sum is a whole number that only grows, so for each place the
 * chances of sums below the wanted one are kept, and the rest has reached it.
 * Source: Y. Xiao, A. Gordon and A. Yakovlev, "A C++ program for the Cramér-von Mises two-sample
 * test", J. Stat. Softw. 17 (2006).
 */
export function exactCvmProbability(statistic: number, n: number, m: number): number {
  const multiple = (n / greatestCommonDivisor(n, m)) * m;
  const total = n + m;
  const wanted = Math.floor((statistic / n / m) * (total * multiple) ** 2 + 1e-6);
  if (wanted <= 0) return 1;
  const row: Place[] = [];
  for (let i = 0; i <= n; i++) {
    for (let j = 0; j <= m; j++) {
      const step = ((i * multiple) / n - (j * multiple) / m) ** 2;
      const up = i > 0 ? row[j] : undefined;
      const left = j > 0 ? row[j - 1] : undefined;
      row[j] = i + j === 0 ? { reached: 0, sums: new Map([[0, 1]]) } : arrive(up, left, i, j, step, wanted);
    }
  }
  return Math.min(1, row[m]?.reached ?? 0);
}

interface Place {
  /** The share of paths to here whose sum has reached the wanted one. */
  readonly reached: number;
  /** The share of the others, by their sum. */
  readonly sums: ReadonlyMap<number, number>;
}

/** A path to (i, j) came from (i - 1, j) with chance i/(i + j), else from (i, j - 1). */
function arrive(
  up: Place | undefined,
  left: Place | undefined,
  i: number,
  j: number,
  step: number,
  wanted: number,
): Place {
  const sums = new Map<number, number>();
  let reached = 0;
  for (const [place, weight] of [
    [up, i / (i + j)],
    [left, j / (i + j)],
  ] as const) {
    if (place === undefined) continue;
    reached += weight * place.reached;
    for (const [sum, share] of place.sums) {
      const next = sum + step;
      if (next >= wanted) reached += weight * share;
      else sums.set(next, (sums.get(next) ?? 0) + weight * share);
    }
  }
  return { reached, sums };
}

function greatestCommonDivisor(a: number, b: number): number {
  return b === 0 ? a : greatestCommonDivisor(b, a % b);
}
