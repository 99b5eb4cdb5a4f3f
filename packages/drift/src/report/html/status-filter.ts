import type { DriftResult } from "../../verdict/drift-result.ts";
import { driftStatuses } from "../../verdict/drift-status.ts";
import { statusTerms } from "../wording/terms.ts";
import { type Markup, markup } from "./markup.ts";

/** Shows the columns of one status. The style does it, so it works without a script. */
export function statusFilter({ columns, statusCounts }: DriftResult): Markup | null {
  const present = driftStatuses.filter((status) => statusCounts[status] > 0);
  if (present.length < 2) return null;
  const choice = (id: string, label: string, count: number, checked: Markup | null): Markup =>
    markup`<label><input type="radio" name="show" id="show-${id}"${checked}> ${label} <small>${count}</small></label>`;
  return markup`<fieldset class="filter"><legend>Show</legend>
    ${choice("all", "All", columns.length, markup` checked`)}
    ${present.map((status) => choice(status, statusTerms[status].label, statusCounts[status], null))}
  </fieldset>`;
}
