import type { DriftResult, SampleSize } from "../../verdict/drift-result.ts";
import { driftStatuses } from "../../verdict/drift-status.ts";
import { formatCount, formatShare } from "../wording/format-number.ts";
import { explainRemedies, explainVerdict, verdictSentence } from "../wording/explain-result.ts";
import { detectableShiftWith, sensitivityOf } from "../wording/sensitivity.ts";
import { statusTerms } from "../wording/terms.ts";
import { visibleName } from "../wording/visible-text.ts";
import { rulesSummary } from "./distances-table.ts";
import { type Markup, markup } from "./markup.ts";
import { statusMark } from "./status-mark.ts";

/** The verdict on the whole, with the sizes it rests on. */
export function verdictBanner(result: DriftResult): Markup {
  const { status, reference, current, columns } = result;
  return markup`<section class="verdict row-${status}" aria-label="Verdict">
    <p class="statement">${statusMark(status)} ${verdictSentence(result)}</p>
    <dl class="sizes">
      <div><dt>Reference<dd>${sizeText(reference)}</div>
      <div><dt>Current<dd>${sizeText(current)}</div>
      <div><dt>Columns<dd>${formatCount(columns.length)}</div>
      ${driftStatuses.map((each) => markup`<div><dt>${statusTerms[each].label}<dd>${formatCount(result.statusCounts[each])}</div>`)}
    </dl>
  </section>`;
}

/** What the verdict means in plain words, beside what fixed rules would have said. */
export function meaning(result: DriftResult): Markup {
  return markup`<div class="halves">
    <section><h2>What this means</h2>${explainVerdict(result).map((text) => markup`<p>${text}</p>`)}</section>
    ${rulesSummary(result.columns)}
  </div>`;
}

/** What would change the verdict, or make it sharper. */
export function remedies(result: DriftResult): Markup {
  return markup`<section><h2>What would change it</h2><div class="halves">
    <ul>${explainRemedies(result).map((text) => markup`<li>${text}`)}</ul>
    ${sensitivityTable(result)}
  </div></section>`;
}

/** How small a change would be found with more rows. */
function sensitivityTable(result: DriftResult): Markup | null {
  const sensitivity = sensitivityOf(result);
  if (sensitivity === null) return null;
  const { middle, least } = sensitivity;
  const shiftText = (shift: number | null): string => (shift === null ? "–" : formatShare(shift));
  return markup`<table class="sensitivity">
    <caption>More current rows, smaller changes found (8 times in 10, as shares of rows)</caption>
    <thead><tr><th>Current rows<th>Half of the columns<th>Least sensitive: <bdi>${visibleName(least.name)}</bdi></thead>
    <tbody>${[1, 4, 16].map((times) => {
      const label = times === 1 ? "as now" : `${times} times as many`;
      const [inMiddle, inLeast] = [middle, least].map((column) =>
        detectableShiftWith(column, times * column.valueRows.current),
      );
      return markup`<tr><th>${label}<td>${shiftText(inMiddle ?? null)}<td>${shiftText(inLeast ?? null)}`;
    })}</tbody>
  </table>`;
}

function sizeText({ rows, effectiveRows }: SampleSize): string {
  const isWeighted = Math.abs(rows - effectiveRows) > 0.05;
  return `${formatCount(rows)} rows${isWeighted ? `, worth ${formatCount(effectiveRows)}` : ""}`;
}
