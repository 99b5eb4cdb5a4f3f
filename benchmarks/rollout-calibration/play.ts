import type { RolloutPolicy } from "@mlops/rollout";
import { type RecordedEvent, retrospect } from "@mlops/rollout/retrospect";

import type { Rule } from "./rules/rule.ts";
import { type Answer, trace, type Version } from "./trace.ts";

/** What is rolled out. */
export interface Scenario {
  readonly name: string;
  readonly stable: Version;
  readonly candidate: Version;
}

/** What became of one rollout. */
export interface Played {
  readonly outcome: "running" | "completed" | "rolled-back";
  /** Seconds until it was rolled back, or completed. */
  readonly seconds: number;
  /** Requests that the candidate answered in the whole trace: until it was rolled back, or to the end. */
  readonly affected: number;
}

/** Plays a rule on a trace. */
export function playRule(rule: Rule, { stable, candidate }: Scenario, seed: number): Played {
  const running = rule.start();
  let [affected, second, endedAt] = [0, 0, 0];
  for (const requests of trace(stable, candidate, seed)) {
    second += 1;
    for (const request of requests) {
      const isCandidate = request.place < running.weight;
      affected += Number(isCandidate);
      running.observe(request, isCandidate);
    }
    if (running.outcome !== "running") continue;
    running.endSecond(second);
    endedAt = second;
  }
  return { outcome: running.outcome, seconds: endedAt, affected };
}

/** Plays a policy on a trace: our own engine, guardrails and routing. */
export async function playPolicy(
  policy: RolloutPolicy,
  { stable, candidate }: Scenario,
  seed: number,
): Promise<Played> {
  let asked = 0;
  function* events(): Generator<RecordedEvent> {
    let second = 0;
    for (const requests of trace(stable, candidate, seed)) {
      for (const [index, request] of requests.entries()) {
        asked += 1;
        // Both end in the order in which they came, as a log has them.
        const startedAt = (second + index / requests.length) * 1_000;
        const key = `user-${seed}-${asked}`;
        yield { ...toEvent(request.stable), version: "stable", startedAt, key };
        yield { ...toEvent(request.candidate), version: "candidate", startedAt, key };
      }
      second += 1;
    }
  }
  const { result, durationMs, requests } = await retrospect(policy, {
    events: events(),
    stable: "stable",
    candidate: "candidate",
    assignment: "policy",
  });
  const outcome = result === "undecided" ? "running" : result;
  let affected = requests.candidate;
  if (result === "completed") {
    // Everybody who asks from then on; whoever asked last, when it was over, with them.
    const before = asked - 1;
    let all = 0;
    for (const second of trace(stable, candidate, seed)) all += second.length;
    affected += all - before;
  }
  return { outcome, seconds: durationMs / 1_000, affected };
}

function toEvent({
  totalMs,
  fails,
  label,
}: Answer): Pick<RecordedEvent, "outcome" | "totalMs" | "output" | "error"> {
  return fails
    ? { outcome: "failure", totalMs, error: { code: "BACKEND_FAILED" } }
    : { outcome: "success", totalMs, output: label };
}
