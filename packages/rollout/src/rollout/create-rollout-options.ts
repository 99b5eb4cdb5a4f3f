import type { Environment, PredictOptions, Predictor } from "@mlops/core";

import type { BudgetGate } from "../budget/budget-gate.ts";
import type { Attributes } from "../cohort/attributes.ts";
import type { GuardrailKind } from "../guardrail/guardrail.ts";
import type { RolloutStore } from "../store/store.ts";
import type { Assignments } from "./assignments.ts";
import type { ShadowLimits } from "./shadow-runner.ts";

/** Options of `createRollout`. */
export interface CreateRolloutOptions<Input, Output> {
  /** The rollout's name, in the store and in metrics: letters, digits, `.`, `_` and `-`, at most 128. */
  readonly name: string;
  /** The versions that this replica can answer with, by the name that the state knows them by. */
  readonly versions: Readonly<Record<string, Predictor<Input, Output>>>;
  /** The version that answers before anything was rolled out. */
  readonly stable: string;
  /** What the replicas share. */
  readonly store: RolloutStore;
  /** This replica's name, which no other has. Default a random one. */
  readonly replica?: string | undefined;
  /** Kinds of guardrails that policies may name besides the built-in ones. */
  readonly guardrails?: readonly GuardrailKind[] | undefined;
  /**
   * Whether there is room for a rollout: `errorBudget` of `@mlops/rollout/error-budget`. It counts
   * every request, and holds up the start and the stages of policies that heed it. Default none.
   */
  readonly errorBudget?: BudgetGate | undefined;
  /**
   * What is known of a request's user; asked only where it matters. Where it fails nothing is known, and
   * `status().replica.problem` says so. Default nothing.
   */
  readonly attributes?:
    | ((input: Input, options: PredictOptions) => Attributes | Promise<Attributes>)
    | undefined;
  /**
   * A copy of an input for the shadow, which may run when the caller has its answer and has changed
   * the input. Default `structuredClone`.
   */
  readonly copyInput?: ((input: Input) => Input) | undefined;
  readonly shadow?: ShadowLimits | undefined;
  /** What A/B tests, bandits and sticky policies keep keys' versions in. Default none, and none of these can be started. */
  readonly assignments?: Assignments | undefined;
  /** How often this replica looks at the store, in milliseconds; 0: only when `tick` is called. Default 1,000. */
  readonly pollMs?: number | undefined;
  /** After how long without the store what it knows is stale, in milliseconds. Default 60,000. */
  readonly staleAfterMs?: number | undefined;
  /** What a replica does that is stale: go on with what it knows, or give everybody the stable version. Default `keep`. */
  readonly onStale?: "keep" | "stable" | undefined;
  /** Numbers in [0, 1), for requests without a key where the policy wants them at random. Default `Math.random`. */
  readonly random?: (() => number) | undefined;
  readonly environment?: Environment | undefined;
}
