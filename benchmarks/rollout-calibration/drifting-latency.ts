import { canary, errorRate, latency } from "@mlops/rollout";
import { type RecordedEvent, retrospect } from "@mlops/rollout/retrospect";
import { createRandom, normalSf } from "@mlops/stats";

/** What became of rollouts of a version that is the one before, while latency drifts for both. */
export interface DriftResult {
  readonly runs: number;
  /** Rollouts that our guardrail rolled back, which compares within a stage. */
  readonly own: number;
  /** Rollouts in which the means of all stages together differ, by a z-test at 5 %. */
  readonly pooled: number;
}

const weights = [0.01, 0.05, 0.25, 0.5];
const stageSeconds = 300;
const requestsPerSecond = 40;

const policy = canary({
  seed: "drift",
  steps: [...weights, 1].map((weight) => ({ weight, holdMs: stageSeconds * 1_000 })),
  guardrails: [latency({ percentile: 95, limitMs: 150, tolerance: 0.05 }), errorRate({ limit: 0.5 })],
});

/** The mean latency doubles, from 100 to 200 ms, while the candidate's weight grows: those who have it come later, and wait longer. */
export async function runDriftingLatency(runs: number, seed: number): Promise<DriftResult> {
  const random = createRandom(seed);
  let [own, pooled] = [0, 0];
  for (let run = 0; run < runs; run += 1) {
    const sums = { candidate: [0, 0, 0], stable: [0, 0, 0] };
    const events: RecordedEvent[] = [];
    const total = weights.length * stageSeconds * requestsPerSecond;
    for (let index = 0; index < total; index += 1) {
      const draw = (): number => 100 * (1 + index / total) * random.gamma(4, 0.25);
      const answers = { candidate: draw(), stable: draw() };
      const startedAt = (index / requestsPerSecond) * 1_000;
      for (const version of ["candidate", "stable"] as const) {
        events.push({
          version,
          startedAt,
          totalMs: answers[version],
          outcome: "success",
          key: `user-${run}-${index}`,
        });
      }
      const weight = weights[Math.floor((index / total) * weights.length)]!;
      const version = random() < weight ? "candidate" : "stable";
      const sum = sums[version];
      sum[0]! += 1;
      sum[1]! += answers[version];
      sum[2]! += answers[version] ** 2;
    }
    const { result } = await retrospect(policy, {
      events,
      candidate: "candidate",
      stable: "stable",
      assignment: "policy",
    });
    own += Number(result === "rolled-back");
    pooled += Number(differ(sums.candidate, sums.stable));
  }
  return { runs, own, pooled };
}

/** Whether two means differ, from the number, sum and sum of squares of each sample. */
function differ(a: readonly number[], b: readonly number[]): boolean {
  const [first, second] = [a, b].map(([count, sum, squares]) => {
    const mean = sum! / count!;
    return { mean, error: (squares! / count! - mean * mean) / count! };
  });
  const z = (first!.mean - second!.mean) / Math.sqrt(first!.error + second!.error);
  return 2 * normalSf(Math.abs(z)) < 0.05;
}
