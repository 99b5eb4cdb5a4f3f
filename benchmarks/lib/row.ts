import { type Goal, meetsGoal } from "./goal.ts";

/** One result of a benchmark, as `--json` writes it. */
export interface Row {
  /** What was measured, on what. Unique in a run. */
  readonly name: string;
  readonly value: number;
  /** `ms`, `requests/s`, `MB`, `fraction`, … */
  readonly unit: string;
  /** What the value is compared with, measured in the same run; null where it stands alone. */
  readonly against: string | null;
  /** The value divided by the other's; null where there is none, or the other was not measured. */
  readonly ratio: number | null;
  /** The least and the most of the rounds' ratios; null where there is no ratio, or they are not kept. */
  readonly ratioRange: readonly [least: number, most: number] | null;
  /** What the ratio has to be, or the value itself where `against` is null; null where nothing is asked. */
  readonly goal: Goal | null;
  /** Whether the goal is met; null where there is no goal, or no ratio to hold it against. */
  readonly holds: boolean | null;
}

/** What a {@link Row} is made of. */
export interface RowParts extends RowComparison {
  readonly name: string;
  readonly value: number;
  readonly unit: string;
}

/** What a row's value is held against. */
export interface RowComparison {
  readonly against?: string | undefined;
  readonly ratio?: number | undefined;
  readonly ratioRange?: readonly [least: number, most: number] | undefined;
  readonly goal?: Goal | undefined;
}

/**
 * Makes a row, and judges its goal.
 *
 * @throws RangeError when the value or the ratio is not finite: JSON would turn it into null.
 */
export function createRow({ name, value, unit, against, ratio, ratioRange, goal }: RowParts): Row {
  for (const number of [value, ratio ?? 0]) {
    if (!Number.isFinite(number)) throw new RangeError(`${name} comes to ${number}, which is no result.`);
  }
  const judged = against === undefined ? value : ratio;
  return {
    name,
    value,
    unit,
    against: against ?? null,
    ratio: ratio ?? null,
    ratioRange: ratioRange ?? null,
    goal: goal ?? null,
    holds: goal === undefined || judged === undefined ? null : meetsGoal(judged, goal),
  };
}
