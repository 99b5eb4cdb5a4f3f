import type { Verdict, VerdictStatus } from "../guardrail/verdict.ts";
import type { GuardrailDefinition, PolicyDefinition } from "../policy/define-policy.ts";
import { definePolicy } from "../policy/define-policy.ts";
import type { RolloutPolicy } from "../policy/policy.ts";
import type { RolloutEvent } from "./event.ts";
import { initialState, type RolloutState } from "./state.ts";
import { step, type Transition } from "./step.ts";

/** Which verdicts each guardrail gives; one name may stand for a whole verdict. */
export type Said = Readonly<Record<string, VerdictStatus | Verdict>>;

/** A verdict of this status on `samples` requests. */
export function verdictOf(status: VerdictStatus, samples = 1_000): Verdict {
  return { status, reason: `it is ${status}`, evidence: { samples } };
}

/** Two guardrails, and stages of 10 %, 50 % and 100 % of a minute each. */
export function examplePolicy(
  change: Partial<PolicyDefinition> = {},
  guardrail: Partial<GuardrailDefinition> = {},
): RolloutPolicy {
  return definePolicy({
    seed: "example",
    tickMs: 1_000,
    stages: [0.1, 0.5, 1].map((weight) => ({ weight, holdMs: 60_000 })),
    guardrails: [
      { name: "latency", kind: "test", ...guardrail },
      { name: "errors", kind: "test", ...guardrail },
    ],
    ...change,
  });
}

/** One rollout with a clock that the test moves. */
export class RolloutSetup {
  state: RolloutState;
  now = 1_000_000;
  readonly transitions: Transition[] = [];

  constructor(stable: string | null = "1.0.0") {
    this.state = initialState(stable);
  }

  get run(): NonNullable<RolloutState["run"]> {
    if (this.state.run === null) throw new Error("no rollout is under way");
    return this.state.run;
  }

  send(event: RolloutEvent): void {
    const { state, transition } = step(this.state, event, this.now);
    this.state = state;
    if (transition !== undefined) this.transitions.push(transition);
  }

  start(policy: RolloutPolicy, candidate = "1.1.0"): void {
    this.send({ type: "start", actor: "ada", candidate, policy });
  }

  /** Asks the guardrails after `afterMs`; those that are not named pass. */
  tick(afterMs: number, said: Said = {}): void {
    this.now += afterMs;
    const { run } = this.state;
    const names = run?.policy.guardrails.map(({ name }) => name) ?? [];
    const verdicts = Object.fromEntries(
      names.map((name) => {
        const verdict = said[name] ?? "pass";
        return [name, typeof verdict === "string" ? verdictOf(verdict) : verdict];
      }),
    );
    this.send({ type: "tick", actor: "replica-1", stageRevision: run?.stageRevision ?? 0, verdicts });
  }
}
