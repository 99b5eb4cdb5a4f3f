import type { Attributes, AttributeValue } from "./attributes.ts";
import type { Condition } from "./condition.ts";
import { compareVersions, parseVersion } from "./version.ts";

/** Whether a user belongs to a cohort. */
export type ConditionMatcher = (attributes: Attributes, key: string | undefined) => boolean;

/** Makes a condition ready to be asked many times. It takes the condition as it is: check what comes from outside by its schema first. */
export function compileCondition(condition: Condition): ConditionMatcher {
  if ("all" in condition) {
    const parts = condition.all.map(compileCondition);
    return (attributes, key) => parts.every((matches) => matches(attributes, key));
  }
  if ("any" in condition) {
    const parts = condition.any.map(compileCondition);
    return (attributes, key) => parts.some((matches) => matches(attributes, key));
  }
  if ("not" in condition) {
    const matches = compileCondition(condition.not);
    return (attributes, key) => !matches(attributes, key);
  }
  if ("keys" in condition) {
    const keys = new Set(condition.keys);
    return (_, key) => key !== undefined && keys.has(key);
  }
  const { attribute } = condition;
  if ("isAbsent" in condition) return (attributes) => !Object.hasOwn(attributes, attribute);
  const fits = compileComparison(condition);
  return (attributes) => {
    if (!Object.hasOwn(attributes, attribute)) return false;
    const value = attributes[attribute]!;
    return isList(value) ? value.some(fits) : fits(value);
  };
}

type Comparison = Exclude<Extract<Condition, { readonly attribute: string }>, { readonly isAbsent: true }>;

function compileComparison(comparison: Comparison): (value: AttributeValue) => boolean {
  if ("isOneOf" in comparison) {
    const values = new Set(comparison.isOneOf);
    return (value) => values.has(value);
  }
  if ("startsWith" in comparison) {
    return (value) => typeof value === "string" && value.startsWith(comparison.startsWith);
  }
  if ("endsWith" in comparison) {
    return (value) => typeof value === "string" && value.endsWith(comparison.endsWith);
  }
  if ("contains" in comparison) {
    return (value) => typeof value === "string" && value.includes(comparison.contains);
  }
  if ("atLeast" in comparison) return (value) => typeof value === "number" && value >= comparison.atLeast;
  if ("below" in comparison) return (value) => typeof value === "number" && value < comparison.below;
  return "fromVersion" in comparison
    ? compareToVersion(comparison.fromVersion, (order) => order >= 0)
    : compareToVersion(comparison.beforeVersion, (order) => order < 0);
}

function compareToVersion(
  text: string,
  fits: (order: number) => boolean,
): (value: AttributeValue) => boolean {
  const bound = parseVersion(text);
  return (value) => {
    const version = typeof value === "string" ? parseVersion(value) : undefined;
    return bound !== undefined && version !== undefined && fits(compareVersions(version, bound));
  };
}

function isList(value: AttributeValue | readonly AttributeValue[]): value is readonly AttributeValue[] {
  return Array.isArray(value);
}
