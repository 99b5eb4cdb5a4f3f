import type { ProfileData } from "../profile/profile-data.ts";
import { type ColumnProfile, effectiveRows, type Profile } from "../profile/profile.ts";
import { checkSameCells } from "../profile/same-cells.ts";
import type { ColumnResult } from "../verdict/column-result.ts";
import type { DriftResult, SampleSize } from "../verdict/drift-result.ts";
import type { DriftStatus } from "../verdict/drift-status.ts";
import { adjustColumns } from "./adjust-columns.ts";
import type { TestSettings } from "./column-test.ts";
import { type ColumnComparison, compareColumn } from "./compare-column.ts";
import { digits } from "./describe-evidence.ts";
import { type DriftOptions, type ResolvedDriftOptions, resolveDriftOptions } from "./drift-options.ts";
import { invalidColumn } from "./invalid-column.ts";
import { judgeColumn, type UnrankedColumn } from "./judge-column.ts";
import { rankColumns } from "./rank-columns.ts";
import { numbersOfColumn, type ReadSides, readSides } from "./read-sides.ts";

/**
 * Compares current data with a reference, column by column, and gives one verdict.
 *
 * A column drifted where a change is **significant**, adjusted for the number of columns and of looks,
 * and **not shown to be negligible**: the confidence interval of its size reaches the size from
 * which on it matters. Where nothing has changed, the verdict is `drift` in at most `alpha` of
 * all cases, whatever the sizes and however many columns. Missing values, NaN, infinities, values of
 * another type and new categories are tested like the values themselves.
 *
 * Which test a column gets, by what it holds:
 *
 * | column | test |
 * | --- | --- |
 * | numbers, moments | Kolmogorov-Smirnov: exact where both samples are at hand and small, else on the profile's cells |
 * | numbers with many ties | as categories, in up to 20 groups of equal mass |
 * | categories | χ² of both samples, rare ones together; by permutation where few are expected |
 * | two categories, booleans, special cells | Fisher's exact test |
 * | text | its measures, as numbers |
 * | embeddings | Welch's t-test of each dimension's mean; norm and distance, as numbers |
 *
 * A column that cannot be compared is a row with the status `invalid`; it never fails the report.
 *
 * @param reference - A profile, or rows, columns or an Arrow table to profile.
 * @param current - The same; a profile has to be counted on the reference's cells.
 * @throws InvalidDataError `INVALID_DATA` for what is neither rows nor columns, or wrong weights.
 * @throws InvalidDriftOptionsError `INVALID_DRIFT_OPTIONS` for options outside their ranges.
 *
 * @example
 * ```ts
 * const result = detectDrift(trainingRows, todaysRows);
 * result.status; //=> "drift"
 * result.columns[0].reason; //=> "Values differ by 21 % of rows (95 % interval …"
 * ```
 */
export function detectDrift(
  reference: Profile | ProfileData,
  current: Profile | ProfileData,
  options: DriftOptions = {},
): DriftResult {
  const resolved = resolveDriftOptions(options);
  const sides = readSides(reference, current, options);
  const { compared, invalid } = compareColumns(sides, resolved);
  const adjusted = adjustColumns(
    compared.map(({ tests }) => tests),
    resolved,
  );
  const testedColumns = adjusted.filter((column) => column !== undefined).length;
  const judged = compared.map((comparison, index) =>
    judgeColumn({ comparison, adjusted: adjusted[index], testedColumns }, resolved),
  );
  const columns = rankColumns([...judged, ...invalid]);
  return {
    format: "mlops.drift.result",
    version: 1,
    ...verdictOn(columns, resolved),
    alpha: resolved.alpha,
    levelOfThisLook: resolved.level,
    look: resolved.look,
    correction: resolved.correction,
    reference: sizeOf(sides.profiles.reference),
    current: sizeOf(sides.profiles.current),
    columns,
  };
}

function compareColumns(
  { profiles, data, problems }: ReadSides,
  options: ResolvedDriftOptions,
): { readonly compared: readonly ColumnComparison[]; readonly invalid: readonly UnrankedColumn[] } {
  const compared: ColumnComparison[] = [];
  const invalid: UnrankedColumn[] = [];
  const included = profiles.reference.columns.filter(({ name }) => !options.exclude.has(name));
  const known = new Set(included.map(({ name }) => name));
  for (const [name, problem] of problems) {
    if (!known.has(name) && !options.exclude.has(name)) invalid.push(invalidColumn(name, null, problem));
  }
  const settings = settingsOf(profiles, included.length, options);
  const weight = { reference: profiles.reference.weight, current: profiles.current.weight };
  const rows = {
    reference: effectiveRows(profiles.reference),
    current: effectiveRows(profiles.current),
  };
  const currentByName = new Map(profiles.current.columns.map((column) => [column.name, column]));
  for (const column of included) {
    const other = currentByName.get(column.name);
    const problem = problems.get(column.name) ?? findProblem(profiles, column, other);
    if (problem !== undefined || other === undefined) {
      invalid.push(invalidColumn(column.name, column.kind, problem ?? "The current data lack it."));
      continue;
    }
    const values = numbersOfColumn(data, column.name);
    try {
      compared.push(
        compareColumn({ columns: { reference: column, current: other }, weight, rows, values }, settings),
      );
    } catch (cause) {
      // One column must not cost the report on the others.
      const message = cause instanceof Error ? cause.message : String(cause);
      invalid.push(invalidColumn(column.name, column.kind, `It could not be compared: ${message}`));
    }
  }
  return { compared, invalid };
}

function settingsOf(
  { reference, current }: ReadSides["profiles"],
  columns: number,
  options: ResolvedDriftOptions,
): TestSettings {
  const { confidence, materialShift, materialSpecialShare, materialMeanShift, seed, level } = options;
  return {
    confidence,
    materialShift,
    materialSpecialShare,
    materialMeanShift,
    seed,
    levelPerColumn: level / Math.max(columns, 1),
    isWholeRows: reference.weight === reference.rows && current.weight === current.rows,
  };
}

function findProblem(
  { reference, current }: ReadSides["profiles"],
  column: ColumnProfile,
  other: ColumnProfile | undefined,
): string | undefined {
  if (other === undefined) return "The current profile has no such column.";
  try {
    checkSameCells({ ...reference, columns: [column] }, { ...current, columns: [other] });
    return undefined;
  } catch (cause) {
    return cause instanceof Error ? cause.message : String(cause);
  }
}

export function verdictOn(
  columns: readonly ColumnResult[],
  { alpha }: ResolvedDriftOptions,
): Pick<DriftResult, "status" | "reason" | "statusCounts"> {
  const count = (status: DriftStatus): number => columns.filter((column) => column.status === status).length;
  const statusCounts = {
    drift: count("drift"),
    invalid: count("invalid"),
    "not-enough-data": count("not-enough-data"),
    stable: count("stable"),
  };
  const all = columns.length;
  const ofAll = all === 1 ? "of 1 column" : `of ${all} columns`;
  const unjudged = statusCounts.invalid + statusCounts["not-enough-data"];
  if (statusCounts.drift > 0) {
    const names = columns.slice(0, Math.min(statusCounts.drift, 5)).map(({ name }) => name);
    const more = statusCounts.drift > 5 ? ", …" : "";
    return {
      status: "drift",
      reason: `${statusCounts.drift} ${ofAll} drifted: ${names.join(", ")}${more}. Without any change this happens in at most ${digits(100 * alpha)} % of cases.`,
      statusCounts,
    };
  }
  if (statusCounts.invalid === all) {
    return { status: "invalid", reason: "No column could be compared.", statusCounts };
  }
  if (unjudged > 0) {
    return {
      status: "not-enough-data",
      reason: `No drift was found, but ${unjudged} ${ofAll} could not be judged.`,
      statusCounts,
    };
  }
  return { status: "stable", reason: `None ${ofAll} drifted.`, statusCounts };
}

export function sizeOf(profile: Profile): SampleSize {
  return { rows: profile.rows, effectiveRows: effectiveRows(profile) };
}
