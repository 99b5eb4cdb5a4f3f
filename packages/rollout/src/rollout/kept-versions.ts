import { InvalidOptionsError, type PredictOptions } from "@mlops/core";

import type { Attributes } from "../cohort/attributes.ts";
import type { RolloutPolicy } from "../policy/policy.ts";
import type { Assignments, OutcomeReceipt } from "./assignments.ts";
import { fallbackKey } from "./fallback-key.ts";
import type { OutcomeReport } from "./rollout.ts";
import type { Route, RoutingSnapshot } from "./snapshot.ts";

/** What {@link KeptVersions} rest on. */
export interface KeptVersionsOptions {
  /** The rollout's name. */
  readonly rollout: string;
  readonly assignments: Assignments | undefined;
  /** What time it is for all who share the store, in milliseconds since the Unix epoch. */
  readonly now: () => number;
  /** Hears of assignments that cannot be read. */
  readonly onProblem: (what: string, cause: unknown) => void;
}

/** The versions that keys keep, and what came of their answers, of one replica. */
export class KeptVersions {
  readonly #options: KeptVersionsOptions;

  constructor(options: KeptVersionsOptions) {
    this.#options = options;
  }

  /** @throws InvalidOptionsError `INVALID_OPTIONS` when a policy keeps versions and there is nothing to keep them in. */
  check({ experiment, sticky }: RolloutPolicy): void {
    if (this.#options.assignments !== undefined) return;
    if (experiment === undefined && sticky === undefined) return;
    throw new InvalidOptionsError({
      option: "assignments",
      problem:
        "is absent, and the policy keeps what keys were given; pass createAssignments() of @mlops/rollout/experiments",
    });
  }

  /** Where a key goes that keeps what it was given. Where that cannot be known it goes by its hash, and counts for nobody. */
  async keep(
    snapshot: RoutingSnapshot,
    hashed: Route,
    attributes: Attributes,
    key: string | undefined,
  ): Promise<Route> {
    const { assignments, rollout, now, onProblem } = this.#options;
    const { run, epoch } = snapshot;
    if (assignments === undefined || run === null) return uncountedRoute(hashed.version);
    if (key === undefined) return hashed;
    try {
      const { version, isCounted } = await assignments.keep({
        rollout,
        epoch,
        run,
        key,
        version: hashed.version,
        isCounted: hashed.arm !== undefined,
        stable: snapshot.outside!.version, // There is a rollout, and so a stable version.
        attributes,
        now: now(),
      });
      if (!isCounted) return uncountedRoute(version);
      return version === hashed.version ? hashed : (snapshot.routeOf(version) ?? hashed);
    } catch (cause) {
      onProblem("the assignments could not be read", cause);
      return uncountedRoute(hashed.version);
    }
  }

  /** @throws InvalidOptionsError `INVALID_OPTIONS` when the value is none of the metric. */
  async report(snapshot: RoutingSnapshot, { key, metric, value }: OutcomeReport): Promise<OutcomeReceipt> {
    const { assignments, rollout, now } = this.#options;
    const { run, epoch, outside } = snapshot;
    const declared = run?.policy.experiment?.metric;
    if (assignments === undefined || run === null || declared?.name !== metric) return "no-experiment";
    const stable = outside!.version; // There is a rollout, and so a stable version.
    const number = checkedOutcome(value, declared.kind);
    return assignments.report({ rollout, epoch, run, stable, key, value: number, now: now() });
  }
}

/** A request's key, or what stands in for it. */
export function keyOf(
  { run }: RoutingSnapshot,
  attributes: Attributes,
  { key }: PredictOptions,
): string | undefined {
  const fallback = run?.policy.sticky?.fallbackAttribute ?? undefined;
  return key === undefined && fallback !== undefined ? fallbackKey(fallback, attributes) : key;
}

/** The way of who counts for nobody. */
export function uncountedRoute(version: string): Route {
  return { version, arm: undefined, isShadowed: false };
}

/** Its square, and a sum of such, is still a number. */
const largestOutcome = 1e100;

function checkedOutcome(value: OutcomeReport["value"], kind: "share" | "mean"): number {
  const number = Number(value);
  const isShare = kind === "share";
  const isValid = isShare ? number === 0 || number === 1 : Math.abs(number) <= largestOutcome;
  if (isValid) return number;
  const expected = isShare ? "true, false, 1 or 0" : `a number from -${largestOutcome} to ${largestOutcome}`;
  throw new InvalidOptionsError({ option: "value", problem: `is ${String(value)}; pass ${expected}` });
}
