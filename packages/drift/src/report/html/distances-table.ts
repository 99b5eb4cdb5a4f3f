import type { ColumnResult } from "../../verdict/column-result.ts";
import type { DistanceResult, RuleResult } from "../../verdict/distance-result.ts";
import { formatNumber, formatPValue } from "../wording/format-number.ts";
import { distanceTerms, ruleTerms } from "../wording/terms.ts";
import { type Markup, markup } from "./markup.ts";

/** The usual distances beside what sampling alone makes of them; `null` where there are none. */
export function distancesTable({ distances }: ColumnResult): Markup | null {
  if (distances.length === 0) return null;
  return markup`<table class="distances">
    <caption>Usual distances beside what sampling alone gives</caption>
    <thead><tr><th>Distance<th>Value<th>Mean without change<th>Calibrated threshold<th>Above</thead>
    <tbody>${distances.map(distanceRow)}</tbody>
  </table>`;
}

function distanceRow({ name, value, expectedWithoutChange, calibratedThreshold }: DistanceResult): Markup {
  const above = calibratedThreshold === null ? "–" : answer(value >= calibratedThreshold);
  return markup`<tr><th>${distanceTerms[name]}<td>${formatNumber(value)}<td>${orDash(expectedWithoutChange)}<td>${orDash(calibratedThreshold)}<td>${above}`;
}

/** Rules people know, as they are and calibrated; `null` where none applies. */
export function rulesTable({ rules }: ColumnResult): Markup | null {
  if (rules.length === 0) return null;
  return markup`<table class="rules">
    <caption>Well-known rules, bare and calibrated to these sizes</caption>
    <thead><tr><th>Rule<th>Value<th>Bare<th>Calibrated to<th>Calibrated</thead>
    <tbody>${rules.map(ruleRow)}</tbody>
  </table>`;
}

function ruleRow({ rule, value, fires, calibratedThreshold, firesCalibrated }: RuleResult): Markup {
  const shown = rule === "ks-0.05" ? formatPValue(value) : formatNumber(value);
  return markup`<tr><th>${ruleTerms[rule]}<td>${shown}<td>${answer(fires)}<td>${formatNumber(calibratedThreshold)}<td>${answer(firesCalibrated)}`;
}

/** How many columns each rule would have called drifted. `null` where no rule applies anywhere. */
export function rulesSummary(columns: readonly ColumnResult[]): Markup | null {
  const rules = columns.flatMap((column) => column.rules);
  const names = Array.from(new Set(rules.map(({ rule }) => rule)));
  if (names.length === 0) return null;
  const drifted = columns.filter(({ status }) => status === "drift").length;
  return markup`<table class="rules">
    <caption>What fixed rules would have said</caption>
    <thead><tr><th>Rule<th>Columns<th>Fires bare<th>Calibrated</thead>
    <tbody>${names.map((name) => {
      const own = rules.filter(({ rule }) => rule === name);
      return markup`<tr><th>${ruleTerms[name]}<td>${own.length}<td>${own.filter(({ fires }) => fires).length}<td>${own.filter(({ firesCalibrated }) => firesCalibrated).length}`;
    })}<tr><th>This report<td>${columns.length}<td>–<td>${drifted}</tbody>
  </table>`;
}

/** The formula of each distance that occurs, once for the page. */
export function formulasUsed(columns: readonly ColumnResult[]): (readonly [name: string, formula: string])[] {
  const formulas = new Map(
    columns.flatMap(({ distances }) =>
      distances.map(({ name, formula }) => [distanceTerms[name], formula] as const),
    ),
  );
  return [...formulas];
}

function answer(isYes: boolean): Markup {
  return isYes ? markup`<b>yes</b>` : markup`no`;
}

function orDash(value: number | null): string {
  return value === null ? "–" : formatNumber(value);
}
