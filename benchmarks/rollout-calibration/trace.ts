import { createRandom, normalQuantile, type Random } from "@mlops/stats";

/** How one version answers. */
export interface Version {
  /** The 95th percentile of its latency in milliseconds; log-normal, with a median of a third of it. */
  readonly p95Ms: number;
  /** The fraction of its requests that fail. */
  readonly errorRate: number;
  /** The share of each class among its answers. */
  readonly classes: readonly number[];
}

/** What each version would have answered to one request. */
export interface TracedRequest {
  /** In [0, 1): whose weight reaches it has the candidate. */
  readonly place: number;
  readonly stable: Answer;
  readonly candidate: Answer;
}

export interface Answer {
  readonly totalMs: number;
  readonly fails: boolean;
  readonly label: string;
}

/** Requests per second, and how long a trace is: what every rule is played against. */
export const requestsPerSecond = 20;
export const traceSeconds = 5_400;

/**
 * The requests of each second, with what both versions would have answered: the same for the same
 * seed, whichever rule looks at them.
 */
export function* trace(
  stable: Version,
  candidate: Version,
  seed: number,
): Generator<readonly TracedRequest[]> {
  const random = createRandom(seed);
  const [drawStable, drawCandidate] = [stable, candidate].map((version) =>
    createDraw(version, random.fork()),
  );
  for (let second = 0; second < traceSeconds; second += 1) {
    const count = random.poisson(requestsPerSecond);
    yield Array.from({ length: count }, () => ({
      place: random(),
      stable: drawStable!(),
      candidate: drawCandidate!(),
    }));
  }
}

function createDraw({ p95Ms, errorRate, classes }: Version, random: Random): () => Answer {
  const center = Math.log(p95Ms / 3);
  const spread = Math.log(3) / normalQuantile(0.95);
  const labels = classes.map((_, index) => `class ${index}`);
  return () => {
    let at = random();
    const index = classes.findIndex((share) => (at -= share) < 0);
    return {
      totalMs: Math.exp(center + spread * random.normal()),
      fails: random() < errorRate,
      label: labels[index] ?? labels.at(-1)!,
    };
  };
}
