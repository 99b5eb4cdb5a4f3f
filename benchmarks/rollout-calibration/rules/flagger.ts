import { CandidateWindow } from "./candidate-window.ts";
import type { Rule } from "./rule.ts";

const intervalSeconds = 60;
const stepWeight = 0.05;
const maxWeight = 0.5;

/**
 * Flagger, as in its guide's example: every minute the metrics of the last minute are checked; where
 * all are within their limits the weight grows by 5 %, up to 50 %, and then everybody has the
 * candidate. The first check that fails holds the weight and counts; the count never goes
 * back, and at `threshold` the next round rolls back. No data counts as a failed check.
 *
 * @param threshold - Failed checks that roll back: 10 in the guide, 1 where none is given.
 * @see https://docs.flagger.app/usage/how-it-works
 * @see pkg/controller/scheduler.go, advanceCanary
 */
export function flagger(threshold: number): Rule {
  return {
    name: `Flagger, threshold ${threshold}${threshold === 1 ? ", its default" : ", guide's example"}`,
    start() {
      const window = new CandidateWindow(intervalSeconds);
      let failedChecks = 0;
      let weight = stepWeight;
      let outcome: "running" | "completed" | "rolled-back" = "running";
      return {
        get weight() {
          return outcome === "running" ? weight : outcome === "completed" ? 1 : 0;
        },
        get outcome() {
          return outcome;
        },
        observe: (request, isCandidate) => window.observe(request, isCandidate),
        endSecond(second) {
          window.endSecond();
          if (outcome !== "running" || second % intervalSeconds !== 0) return;
          if (failedChecks >= threshold) {
            outcome = "rolled-back";
            return;
          }
          const isFine = (["errors", "latency"] as const).every((metric) => window.isWithin(metric) === true);
          if (!isFine) failedChecks += 1;
          else if (weight >= maxWeight - 1e-9) outcome = "completed";
          else weight = Math.min(maxWeight, weight + stepWeight);
        },
      };
    },
  };
}
