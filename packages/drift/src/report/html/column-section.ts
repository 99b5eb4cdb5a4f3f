import type { ColumnKind } from "../../profile/profile.ts";
import type { ColumnResult } from "../../verdict/column-result.ts";
import type { DriftResult } from "../../verdict/drift-result.ts";
import { formatCount } from "../wording/format-number.ts";
import { visibleName, visibleText } from "../wording/visible-text.ts";
import { distancesTable, rulesTable } from "./distances-table.ts";
import { distributionChart } from "./distribution-chart.ts";
import { evidenceTable } from "./evidence-table.ts";
import { gates } from "./gates.ts";
import { type Markup, markup } from "./markup.ts";
import { sharesTable } from "./shares-table.ts";
import { statusMark } from "./status-mark.ts";

/** What a distribution is of, where it is not of the values themselves. */
const shownMeasures: Readonly<Record<ColumnKind, string>> = {
  numeric: "",
  datetime: "",
  categorical: "",
  boolean: "",
  text: " of the length",
  embedding: " of the distance from the reference’s mean",
};

/** So many columns that need attention are unfolded from the start. */
const unfolded = 5;

/** All that is known of one column, folded away unless it is among the first that need attention. */
export function columnSection(column: ColumnResult, result: DriftResult): Markup {
  const { rank, name, kind, status, reason, valueRows } = column;
  const isOpen = rank <= unfolded && status !== "stable";
  const start = markup`class="column row-${status}"`;
  const chart = distributionChart(column);
  const shares = sharesTable(column);
  const verdict = gates(column, result);
  const distribution =
    chart === null && shares === null
      ? null
      : markup`<section><h4>Distribution${shownMeasures[kind ?? "numeric"]}</h4>
          <p class="key"><span class="reference">Reference, ${formatCount(valueRows.reference)} values</span> <span class="current">Current, ${formatCount(valueRows.current)} values</span></p>
          ${chart}${shares}</section>`;
  return markup`<details ${start}${isOpen ? markup` open` : null}>
    <summary><h3><bdi>${visibleName(name)}</bdi> <small>${kind ?? "unknown kind"}</small></h3>${statusMark(status)}</summary>
    <div id="column-${rank}" class="body">
      <p class="reason">${visibleText(reason, 600).replace(/(?<=\d) %/g, "\u00a0%")}</p>
      <div class="halves">
        ${distribution}
        ${verdict === null ? null : markup`<section><h4>Two gates</h4>${verdict}</section>`}
      </div>
      ${evidenceTable(column)}
      <div class="halves">${distancesTable(column)}${rulesTable(column)}</div>
    </div>
  </details>`;
}
