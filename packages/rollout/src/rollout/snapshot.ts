import type { Attributes } from "../cohort/attributes.ts";
import { compileCondition, type ConditionMatcher } from "../cohort/compile-condition.ts";
import type { RolloutState } from "../engine/state.ts";
import type { Arm } from "../guardrail/guardrail.ts";
import type { RolloutPolicy } from "../policy/policy.ts";
import { Router } from "../routing/router.ts";

/** Where a request goes. */
export interface Route {
  /** The version that answers. */
  readonly version: string;
  /** Whose request it counts as; `undefined`: nobody's, as where a matched control is taken from the rest. */
  readonly arm: Arm | undefined;
  /** Whether a copy of it also goes to the candidate. */
  readonly isShadowed: boolean;
}

/**
 * Which keys go where in one state: made once for each state, asked for each request. Its routes
 * are made in advance, so that a decision allocates nothing.
 */
export class RoutingSnapshot {
  /** The revision of the state that it was made of. */
  readonly revision: number;
  /** The revision that the stage was entered with; -1 where there is no rollout. */
  readonly stageRevision: number;
  /** The version that a shadowed request also goes to. */
  readonly candidate: string | undefined;
  readonly #onMissingKey: RolloutPolicy["onMissingKey"];
  readonly #router: Router | undefined;
  readonly #isInCohort: ConditionMatcher | undefined;
  readonly #routes: readonly Route[];
  readonly #shadowed: readonly Route[];
  readonly #outside: Route | undefined;

  constructor({ revision, stable, run }: RolloutState) {
    this.revision = revision;
    this.stageRevision = run?.stageRevision ?? -1;
    this.candidate = run?.candidate;
    this.#onMissingKey = run?.policy.onMissingKey ?? "stable";
    const fallback = stable ?? run?.candidate;
    this.#outside =
      fallback === undefined ? undefined : { version: fallback, arm: undefined, isShadowed: false };
    if (run === null || stable === null) {
      // Without a version to compare with, the candidate answers everybody.
      const all = run === null ? this.#outside : { ...this.#outside!, arm: "candidate" as const };
      this.#outside = all;
      this.#routes = [];
      this.#shadowed = [];
      return;
    }
    const { policy, candidate } = run;
    const { weight, control, cohort, shadow } = policy.stages[run.stage]!;
    const isMatched = control === "matched";
    // The candidate's part comes first, so that it only grows.
    const rest = 1 - weight - (isMatched ? weight : 0);
    this.#router = new Router({
      algorithm: policy.algorithm,
      seed: policy.seed,
      shadow,
      variants: [
        { variant: "candidate", weight },
        ...(isMatched ? [{ variant: "control", weight }] : []),
        { variant: "rest", weight: Math.max(0, rest) },
      ],
    });
    this.#isInCohort = cohort === undefined ? undefined : compileCondition(cohort);
    const routes: Route[] = [{ version: candidate, arm: "candidate", isShadowed: false }];
    if (isMatched) routes.push({ version: stable, arm: "control", isShadowed: false });
    routes.push({ version: stable, arm: isMatched ? undefined : "control", isShadowed: false });
    this.#routes = routes;
    this.#shadowed = routes.map((route) => ({ ...route, isShadowed: route.version === stable }));
  }

  /**
   * Where a request goes; `undefined` where no version is known, and `reject` where it has no key
   * and the policy takes none without.
   */
  route(
    key: string | undefined,
    attributes: () => Attributes,
    random: () => number,
  ): Route | "reject" | undefined {
    const router = this.#router;
    if (router === undefined) return this.#outside;
    let drawn = key;
    if (drawn === undefined) {
      if (this.#onMissingKey === "reject") return "reject";
      if (this.#onMissingKey === "stable") return this.#outside;
      drawn = String(random());
    }
    if (this.#isInCohort !== undefined && !this.#isInCohort(attributes(), key)) return this.#outside;
    const index = router.route(drawn);
    return router.isShadowed(drawn) ? this.#shadowed[index] : this.#routes[index];
  }
}
