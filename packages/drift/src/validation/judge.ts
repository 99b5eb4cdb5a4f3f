import type { CheckCounts, ColumnCounts } from "./column-counts.ts";
import { describeComparison } from "./compare-columns.ts";
import { asksForPresence } from "./count-profile.ts";
import { type ColumnSchema, type DataSchema, mostlyOf, shareChecks } from "./data-schema.ts";
import { isBelowShare } from "./tolerances.ts";
import type { ResolvedValidateOptions } from "./validate-options.ts";
import { valueChecksOf } from "./value-checks.ts";
import {
  type Anomaly,
  type AnomalyCode,
  type BatchCounts,
  codeOfCheck,
  type ValidationResult,
} from "./validation-result.ts";

/** What the counts of a batch say about it. */
export function judge(
  schema: DataSchema,
  counts: BatchCounts,
  { environment, falseAlarmRate, exact }: ResolvedValidateOptions,
): ValidationResult {
  const level = falseAlarmRate / Math.max(countTolerances(schema), 1);
  const columns = new Map(schema.columns.map((column) => [column.name, column]));
  const judged = [
    ...judgeRows(schema, counts.rows),
    ...counts.columns.flatMap((found) => judgeColumn(columns.get(found.name)!, found, { level, exact })),
    ...(schema.comparisons ?? []).flatMap((comparison, index): Judged[] => {
      const { trials, violations, examples } = counts.comparisons[index]!;
      const mostly = comparison.mostly ?? 1;
      if (violations === 0) return [];
      const text = `${violations} of ${trials} rows do not have ${describeComparison(comparison)}`;
      const anomaly = anomalyOf("COMPARISON_FAILED", comparison.left, text, {
        count: violations,
        of: trials,
        mostly,
        examples,
      });
      return [{ anomaly, isTolerated: !fails(violations, trials, mostly, { level, exact }) }];
    }),
    ...(schema.unknownColumns === "allow" ? [] : counts.unknownColumns).map(({ name }) => ({
      isTolerated: false,
      anomaly: anomalyOf("COLUMN_UNKNOWN", name, `The column ${JSON.stringify(name)} is not in the schema`, {
        count: counts.rows,
        of: counts.rows,
      }),
    })),
  ];
  const anomalies = judged.filter(({ isTolerated }) => !isTolerated).map(({ anomaly }) => anomaly);
  return {
    format: "mlops.drift.validation",
    version: 1,
    isValid: anomalies.length === 0,
    rows: counts.rows,
    environment: environment ?? null,
    falseAlarmRate,
    exact,
    anomalies,
    tolerated: judged.filter(({ isTolerated }) => isTolerated).map(({ anomaly }) => anomaly),
    notChecked: counts.notChecked,
    counts,
  };
}

interface Judged {
  readonly anomaly: Anomaly;
  readonly isTolerated: boolean;
}

interface Rule {
  readonly level: number;
  readonly exact: boolean;
}

/** Among how many decisions the false-alarm rate is divided: those that leave something to chance. */
function countTolerances({ columns, comparisons = [] }: DataSchema): number {
  const isOpen = (share: number | undefined): boolean => share !== undefined && share > 0 && share < 1;
  const ofColumns = columns.map(
    ({ mostly = {}, mostFrequentShare }) =>
      Object.values(mostly).filter(isOpen).length + (mostFrequentShare === undefined ? 0 : 1),
  );
  const ofComparisons = comparisons.filter(({ mostly }) => isOpen(mostly)).length;
  return ofColumns.reduce((sum, count) => sum + count, ofComparisons);
}

function fails(violations: number, trials: number, mostly: number, { level, exact }: Rule): boolean {
  return exact
    ? trials > 0 && 1 - violations / trials < mostly
    : isBelowShare(violations, trials, mostly, level);
}

function judgeRows({ rows = {} }: DataSchema, count: number): Judged[] {
  const { minimum = 0, maximum = Infinity } = rows;
  if (count >= minimum && count <= maximum) return [];
  const text =
    count < minimum
      ? `There are ${count} rows, less than ${minimum}`
      : `There are ${count} rows, more than ${maximum}`;
  const code = count < minimum ? "TOO_FEW_ROWS" : "TOO_MANY_ROWS";
  return [{ anomaly: anomalyOf(code, null, text, { count, of: count }), isTolerated: false }];
}

function judgeColumn(column: ColumnSchema, found: ColumnCounts, rule: Rule): Judged[] {
  const expected = new Map(valueChecksOf(column).map((check) => [check.name as string, check.expected]));
  const judged = found.checks.flatMap((counts): Judged[] => {
    const { check, trials, violations } = counts;
    if (violations === 0 || (check === "presence" && !asksForPresence(column))) return [];
    const isAbsent = check === "presence" && found.isAbsent;
    const name = shareChecks.find((candidate) => candidate === check);
    const mostly = name === undefined ? 1 : mostlyOf(column, name);
    const code = isAbsent ? "COLUMN_MISSING" : codeOfCheck[check];
    const text = isAbsent
      ? `The column ${JSON.stringify(column.name)} is missing`
      : sentence(column.name, counts, expected.get(check));
    const details: Details = {
      count: violations,
      of: trials,
      mostly,
      examples: isAbsent ? [] : counts.examples,
      accuracy: counts.accuracy ?? "exact",
    };
    return [
      {
        anomaly: anomalyOf(code, column.name, text, details),
        isTolerated: !fails(violations, trials, mostly, rule),
      },
    ];
  });
  return [...judged, ...judgeVariation(column, found, rule)];
}

function judgeVariation(column: ColumnSchema, { observed }: ColumnCounts, rule: Rule): Judged[] {
  const { name, mostFrequentShare } = column;
  const { compared, only } = observed;
  if (mostFrequentShare === undefined || only === null || compared < 2) return [];
  const chance = mostFrequentShare ** (compared - 1);
  const text = `All ${compared} values of ${JSON.stringify(name)} are the same`;
  return [
    {
      anomaly: anomalyOf("CONSTANT_COLUMN", name, text, { count: compared, of: compared }),
      isTolerated: !rule.exact && chance >= rule.level,
    },
  ];
}

function sentence(
  name: string,
  { check, trials, violations, accuracy }: CheckCounts,
  expected?: string,
): string {
  const many = `${accuracy === undefined ? "" : accuracy === "about" ? "About " : "At least "}${violations} of ${trials}`;
  const column = JSON.stringify(name);
  switch (check) {
    case "presence":
      return `${many} rows have no value in ${column}`;
    case "null":
      return `${many} rows have null in ${column}`;
    case "unique":
      return `${many} values of ${column} have come before`;
    case "monotonic":
      return `${many} values of ${column} are out of order`;
    default:
      return `${many} values of ${column} are not ${expected ?? "as expected"}`;
  }
}

interface Details {
  readonly count: number;
  readonly of: number;
  readonly mostly?: number;
  readonly examples?: Anomaly["examples"];
  readonly accuracy?: Anomaly["accuracy"];
}

function anomalyOf(
  code: AnomalyCode,
  column: string | null,
  text: string,
  { count, of, mostly, examples = [], accuracy = "exact" }: Details,
): Anomaly {
  const share = of === 0 ? 0 : count / of;
  const isShare = mostly !== undefined && mostly < 1;
  const message = isShare
    ? `${text}; ${percent(mostly)} have to pass, and ${percent(1 - share)} do.`
    : `${text}.`;
  return { code, column, message, count, of, share, accuracy, mostly: mostly ?? null, examples };
}

/** Cut, not rounded, so that 99.996 % does not read as all. */
function percent(share: number): string {
  return `${Math.floor(share * 10_000) / 100} %`;
}
