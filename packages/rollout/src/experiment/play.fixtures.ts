import type { Random } from "@mlops/stats";

import { drawnBuckets } from "../engine/experiment/begin-experiment.ts";
import { bucketsOf } from "../engine/experiment/layout.ts";
import { initialState, type RolloutState } from "../engine/state.ts";
import { step, type Transition } from "../engine/step.ts";
import type { Verdict } from "../guardrail/verdict.ts";
import type { RolloutPolicy } from "../policy/policy.ts";
import type { Tally } from "./assignment-store.ts";
import { judgeExperiment } from "./judge-experiment.ts";

/** How keys of a test turn out. */
export interface Play {
  readonly policy: RolloutPolicy;
  readonly random: Random;
  /** Looks at the outcomes, one each `policy.tickMs`. */
  readonly looks: number;
  readonly keysPerLook: number;
  /** The share of keys with an outcome of 1 at each look: the candidates' in the policy's order, the stable version's last. */
  readonly rates: (look: number) => readonly number[];
  /** What the guardrails say of a version; default they pass. */
  readonly says?: ((version: string, look: number) => Verdict["status"]) | undefined;
}

/** What became of it. */
export interface Played {
  readonly state: RolloutState;
  readonly transitions: readonly Transition[];
  /** How many keys each version had. */
  readonly keys: readonly number[];
  /** The weights at each look. */
  readonly weights: readonly (readonly number[])[];
}

/** Plays an experiment through the engine, key counts drawn at once for each look. */
export function playExperiment({
  policy,
  random,
  looks,
  keysPerLook,
  rates,
  says = () => "pass",
}: Play): Played {
  const versions = [...policy.experiment!.variants.map(({ version }) => version), "stable"];
  const transitions: Transition[] = [];
  const sums = new Map<string, Tally>();
  const keys = versions.map(() => 0);
  const weights: number[][] = [];
  let now = 0;
  let state = initialState("stable");
  const send = (event: Parameters<typeof step>[1]): void => {
    const { state: next, transition } = step(state, event, now);
    state = next;
    if (transition !== undefined) transitions.push(transition);
  };
  send({ type: "start", actor: "ada", candidate: versions[0]!, policy });
  for (let look = 0; look < looks && state.run !== null; look += 1) {
    const { run } = state;
    const buckets = bucketsOf(run.experiment!.layout, versions.length);
    weights.push(buckets.map((count) => count / 10_000));
    const out = run.experiment!.dropped.map(({ version }) => version);
    let [left, leftBuckets] = [keysPerLook, 10_000];
    for (const [arm, version] of versions.entries()) {
      const share = leftBuckets === 0 ? 0 : buckets[arm]! / leftBuckets;
      const count = random.binomial(left, Math.min(1, share));
      left -= count;
      leftBuckets -= buckets[arm]!;
      if (out.includes(version)) continue;
      keys[arm]! += count;
      const events = random.binomial(count, rates(look)[arm]!);
      const drawn = drawnBuckets(run);
      const cell = `${drawn.join(",")} ${version}`;
      const before = sums.get(cell) ?? { weights: drawn, version, keys: 0, sum: 0, sumOfSquares: 0 };
      const sum = before.sum + events;
      sums.set(cell, { ...before, keys: before.keys + count, sum, sumOfSquares: sum });
    }
    now += policy.tickMs;
    const findings = judgeExperiment(run, "stable", [...sums.values()]);
    const verdicts = Object.fromEntries(
      policy.guardrails.map(({ name, variant }) => {
        const status = says(variant!, look);
        return [name, { status, reason: `it is ${status}`, evidence: { samples: 1_000 } }];
      }),
    );
    send({ type: "tick", actor: "replica-1", stageRevision: run.stageRevision, verdicts, findings });
  }
  return { state, transitions, keys, weights };
}
