import { CandidateWindow } from "./candidate-window.ts";
import type { Rule } from "./rule.ts";

const minute = 60;
/** Weight, and seconds until the next. */
const steps = [0.2, 0.4, 0.6, 0.8].map((weight) => ({ weight, seconds: 10 * minute }));
const analysisFromStep = 1;
const intervalSeconds = 5 * minute;
const failureLimit = 3;
const consecutiveErrorLimit = 4;
/** Argo's `DefaultErrorRetryInterval`: what gave nothing is asked again soon. */
const retrySeconds = 10;

/**
 * Argo Rollouts, as in its guide's example of an analysis in the background: 20, 40, 60 and 80 % for
 * ten minutes each; from 40 % on a measurement every five minutes over five minutes, which fails
 * where it is not within the limit; more than three failures of one metric abort. Its `rate` is taken over
 * the whole window, which is kinder than the guide's `irate`.
 *
 * @see https://argo-rollouts.readthedocs.io/en/stable/features/analysis/ "Background Analysis"
 * @see analysis/analysis.go, assessMetricStatus: `failed > failureLimit`, and errors apart
 */
export const argo: Rule = {
  name: "Argo Rollouts, guide's example",
  start() {
    const window = new CandidateWindow(intervalSeconds);
    const failures = { latency: 0, errors: 0 };
    const errorsInARow = { latency: 0, errors: 0 };
    let step = 0;
    let stepEndsAt = steps[0]!.seconds;
    let measureAt = Infinity;
    let outcome: "running" | "completed" | "rolled-back" = "running";
    return {
      get weight() {
        return outcome === "running" ? steps[step]!.weight : outcome === "completed" ? 1 : 0;
      },
      get outcome() {
        return outcome;
      },
      observe: (request, isCandidate) => window.observe(request, isCandidate),
      endSecond(second) {
        window.endSecond();
        if (outcome !== "running") return;
        if (second >= measureAt) {
          const hasError = window.isWithin("latency") === undefined;
          measureAt += hasError ? retrySeconds : intervalSeconds;
          for (const metric of ["latency", "errors"] as const) {
            const isWithin = window.isWithin(metric);
            errorsInARow[metric] = isWithin === undefined ? errorsInARow[metric] + 1 : 0;
            if (isWithin === false) failures[metric] += 1;
            const isOver = failures[metric] > failureLimit || errorsInARow[metric] > consecutiveErrorLimit;
            if (isOver) outcome = "rolled-back";
          }
        }
        if (outcome !== "running" || second < stepEndsAt) return;
        step += 1;
        if (step === steps.length) outcome = "completed";
        else stepEndsAt = second + steps[step]!.seconds;
        if (step === analysisFromStep) measureAt = second;
      },
    };
  },
};
