import type { ColumnResult } from "../../verdict/column-result.ts";
import type { DriftResult } from "../../verdict/drift-result.ts";
import { decidingEvidence } from "../wording/deciding-evidence.ts";
import { describeEstimate } from "../wording/describe-effect.ts";
import { formatPValue } from "../wording/format-number.ts";
import { subjectTerms } from "../wording/terms.ts";
import { visibleName } from "../wording/visible-text.ts";
import { sparkline } from "./distribution-chart.ts";
import { intervalPlot } from "./interval-plot.ts";
import { type Markup, markup } from "./markup.ts";
import { statusMark } from "./status-mark.ts";

/** All columns in the order in which they need attention, one line each. */
export function rankingTable({ columns }: DriftResult): Markup {
  return markup`<table class="ranking">
    <caption>Columns, the one that needs attention first</caption>
    <thead><tr><th>#<th>Column<th>Verdict<th>Distribution<th>Effect<th>Interval and threshold<th>Adjusted p</thead>
    <tbody>${columns.map(rankingRow)}</tbody>
  </table>`;
}

function rankingRow(column: ColumnResult): Markup {
  const { rank, name, status, adjustedPValue } = column;
  const deciding = decidingEvidence(column);
  const effect =
    deciding === undefined
      ? markup`–`
      : markup`${describeEstimate(deciding.effect)} <small>${subjectTerms[deciding.subject]}</small>`;
  return markup`<tr class="row-${status}"><td>${rank}<th><a href="#column-${rank}"><bdi>${visibleName(name)}</bdi></a>
    <td>${statusMark(status)}<td>${sparkline(column)}<td>${effect}<td>${deciding === undefined ? null : intervalPlot(deciding.effect, `interval-${rank}`)}<td>${adjustedPValue === null ? "–" : formatPValue(adjustedPValue)}`;
}
