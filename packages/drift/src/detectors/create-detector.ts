import { InvalidDriftOptionsError } from "../errors/invalid-drift-options-error.ts";
import { CalibratedRule } from "./calibrated/calibrated-rule.ts";
import { takesErrors } from "./calibrated/create-statistic.ts";
import { checkChoice, checkNames, checkOption } from "./check-options.ts";
import type { DetectorName, DetectorState, DriftDetector } from "./detector.ts";
import type { DetectorOptions } from "./detector-options.ts";
import { createRiverRule } from "./river/create-river-rule.ts";
import { RuleDetector } from "./rule-detector.ts";

/** Every detector, in the order of the documentation. */
export const detectorNames: readonly DetectorName[] = Object.freeze([
  "adwin",
  "page-hinkley",
  "cusum",
  "ewma",
  "kswin",
  "ddm",
  "eddm",
  "hddm-a",
  "hddm-w",
]);

/**
 * A detector of changes in a stream of numbers.
 *
 * `adwin`, `page-hinkley`, `cusum`, `ewma` and `kswin` take any finite numbers: latencies, scores, losses,
 * errors. They look at where a value lies among the first 1,000 since the last drift, so that scale and
 * distribution do not matter. `ddm`, `eddm`, `hddm-a` and `hddm-w` take errors, 1 or 0, and look for more of
 * them. Rare errors belong there: as mere ranks, errors of 5 % have few different places.
 *
 * By default the limit is the one whose false alarms are `expectedRunLength` values apart on the mean, found
 * by simulation (`calibrated/thresholds.ts`). With `parity: "river"` it is River 0.26.1's rule, with the same
 * detections (CUSUM and EWMA: River's repository at 291ccdd and 2420eb5).
 *
 * @throws InvalidDriftOptionsError `INVALID_DRIFT_OPTIONS` for an option that is unknown or out of range.
 *
 * @example
 * ```ts
 * const detector = createDetector("cusum", { expectedRunLength: 10_000 });
 * const place = Array.from({ length: 600 }, (_, i) => (i * 7919) % 100 + (i < 500 ? 0 : 150))
 *   .findIndex((value) => detector.update(value).drift);
 * place; //=> 502
 * ```
 */
export function createDetector<Name extends DetectorName>(
  name: Name,
  options: DetectorOptions<Name> = {},
): DriftDetector {
  return createRuleDetector(name, options);
}

/**
 * The detector whose `toJSON` gave `state`; it goes on as if nothing had happened.
 *
 * @throws InvalidDriftOptionsError `INVALID_DRIFT_OPTIONS` when `state` is nothing that a detector wrote.
 */
export function restoreDetector(state: DetectorState): DriftDetector {
  const invalid = (problem: string, cause?: unknown): InvalidDriftOptionsError =>
    new InvalidDriftOptionsError({
      option: "state",
      problem,
      remedy: "Pass what a detector's toJSON gave.",
      cause,
    });
  if (typeof state !== "object" || state === null || state.version !== 1) {
    throw invalid("is no state of version 1");
  }
  const { detector, options, rule, count, restarts } = state;
  if (typeof options !== "object" || options === null || typeof rule !== "object" || rule === null) {
    throw invalid("lacks options or rule");
  }
  if (!Number.isSafeInteger(count) || count < 0 || typeof restarts !== "boolean") {
    throw invalid("lacks count or restarts");
  }
  const restored = createRuleDetector(detector, options);
  try {
    restored.load({ rule, count, restarts });
  } catch (error) {
    throw invalid(`has a rule that ${detector} cannot read`, error);
  }
  return restored;
}

function createRuleDetector(name: DetectorName, options: object): RuleDetector {
  checkChoice("name", name, detectorNames);
  // Every option is checked by its name below.
  const given = options as Readonly<Record<string, unknown>>;
  if (given["parity"] !== undefined) {
    const parity = checkChoice("parity", given["parity"], ["river"]);
    const { rule, values, options: filled } = createRiverRule(name, given);
    return new RuleDetector({ name, rule, values, options: { ...filled, parity } });
  }
  checkNames(options, ["expectedRunLength", "seed", "parity"]);
  const parameters = {
    expectedRunLength: checkOption("expectedRunLength", given["expectedRunLength"] ?? 10_000, {
      minimum: 1000,
      maximum: 100_000,
    }),
    seed: checkOption("seed", given["seed"] ?? 0, { minimum: 0, maximum: 2 ** 31 - 1, isWhole: true }),
  };
  const rule = new CalibratedRule(name, parameters);
  return new RuleDetector({
    name,
    rule,
    values: takesErrors(name) ? "error" : "number",
    options: parameters,
  });
}
