import type { ColumnResult } from "../../verdict/column-result.ts";
import type { DriftResult } from "../../verdict/drift-result.ts";
import { decidingEvidence } from "../wording/deciding-evidence.ts";
import { describeEstimate, describeInterval, describeThreshold } from "../wording/describe-effect.ts";
import {
  formatCount,
  formatLevel,
  formatNumber,
  formatPValue,
  formatShare,
} from "../wording/format-number.ts";
import { currentRowsFor } from "../wording/sensitivity.ts";
import { subjectTerms, testTerms } from "../wording/terms.ts";
import { visibleText } from "../wording/visible-text.ts";
import { describePValue } from "./evidence-table.ts";
import { repeatedPlot } from "./interval-plot.ts";
import { type Markup, markup } from "./markup.ts";

/** The two questions of a verdict with their answers, and how small a change could have been found. */
export function gates(column: ColumnResult, { levelOfThisLook }: DriftResult): Markup | null {
  const deciding = decidingEvidence(column);
  if (deciding === undefined) return null;
  const { subject, test, why, effect, isSignificant } = deciding;
  const { adjustedPValue } = column;
  const chance =
    adjustedPValue === null
      ? ""
      : `: adjusted p ${formatPValue(adjustedPValue)} ${adjustedPValue <= levelOfThisLook ? "≤" : ">"} ${formatNumber(levelOfThisLook)}`;
  const level = `${formatLevel(effect.confidence)} interval ${describeInterval(effect)}`;
  return markup`<dl class="gates">
    <div><dt>1. More than chance?<dd><b>${isSignificant ? "Yes" : "Not shown"}</b>${chance} <small>Of ${subjectTerms[subject]}: ${testTerms[test]}, p ${describePValue(deciding)}; ${visibleText(why, 200)}</small></div>
    <div><dt>2. Large enough to matter?<dd><b>${answers[effect.materiality]}</b>: ${describeEstimate(effect)}; it matters from ${describeThreshold(effect)} on ${repeatedPlot(`interval-${column.rank}`)}<small>${level}</small></div>
    <div><dt>Smallest change that would be found<dd>${sensitivityText(column)}</div>
  </dl>`;
}

const answers = { material: "Yes", possible: "Not ruled out", negligible: "No" } as const;

function sensitivityText(column: ColumnResult): string {
  const { minimumDetectableShift: shift } = column;
  if (shift === null) return "Nothing can be said of the values.";
  const now = `${formatShare(shift)} of rows, in 8 of 10 cases`;
  const target = [0.2, 0.1, 0.05, 0.02, 0.01].find((share) => share < 0.95 * shift);
  const rows = target === undefined ? null : currentRowsFor(column, target);
  if (target === undefined || rows === null) return `${now}.`;
  return rows === Infinity
    ? `${now}. For ${formatShare(target)} the reference is too small.`
    : `${now}. For ${formatShare(target)} it takes about ${formatCount(Number(rows.toPrecision(2)))} current rows.`;
}
