import type { Condition } from "../cohort/condition.ts";
import type { RoutingAlgorithm } from "../routing/router.ts";
import type { Experiment, Sticky } from "./experiment.ts";

/**
 * How a candidate takes over from the stable version, as data: it can be stored, compared and sent
 * to every replica. `canary`, `blueGreen` and the other builders make one; `policySchema` checks
 * one that came from outside.
 */
export interface RolloutPolicy {
  readonly schemaVersion: 1;
  /** What made it, for people. It decides nothing. */
  readonly strategy: StrategyName;
  /** What keys are spread with; a text of your own. Who has the candidate in one rollout says nothing of another with another seed. */
  readonly seed: string;
  /** How keys are assigned. It must not change during a rollout. */
  readonly algorithm: RoutingAlgorithm;
  /** What the candidate goes through, in this order. */
  readonly stages: readonly Stage[];
  /** What is watched in every stage. */
  readonly guardrails: readonly GuardrailRule[];
  /** That no guardrail is wanted. Without it, a policy without guardrails is refused. */
  readonly unguarded: boolean;
  /** How often a healthy candidate may be rolled back by the guardrails, over the whole rollout and however often they are asked; in (0, 1). */
  readonly falseAlarmRate: number;
  /** How often a guardrail may pass, in one stage, a candidate that is beyond its limit; in (0, 1). */
  readonly falsePassRate: number;
  /** How often the guardrails are asked, in milliseconds. */
  readonly tickMs: number;
  /**
   * The versions that requests without a key get: the stable one, or any by chance at the stage's
   * weight. `reject` fails them.
   */
  readonly onMissingKey: "stable" | "random" | "reject";
  /** What happens when another candidate is started while this one is under way. */
  readonly onNewCandidate: "reject" | "replace";
  /** Whether the error budget, where the rollout counts one, holds up the start and every stage's end; for an urgent fix it does not. */
  readonly onBudgetSpent: "hold" | "ignore";
  /** The version to go back to where there is no healthy one before the candidate; `null`: none, and a failing candidate is paused at. */
  readonly fallback: string | null;
  /** Whether whoever started the rollout may also approve it. */
  readonly allowSelfApproval: boolean;
  /** What makes it an A/B test or a bandit, of one stage. Absent: one candidate takes over in stages. */
  readonly experiment?: Experiment | undefined;
  /** That keys keep what they were given, in a store of assignments. Absent: only as far as their hash does. */
  readonly sticky?: Sticky | undefined;
}

/** The names of the strategies. */
export type StrategyName =
  | "direct"
  | "blue-green"
  | "canary"
  | "shadow"
  | "ab-test"
  | "cohort"
  | "bandit"
  | "single-model"
  | "shadow-then-canary";

/** One stage of a rollout. It ends when all its gates are open: evidence, time, and last of all approval. */
export interface Stage {
  /** The fraction of keys that the candidate answers, in [0, 1]; to 1/10,000. */
  readonly weight: number;
  /** The fraction of the other keys whose requests the candidate also gets, without answering them; in [0, 1]. */
  readonly shadow: number;
  /** Who may have the candidate at all. Absent: everybody. */
  readonly cohort?: Condition | undefined;
  /**
   * What the candidate is compared with: all that the stable version answers, or a part of it as
   * large as the candidate's own (`matched`), whose answers are alike in everything but the version.
   */
  readonly control: "stable" | "matched";
  /** How long it lasts at least, in milliseconds; `null`: until somebody promotes it or the next candidate comes. */
  readonly holdMs: number | null;
  /** How many of the candidate's requests have to be judged by each guardrail. */
  readonly minimumSamples: number;
  /** How many people have to approve when everything else is done. */
  readonly approvals: number;
}

/** How one guardrail's verdicts count. What it measures is in its `kind` and `options`. */
export interface GuardrailRule {
  /** What it is called, once in a policy. */
  readonly name: string;
  /** Which guardrail judges: a built-in one, or one that the application registered. */
  readonly kind: string;
  /** Of an experiment: the version whose requests it judges, and which a `fail` drops. Absent: the candidate. */
  readonly variant?: string | undefined;
  /** What the guardrail of this kind takes. */
  readonly options: Readonly<Record<string, unknown>>;
  /**
   * In which stages it counts: in all; in those where others have the stable version (`compared`: a
   * weight below 1); in those whose keys are split (`split`: a weight above 0 and below 1); or in those
   * where the candidate only gets copies of requests (`shadow`: a weight of 0). Elsewhere it is not asked.
   */
  readonly stages: "all" | "compared" | "split" | "shadow";
  /** Whether it is only recorded: its verdicts neither promote nor roll back. */
  readonly dryRun: boolean;
  /** How many `fail`s in a row roll back. */
  readonly consecutiveFailures: number;
  /** How many `fail`s in the whole rollout roll back, however far apart; `null`: any number may come. */
  readonly totalFailures: number | null;
  /** What happens when it stays `inconclusive` in a stage. */
  readonly onInconclusive: Patience;
  /** What happens when it stays without data in a stage. */
  readonly onNoData: Patience;
  /** What happens when it goes on failing by itself. */
  readonly onError: Patience;
}

/** How long to wait, and what then. There is no way from waiting to promotion. */
export interface Patience {
  /** Milliseconds without a break; `null`: for ever. */
  readonly deadlineMs: number | null;
  readonly afterwards: "rollback" | "pause";
}

/** Whether a rule is asked in a stage. */
export function isAsked({ stages }: GuardrailRule, { weight }: Stage): boolean {
  switch (stages) {
    case "all":
      return true;
    case "compared":
      return weight < 1;
    case "split":
      return weight > 0 && weight < 1;
    case "shadow":
      return weight === 0;
  }
}
