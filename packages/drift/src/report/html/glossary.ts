import type { DriftResult } from "../../verdict/drift-result.ts";
import { driftStatuses } from "../../verdict/drift-status.ts";
import { formatLevel } from "../wording/format-number.ts";
import { statusTerms } from "../wording/terms.ts";
import { visibleText } from "../wording/visible-text.ts";
import { formulasUsed } from "./distances-table.ts";
import { measuresUsed } from "./evidence-table.ts";
import { type Markup, markup } from "./markup.ts";

/** How to read the page: the statuses, the plots, the effects and the formulas. */
export function glossary({ columns, alpha }: DriftResult): Markup {
  const measures = measuresUsed(columns);
  const formulas = formulasUsed(columns);
  return markup`<section class="glossary"><h2>How to read this</h2>
    <dl>
      ${driftStatuses.map((status) => markup`<div><dt>${statusTerms[status].label}<dd>${statusTerms[status].meaning}</div>`)}
      <div><dt>Two gates<dd>A column drifted where a change is more than chance, after adjusting for all tests of all columns, and where the interval of its size reaches what matters.</div>
      <div><dt>Interval plot<dd>The diamond is the effect, the line its interval. Shaded up to the dashed line, a change is too small to matter.</div>
      ${measures.length === 0 ? null : markup`<div><dt>Effects<dd>${measures.join("; ")}. “SD” is standard deviations.</div>`}
      <div><dt>Calibrated<dd>A threshold that sampling alone passes so rarely that over all columns the rate is ${formatLevel(alpha)}. None of the distances and rules decides here.</div>
      ${formulas.map(([name, formula]) => markup`<div><dt>${name}<dd class="formula">${visibleText(formula, 200)}</div>`)}
    </dl>
  </section>`;
}
