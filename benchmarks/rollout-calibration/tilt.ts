/** The distribution nearest to q, of those that lean to one side, whose Kullback-Leibler divergence from it is `nats`. */
export function tilt(q: readonly number[], nats: number): number[] {
  let [low, high] = [0, 200];
  for (let round = 0; round < 100; round += 1) {
    const middle = (low + high) / 2;
    if (divergence(leaning(q, middle), q) < nats) low = middle;
    else high = middle;
  }
  return leaning(q, low);
}

function leaning(q: readonly number[], strength: number): number[] {
  const weights = q.map((share, index) => share * Math.exp((-strength * index) / q.length));
  const total = weights.reduce((sum, weight) => sum + weight, 0);
  return weights.map((weight) => weight / total);
}

/** Σ p ln(p/q), in nats; infinite where q is 0 and p is not. */
export function divergence(p: readonly number[], q: readonly number[]): number {
  return p.reduce((sum, share, index) => (share === 0 ? sum : sum + share * Math.log(share / q[index]!)), 0);
}
