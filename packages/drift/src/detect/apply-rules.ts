import type { DistanceName, DistanceResult, RuleResult } from "../verdict/distance-result.ts";
import type { ColumnTest } from "./column-test.ts";

interface DistanceRule {
  readonly rule: RuleResult["rule"];
  readonly distance: DistanceName;
  readonly threshold: number;
}

/** Siddiqi's marks for PSI ("some change", "large change"), and the bound of 0.2 on KL. */
const distanceRules: readonly DistanceRule[] = [
  { rule: "psi-0.1", distance: "psi", threshold: 0.1 },
  { rule: "psi-0.2", distance: "psi", threshold: 0.2 },
  { rule: "kl-0.2", distance: "kl", threshold: 0.2 },
];

/** The fixed rules people know, as they are, and with a threshold that holds the rate at these sizes. */
export function applyRules(
  distances: readonly DistanceResult[],
  values: ColumnTest | undefined,
  level: number,
): RuleResult[] {
  const rules = distanceRules.flatMap(({ rule, distance, threshold }): RuleResult[] => {
    const measured = distances.find(({ name }) => name === distance);
    if (measured === undefined) return [];
    const calibratedThreshold = Math.max(threshold, measured.calibratedThreshold ?? threshold);
    const { value } = measured;
    return [
      {
        rule,
        value,
        threshold,
        fires: value >= threshold,
        calibratedThreshold,
        firesCalibrated: value >= calibratedThreshold,
      },
    ];
  });
  if (values?.test.startsWith("kolmogorov") !== true) return rules;
  const value = values.pValue.high;
  const calibratedThreshold = Math.min(level, 0.05);
  return [
    ...rules,
    {
      rule: "ks-0.05",
      value,
      threshold: 0.05,
      fires: value < 0.05,
      calibratedThreshold,
      firesCalibrated: value < calibratedThreshold,
    },
  ];
}
