import { InvalidDriftOptionsError } from "../errors/invalid-drift-options-error.ts";
import { profile } from "../profile/create-profile.ts";
import { columnsOf, type ProfileData } from "../profile/profile-data.ts";
import type { ColumnsOptions } from "../profile/profile-options.ts";
import { effectiveRows, type Profile } from "../profile/profile.ts";
import { countColumn } from "./count-column.ts";
import { countProfileColumn } from "./count-profile.ts";
import type { ColumnCounts } from "./column-counts.ts";
import { type ColumnSchema, type DataSchema, type ShareCheck, shareChecks } from "./data-schema.ts";
import { type DraftColumn, draftColumn } from "./draft-column.ts";
import { isProfile } from "./is-profile.ts";
import { observeTexts } from "./observe-texts.ts";
import { parseSchema } from "./parse-schema.ts";
import { coverageOfExtremes, upperShare } from "./tolerances.ts";

/** Options of {@link inferSchema}. */
export interface InferOptions {
  /**
   * How far beyond the reference's smallest and largest value the range reaches, in widths of the
   * reference's range; at least 0, by default 0.5.
   */
  readonly margin?: number;
  /**
   * How likely any of the tolerances is too tight for data like the reference, in (0, 0.5); by
   * default 0.005. See {@link inferSchema}.
   */
  readonly falseAlarmRate?: number;
  /** Where the reference is no profile: how single columns are profiled. */
  readonly columns?: ColumnsOptions;
}

/**
 * The schema that a reference suggests: a draft to be read and edited. From rows or columns it also
 * learns formats of texts and uniqueness, which a profile does not keep.
 *
 * What no value of the reference broke is asked of every value: type, presence, being finite or
 * whole, a format. Where some broke it, `mostly` is the share that surely passes (Clopper-Pearson).
 * The range is made wider by `margin`, and how much of a batch may lie outside follows from the
 * number of values alone, for any distribution (Beta(n - 1, 2), Wilks 1941); how many of its
 * categories may be new, from those that came only once (Good 1953, with the Clopper-Pearson bound,
 * an approximation). A batch of independent rows like the reference's then exceeds any of these
 * shares with a probability of at most `falseAlarmRate`, and at most as much again comes from
 * `validate`: together 1 % for a whole batch of whatever size, by default. A fault that is possible
 * but did not occur in the reference is an anomaly when it occurs; that is no false alarm.
 *
 * A single new row is refused for its range with a probability of at most 2 / (n + 1), and far less
 * with the margin.
 *
 * @throws InvalidDriftOptionsError `INVALID_DRIFT_OPTIONS`
 * @throws InvalidDataError `INVALID_DATA` for what is neither a profile nor data.
 *
 * @example
 * ```ts
 * const schema = inferSchema([{ age: 31 }, { age: 45 }]);
 * schema.columns[0]; // { name: "age", kind: "numeric", required: true, finite: true, integer: true, minimum: 24, … }
 * ```
 */
export function inferSchema(reference: Profile | ProfileData, options: InferOptions = {}): DataSchema {
  const { margin = 0.5, falseAlarmRate = 0.005, columns: columnsOptions = {} } = options;
  checkMargin(margin);
  checkRate("falseAlarmRate", falseAlarmRate);
  const drafts = isProfile(reference)
    ? draftFromProfile(reference, margin)
    : draftFromData(reference, margin, columnsOptions);
  const rowCount = isProfile(reference) ? reference.rows : columnsOf(reference).rowCount;
  const level =
    falseAlarmRate / Math.max(sum(drafts.map((draft) => tolerancesOf(draft, undefined).count)), 1);
  return parseSchema({
    format: "mlops.drift.schema",
    version: 1,
    columns: drafts.map((draft) => tolerancesOf(draft, level).column),
    unknownColumns: "refuse",
    ...(rowCount > 0 ? { rows: { minimum: 1 } } : {}),
  });
}

/** @throws InvalidDriftOptionsError `INVALID_DRIFT_OPTIONS` unless it is in (0, 0.5). */
export function checkRate(option: string, rate: number): void {
  if (rate > 0 && rate < 0.5) return;
  throw new InvalidDriftOptionsError({
    option,
    problem: `is ${String(rate)}`,
    remedy: "Pass a probability above 0 and below 0.5.",
  });
}

function checkMargin(margin: number): void {
  if (Number.isFinite(margin) && margin >= 0) return;
  throw new InvalidDriftOptionsError({
    option: "margin",
    problem: `is ${String(margin)}`,
    remedy: "Pass a number from 0.",
  });
}

interface CountedDraft extends DraftColumn {
  readonly counts: ColumnCounts;
}

function draftFromProfile(reference: Profile, margin: number): CountedDraft[] {
  // Weighted rows are worth fewer ones of weight 1, and singletons are only known without weights.
  const scale = reference.weight === 0 ? 1 : effectiveRows(reference) / reference.weight;
  return reference.columns.map((found) => {
    const draft = draftColumn(found, reference, margin, undefined);
    const { counts } = countProfileColumn(draft.column, found, reference);
    return { ...draft, mostFrequent: Math.min(Math.ceil(draft.mostFrequent * scale), counts.values), counts };
  });
}

function draftFromData(data: ProfileData, margin: number, columnsOptions: ColumnsOptions): CountedDraft[] {
  const { rowCount, columns } = columnsOf(data);
  const reference = profile(data, { columns: columnsOptions });
  return reference.columns.map((found, index) => {
    const { values } = columns[index]!;
    const facts = found.kind === "text" || found.kind === "categorical" ? observeTexts(values) : undefined;
    const draft = draftColumn(found, reference, margin, facts);
    return { ...draft, counts: countColumn(draft.column, values, rowCount, 0) };
  });
}

/** The column with its tolerances at a level, or how many levels it will need. */
function tolerancesOf(
  draft: CountedDraft,
  level: number | undefined,
): { readonly column: ColumnSchema; readonly count: number } {
  const { counts, mostFrequent } = draft;
  const mostly: Partial<Record<ShareCheck, number>> = {};
  let count = 0;
  for (const { check, trials, violations } of counts.checks) {
    const name = shareChecks.find((candidate) => candidate === check);
    if (name === undefined || trials === 0) continue;
    const isSampled = name === "range" || name === "length" || name === "domain";
    // Keys are inferred from a lack of repetitions, which cannot exclude a rare one.
    if (name === "unique") mostly.unique = 0.95;
    if (name === "unique" || (violations === 0 && !isSampled)) continue;
    count += 1;
    if (level !== undefined) mostly[name] = shareOf(name, draft, { trials, violations, level });
  }
  let mostFrequentShare = 1;
  if (mostFrequent > 0 && counts.values > 0) {
    count += 1;
    if (level !== undefined) {
      mostFrequentShare = roundedUp(upperShare(Math.min(mostFrequent, counts.values), counts.values, level));
    }
  }
  const column = {
    ...draft.column,
    ...(Object.keys(mostly).length === 0 ? {} : { mostly }),
    ...(mostFrequentShare < 1 ? { mostFrequentShare } : {}),
  };
  return { column, count };
}

function shareOf(
  check: ShareCheck,
  draft: CountedDraft,
  {
    trials,
    violations,
    level,
  }: { readonly trials: number; readonly violations: number; readonly level: number },
): number {
  if (check === "range" || check === "length") {
    return Math.max(roundedDown(coverageOfExtremes(trials - violations, level)), 0);
  }
  const failures = Math.min(violations + (check === "domain" ? draft.singletons : 0), trials);
  return roundedDown(1 - upperShare(failures, trials, level));
}

/** Four digits of what may fail are enough to read, and keep the promise when rounded outwards. */
function roundedDown(share: number): number {
  return Math.floor(share * 1e6) / 1e6;
}

function roundedUp(share: number): number {
  return Math.min(Math.ceil(share * 1e6) / 1e6, 1);
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}
