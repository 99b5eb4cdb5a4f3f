import type { ColumnResult, SpecialCell } from "../../verdict/column-result.ts";
import type { PlottedBin } from "../../verdict/plotted-bin.ts";
import { formatCount, formatDifference, formatShare } from "../wording/format-number.ts";
import { specialCellTerms } from "../wording/terms.ts";
import { visibleName } from "../wording/visible-text.ts";
import { type Markup, markup } from "./markup.ts";

/** So many categories get a row of their own. */
const shownCategories = 10;

interface ShareRow {
  readonly label: Markup;
  readonly reference: number;
  readonly current: number;
}

/** Categories and special cells with a bar for each side. `null` where a column has neither. */
export function sharesTable(column: ColumnResult): Markup | null {
  const rows = [...categoryRows(column.bins), ...column.specialCells.map(specialRow)];
  if (rows.length === 0) return null;
  const largest = Math.max(...rows.flatMap(({ reference, current }) => [reference, current]));
  const what = column.bins.some(({ kind }) => kind === "category")
    ? "Categories"
    : "Rows without an ordinary value";
  return markup`<table class="shares">
    <caption>${what}, as shares of all rows</caption>
    <thead><tr><th>${column.kind === "categorical" || column.kind === "boolean" ? "Category" : "Cell"}<th>Reference above<th>Reference<th>Current<th>Change</thead>
    <tbody>${rows.map((row) => shareRow(row, largest))}</tbody>
  </table>`;
}

function categoryRows(bins: readonly PlottedBin[]): ShareRow[] {
  const categories = bins.filter(({ kind }) => kind === "category");
  const byWeight = [...categories].sort((left, right) => weightOf(right) - weightOf(left));
  const shown = new Set(byWeight.slice(0, shownCategories));
  const rest = [
    ...categories.filter((bin) => !shown.has(bin)),
    ...bins.filter(({ kind, label }) => kind === "special" && label === "<others>"),
  ];
  const sum = (share: "referenceShare" | "currentShare"): number =>
    Math.min(
      rest.reduce((total, bin) => total + bin[share], 0),
      1,
    );
  const others: ShareRow[] =
    rest.length === 0
      ? []
      : [
          {
            label: markup`<i>all others</i>`,
            reference: sum("referenceShare"),
            current: sum("currentShare"),
          },
        ];
  return [
    ...categories
      .filter((bin) => shown.has(bin))
      .map((bin) => ({
        label: markup`<bdi>${visibleName(bin.label)}</bdi>`,
        reference: bin.referenceShare,
        current: bin.currentShare,
      })),
    ...others,
  ];
}

function specialRow({
  cell,
  referenceShare,
  currentShare,
  referenceWeight,
  currentWeight,
}: SpecialCell): ShareRow {
  const weights = `${formatCount(referenceWeight)} and ${formatCount(currentWeight)} rows`;
  return {
    label: markup`<i>${specialCellTerms[cell]}</i> <small>${weights}</small>`,
    reference: referenceShare,
    current: currentShare,
  };
}

function shareRow({ label, reference, current }: ShareRow, largest: number): Markup {
  const lengthOf = (share: number): number => (largest > 0 ? Math.round((1000 * share) / largest) / 10 : 0);
  return markup`<tr><th>${label}<td class="bars"><svg viewBox="0 0 100 12" preserveAspectRatio="none" aria-hidden="true"><path class="reference" d="M0 3H${lengthOf(reference)}"/><path class="current" d="M0 9H${lengthOf(current)}"/></svg><td>${formatShare(reference)}<td>${formatShare(current)}<td>${formatDifference(current - reference)}`;
}

function weightOf({ referenceShare, currentShare }: PlottedBin): number {
  return Math.max(referenceShare, currentShare);
}
