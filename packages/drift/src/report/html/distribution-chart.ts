import type { ColumnResult } from "../../verdict/column-result.ts";
import type { PlottedBin } from "../../verdict/plotted-bin.ts";
import { formatPercentage, formatShare } from "../wording/format-number.ts";
import { visibleText } from "../wording/visible-text.ts";
import { fullHeight, stepOutline } from "./bar-path.ts";
import { type Markup, markup } from "./markup.ts";

/** A column's distribution in miniature: the reference filled, the current data as a line over it. */
export function sparkline({ bins, rank }: ColumnResult): Markup {
  return bins.length === 0
    ? markup`–`
    : markup`<svg class="spark" ${shapeOf(bins)} aria-hidden="true"><g id="bars-${rank}">${outlines(bins)}</g></svg>`;
}

/**
 * The ranges of a column of numbers, moments, texts or vectors as an overlaid histogram, with the same
 * figures as a table below. `null` where there are no ranges.
 */
export function distributionChart(column: ColumnResult): Markup | null {
  const ranges = column.bins.filter(({ kind }) => kind === "range");
  if (ranges.length === 0) return null;
  const largest = Math.max(...ranges.flatMap((bin) => [bin.referenceShare, bin.currentShare]));
  // What the ranking has drawn already is drawn once.
  const paths =
    ranges.length === column.bins.length ? markup`<use href="#bars-${column.rank}"/>` : outlines(ranges);
  return markup`<div class="chart">
    <p class="top">${formatShare(largest)}</p>
    <svg class="plot" ${shapeOf(ranges)} role="img"><title>Distribution, reference and current</title><desc>${measured(column)}: ${describeChange(ranges)}</desc>${paths}</svg>
    <p class="${ranges.length <= fewRanges ? "ends few" : "ends"}">${axisLabels(ranges).map((label) => markup`<span>${label}</span>`)}</p>
  </div>
  <details class="figures"><summary>Figures of the chart</summary>
    <table>
      <caption>Per cent of all rows by range</caption>
      <thead><tr><th>Range<th>Reference<th>Current</thead>
      <tbody>${ranges.map(
        ({ label, from, to, referenceShare, currentShare }, index) =>
          markup`<tr><th>${from !== null && from !== to && ranges[index - 1]?.to === from ? upperEnd(label) : visibleText(label)}<td>${formatPercentage(referenceShare)}<td>${formatPercentage(currentShare)}`,
      )}</tbody>
    </table>
  </details>`;
}

function outlines(bins: readonly PlottedBin[]): Markup {
  const largest = Math.max(...bins.flatMap((bin) => [bin.referenceShare, bin.currentShare]));
  const pathOf = (share: "referenceShare" | "currentShare"): string =>
    stepOutline(
      bins.map((bin) => bin[share]),
      largest,
    );
  return markup`<path class="reference" d="${pathOf("referenceShare")}"/><path class="current" d="${pathOf("currentShare")}"/>`;
}

function shapeOf(bins: readonly PlottedBin[]): Markup {
  return markup`viewBox="0 0 ${bins.length} ${fullHeight + 4}" preserveAspectRatio="none"`;
}

/** What the ranges are of. */
function measured({ kind }: ColumnResult): string {
  if (kind === "text") return "Length of the text";
  return kind === "embedding" ? "Distance from the reference’s mean" : "Values";
}

function describeChange(bins: readonly PlottedBin[]): string {
  const sizeOf = (bin: PlottedBin): number => Math.abs(bin.currentShare - bin.referenceShare);
  const [most] = [...bins].sort((left, right) => sizeOf(right) - sizeOf(left));
  if (most === undefined) return "";
  return `the largest change is from ${formatShare(most.referenceShare)} to ${formatShare(most.currentShare)} of rows, in ${visibleText(most.label)}.`;
}

/** Where a chart has no more ranges, each has its own label below it. */
const fewRanges = 5;

/** The labels of the first, the last, and three edges between them; of every range where there are few. */
function axisLabels(ranges: readonly PlottedBin[]): string[] {
  if (ranges.length <= fewRanges) return ranges.map(({ label }) => shortMoment(label));
  const last = ranges.length - 1;
  const edges = [1, 2, 3].map((quarter) => {
    const range = ranges[Math.round((quarter * ranges.length) / 4)]!;
    return range.label.split(" – ")[0] ?? "";
  });
  return [ranges[0]!.label, ...edges, ranges[last]!.label].map(shortMoment);
}

/** What follows on the range above it needs to say only where it ends. */
function upperEnd(label: string): string {
  const [, end] = label.split(" – ");
  return end === undefined ? visibleText(label) : `to ${visibleText(end)}`;
}

/** Days are enough below a chart. */
function shortMoment(label: string): string {
  return visibleText(label).replace(/(\d{4}-\d\d-\d\d)T[\d:.]+Z/g, "$1");
}
