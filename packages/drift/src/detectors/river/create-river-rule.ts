import { InvalidDriftOptionsError } from "../../errors/invalid-drift-options-error.ts";
import { checkChoice, checkNames, checkOption, type NumberRange } from "../check-options.ts";
import type { DetectorName } from "../detector.ts";
import type { Rule } from "../rule.ts";
import type { ValueKind } from "../rule-detector.ts";
import { AdwinRule } from "./adwin-rule.ts";
import { CusumRule } from "./cusum-rule.ts";
import { DdmRule } from "./ddm-rule.ts";
import { EddmRule } from "./eddm-rule.ts";
import { EwmaRule } from "./ewma-rule.ts";
import { HddmARule } from "./hddm-a-rule.ts";
import { HddmWRule } from "./hddm-w-rule.ts";
import { KswinRule } from "./kswin-rule.ts";
import { PageHinkleyRule } from "./page-hinkley-rule.ts";

/** A rule of River with its parameters filled in. */
export interface RiverRule {
  readonly rule: Rule;
  readonly values: ValueKind;
  readonly options: Readonly<Record<string, number | string | boolean>>;
}

const positive: NumberRange = { minimum: 0, maximum: Infinity, isOpen: true };
const notNegative: NumberRange = { minimum: 0, maximum: Infinity };
const share: NumberRange = { minimum: 0, maximum: 1, isOpen: true };
const count: NumberRange = { minimum: 1, maximum: 1e6, isWhole: true };
const directions = ["up", "down", "both"] as const;

/**
 * @param given - Parameters under this package's names.
 * @throws InvalidDriftOptionsError `INVALID_DRIFT_OPTIONS` for a parameter that is unknown or out of range.
 */
export function createRiverRule(name: DetectorName, given: Readonly<Record<string, unknown>>): RiverRule {
  const { parity: _, ...parameters } = given;
  const number = (option: string, byDefault: number, range: NumberRange): number =>
    checkOption(option, parameters[option] ?? byDefault, range);
  const filled = <Options extends RiverRule["options"]>(options: Options): Options => {
    checkNames(parameters, Object.keys(options));
    return options;
  };
  const direction = (): (typeof directions)[number] =>
    checkChoice("direction", parameters["direction"] ?? "both", directions);
  switch (name) {
    case "adwin": {
      const options = filled({
        delta: number("delta", 0.002, share),
        clock: number("clock", 32, count),
        maximumBuckets: number("maximumBuckets", 5, { ...count, minimum: 2 }),
        minimumWindow: number("minimumWindow", 5, count),
        gracePeriod: number("gracePeriod", 10, { ...count, minimum: 0 }),
      });
      return { rule: new AdwinRule(options), values: "number", options };
    }
    case "page-hinkley": {
      const options = filled({
        minimumCount: number("minimumCount", 30, count),
        delta: number("delta", 0.005, notNegative),
        threshold: number("threshold", 50, positive),
        alpha: number("alpha", 1 - 0.0001, share),
        direction: direction(),
      });
      return { rule: new PageHinkleyRule(options), values: "number", options };
    }
    case "cusum": {
      const options = filled({
        minimumCount: number("minimumCount", 30, count),
        slack: number("slack", 0.5, notNegative),
        threshold: number("threshold", 5, positive),
        direction: direction(),
      });
      return { rule: new CusumRule(options), values: "number", options };
    }
    case "ewma": {
      const options = filled({
        alpha: number("alpha", 0.1, share),
        threshold: number("threshold", 4, positive),
        minimumCount: number("minimumCount", 30, count),
        direction: direction(),
      });
      return { rule: new EwmaRule(options), values: "number", options };
    }
    case "ddm": {
      const options = filled({
        minimumCount: number("minimumCount", 30, count),
        warningThreshold: number("warningThreshold", 2, positive),
        driftThreshold: number("driftThreshold", 3, positive),
      });
      return { rule: new DdmRule(options), values: "error", options };
    }
    case "eddm": {
      const options = filled({
        minimumCount: number("minimumCount", 30, count),
        alpha: number("alpha", 0.95, share),
        beta: number("beta", 0.9, share),
      });
      if (options.alpha < options.beta) {
        throw new InvalidDriftOptionsError({
          option: "alpha",
          problem: `is ${options.alpha}, which is below beta, ${options.beta}`,
          remedy: "Pass a warning level of at least the drift level.",
        });
      }
      return { rule: new EddmRule(options), values: "error", options };
    }
    case "hddm-a":
    case "hddm-w": {
      const hddm = {
        driftConfidence: number("driftConfidence", 0.001, share),
        warningConfidence: number("warningConfidence", 0.005, share),
        twoSided: readFlag("twoSided", parameters["twoSided"] ?? false),
      };
      if (name === "hddm-a") {
        return { rule: new HddmARule(filled(hddm)), values: "share", options: hddm };
      }
      const options = filled({ ...hddm, lambda: number("lambda", 0.05, share) });
      return { rule: new HddmWRule(options), values: "share", options };
    }
    case "kswin": {
      const windowSize = number("windowSize", 100, count);
      const options = filled({
        alpha: number("alpha", 0.005, share),
        windowSize,
        // As many have to be left to draw from.
        statSize: number("statSize", 30, { ...count, maximum: Math.floor(windowSize / 2) }),
        seed: number("seed", 0, { minimum: 0, maximum: Number.MAX_SAFE_INTEGER, isWhole: true }),
      });
      return { rule: new KswinRule(options), values: "number", options };
    }
  }
}

function readFlag(option: string, value: unknown): boolean {
  if (typeof value === "boolean") return value;
  throw new InvalidDriftOptionsError({
    option,
    problem: `is ${String(value)}`,
    remedy: "Pass true or false.",
  });
}
