import type { Attributes } from "../cohort/attributes.ts";
import { compileCondition, type ConditionMatcher } from "../cohort/compile-condition.ts";
import { isDropped } from "../engine/gates.ts";
import type { RolloutState, Run } from "../engine/state.ts";
import type { Arm } from "../guardrail/guardrail.ts";
import type { RolloutPolicy } from "../policy/policy.ts";
import type { Share } from "../routing/allocation.ts";
import { bucketCount } from "../routing/bucket.ts";
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
  /** The rollout under way; `null` where there is none, or no version to compare with. */
  readonly run: Run | null;
  readonly epoch: number;
  /** Whether keys keep what they were given, in a store of assignments. */
  readonly isKept: boolean;
  /** Whether it depends on a request's attributes where it goes. */
  readonly asksAttributes: boolean;
  /** The revision that the stage was entered with; -1 where there is no rollout. */
  readonly stageRevision: number;
  /** The version that a shadowed request also goes to. */
  readonly candidate: string | undefined;
  /** Where those go who have no part in it; `undefined` where no version is known. */
  readonly outside: Route | undefined;
  readonly #onMissingKey: RolloutPolicy["onMissingKey"];
  readonly #router: Router | undefined;
  readonly #isInCohort: ConditionMatcher | undefined;
  readonly #routes: readonly Route[];
  readonly #shadowed: readonly Route[];

  constructor({ epoch, stable, run }: RolloutState) {
    this.run = stable === null ? null : run;
    this.epoch = epoch;
    this.isKept = this.run?.experiment !== undefined || this.run?.policy.sticky !== undefined;
    const cohort = this.run?.policy.stages[this.run.stage]?.cohort;
    this.asksAttributes =
      cohort !== undefined || typeof this.run?.policy.sticky?.fallbackAttribute === "string";
    this.stageRevision = run?.stageRevision ?? -1;
    this.candidate = run?.candidate;
    this.#onMissingKey = run?.policy.onMissingKey ?? "stable";
    const fallback = stable ?? run?.candidate;
    // Without a version to compare with, the candidate answers everybody.
    const arm = run === null || stable !== null ? undefined : "candidate";
    this.outside = fallback === undefined ? undefined : { version: fallback, arm, isShadowed: false };
    if (run === null || stable === null) {
      this.#routes = [];
      this.#shadowed = [];
      return;
    }
    const { policy } = run;
    const { shadow } = policy.stages[run.stage]!;
    const parts = run.experiment === undefined ? partsOfStage(run, stable) : partsOfExperiment(run, stable);
    this.#router = new Router({
      algorithm: policy.algorithm,
      seed: policy.seed,
      shadow,
      variants: parts.map(({ weight }, index) => ({ variant: String(index), weight })),
    });
    this.#isInCohort = cohort === undefined ? undefined : compileCondition(cohort);
    this.#routes = parts.map(({ route }) => route);
    this.#shadowed = this.#routes.map((route) => ({ ...route, isShadowed: route.version === stable }));
  }

  /**
   * Where a request goes; `undefined` where no version is known, and `reject` where it has no key
   * and the policy takes none without.
   */
  route(key: string | undefined, attributes: Attributes, random: () => number): Route | "reject" | undefined {
    const router = this.#router;
    if (router === undefined) return this.outside;
    let drawn = key;
    if (drawn === undefined) {
      if (this.#onMissingKey === "reject") return "reject";
      if (this.#onMissingKey === "stable") return this.outside;
      drawn = String(random());
    }
    if (this.#isInCohort !== undefined && !this.#isInCohort(attributes, key)) return this.outside;
    const index = router.route(drawn);
    return router.isShadowed(drawn) ? this.#shadowed[index] : this.#routes[index];
  }

  /** Where the keys of a version go; that of none that is known is the way of those who have no part in it. */
  routeOf(version: string): Route | undefined {
    return this.#routes.find((route) => route.version === version && route.arm !== undefined) ?? this.outside;
  }
}

interface Part extends Pick<Share, "weight"> {
  readonly route: Route;
}

/** The candidate's part comes first, so that it only grows. */
function partsOfStage(run: Run, stable: string): Part[] {
  const { weight, control } = run.policy.stages[run.stage]!;
  const isMatched = control === "matched";
  const rest = Math.max(0, 1 - weight - (isMatched ? weight : 0));
  const toStable = (arm: Arm | undefined): Route => ({ version: stable, arm, isShadowed: false });
  return [
    { weight, route: { version: run.candidate, arm: "candidate", isShadowed: false } },
    ...(isMatched ? [{ weight, route: toStable("control") }] : []),
    { weight: rest, route: toStable(isMatched ? undefined : "control") },
  ];
}

/** The versions of an experiment, as its buckets are laid out. Who had one that is out has the stable version, and is compared with nobody. */
function partsOfExperiment(run: Run, stable: string): Part[] {
  const versions = run.policy.experiment!.variants.map(({ version }) => version); // An experiment's policy has one.
  const routes = versions.map((version): Route => {
    const isOut = isDropped(run, version);
    return {
      version: isOut ? stable : version,
      arm: isOut ? undefined : "candidate",
      isShadowed: false,
    };
  });
  routes.push({ version: stable, arm: "control", isShadowed: false });
  return run.experiment!.layout.map(([version, buckets]) => ({
    weight: buckets / bucketCount,
    route: routes[version]!,
  }));
}
