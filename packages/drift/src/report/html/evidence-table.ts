import type { ColumnResult } from "../../verdict/column-result.ts";
import type { Evidence } from "../../verdict/evidence.ts";
import { decidingEvidence } from "../wording/deciding-evidence.ts";
import { describeEstimate, describeInterval, describeThreshold } from "../wording/describe-effect.ts";
import { formatPValue } from "../wording/format-number.ts";
import { materialityTerms, measureTerms, subjectTerms, testTerms } from "../wording/terms.ts";
import { visibleText } from "../wording/visible-text.ts";
import { decorativePlot } from "./interval-plot.ts";
import { type Markup, markup } from "./markup.ts";

/** The tests of a column besides the deciding one; `null` where there are none. */
export function evidenceTable(column: ColumnResult): Markup | null {
  const deciding = decidingEvidence(column);
  const others = column.evidence.filter((each) => each !== deciding);
  if (others.length === 0) return null;
  return markup`<table class="evidence">
    <caption>Other tests of this column</caption>
    <thead><tr><th>Test<th>p<th>Effect<th>Interval and threshold</thead>
    <tbody>${others.map(evidenceRow)}</tbody>
  </table>`;
}

function evidenceRow(evidence: Evidence): Markup {
  const { subject, test, why, isSignificant, effect } = evidence;
  return markup`<tr><th><b>${subjectTerms[subject]}</b>: ${testTerms[test]} <small>${visibleText(why, 200)}</small>
    <td>${describePValue(evidence)} <small>${isSignificant ? "stands" : "may be chance"}</small>
    <td>${describeEstimate(effect)} <small>${describeInterval(effect)}</small>
    <td>${decorativePlot(effect)}<small>${materialityTerms[effect.materiality]} (from ${describeThreshold(effect)})</small>`;
}

/** A p-value, with its other bound where only bounds are known. */
export function describePValue({ pValue: { low, high } }: Evidence): string {
  return low === high ? formatPValue(high) : `${formatPValue(high)} (from ${formatPValue(low)})`;
}

/** What the effects of some columns measure, once for the page. */
export function measuresUsed(columns: readonly ColumnResult[]): string[] {
  const measures = new Set(columns.flatMap(({ evidence }) => evidence.map(({ effect }) => effect.measure)));
  return Array.from(measures, (measure) => measureTerms[measure]);
}
