import { equalMassGroups, sumGroups } from "@mlops/stats";
import { totalCount } from "../profile/cell-counts.ts";
import type { ColumnProfile, NumericSummary } from "../profile/profile.ts";
import type { SpecialCell } from "../verdict/column-result.ts";
import type { PlottedBin } from "../verdict/plotted-bin.ts";
import type { Sides } from "./sides.ts";

/** So many categories are shown; the rest in one bar. */
const shownCategories = 30;

/** A column in few cells, with its special cells at the end: what distances are of, and plots. */
export interface GroupedColumn {
  /** Weight per group. */
  readonly counts: Sides<Float64Array>;
  readonly bins: readonly PlottedBin[];
}

/** The column in about `groups` parts of equal mass in the reference, or its most frequent categories. */
export function groupColumn(
  columns: Sides<ColumnProfile>,
  weight: Sides<number>,
  special: readonly SpecialCell[],
  groups: number,
): GroupedColumn {
  const ordinary = ordinaryBins(columns, groups);
  const specials = special
    .filter(({ cell }) => cell !== "new-category")
    .map(({ cell, referenceWeight, currentWeight }): CountedBin => ({
      label: `<${cell}>`,
      kind: "special",
      from: null,
      to: null,
      reference: referenceWeight,
      current: currentWeight,
    }));
  const bins = [...ordinary, ...specials].filter(({ reference, current }) => reference + current > 0);
  return {
    counts: {
      reference: Float64Array.from(bins, ({ reference }) => reference),
      current: Float64Array.from(bins, ({ current }) => current),
    },
    bins: bins.map(({ reference, current, ...bin }) => ({
      ...bin,
      referenceShare: weight.reference === 0 ? 0 : reference / weight.reference,
      currentShare: weight.current === 0 ? 0 : current / weight.current,
    })),
  };
}

interface CountedBin extends Omit<PlottedBin, "referenceShare" | "currentShare"> {
  readonly reference: number;
  readonly current: number;
}

function ordinaryBins({ reference, current }: Sides<ColumnProfile>, groups: number): CountedBin[] {
  if (isNumeric(reference) && isNumeric(current)) {
    return rangesOf({ reference: reference.numbers, current: current.numbers }, groups, reference.kind);
  }
  if (isCategorical(reference) && isCategorical(current)) return categoriesOf({ reference, current });
  if (reference.kind === "text" && current.kind === "text") {
    return rangesOf(
      { reference: reference.descriptors.length, current: current.descriptors.length },
      groups,
      "numeric",
    );
  }
  if (reference.kind === "embedding" && current.kind === "embedding") {
    return rangesOf({ reference: reference.distance, current: current.distance }, groups, "numeric");
  }
  return [];
}

function rangesOf(
  { reference, current }: Sides<NumericSummary>,
  groups: number,
  kind: "numeric" | "datetime",
): CountedBin[] {
  const basis = totalCount(reference.counts) > 0 ? reference.counts : current.counts;
  if (totalCount(basis) === 0) return [];
  const { edges } = reference.cells;
  const grouping = equalMassGroups(basis, groups);
  const sums = {
    reference: sumGroups(reference.counts, grouping),
    current: sumGroups(current.counts, grouping),
  };
  const textOf = (edge: number | null): string => {
    if (edge === null) return "";
    return kind === "datetime" ? momentOf(edge) : String(Number(edge.toPrecision(4)));
  };
  return Array.from(sums.reference, (weight, group): CountedBin => {
    const first = grouping.groupOfCell.indexOf(group);
    const last = grouping.groupOfCell.lastIndexOf(group);
    const isPoint = first === last && reference.cells.isPoint(first);
    const to = edges[last] ?? null;
    const from = isPoint ? to : (edges[first - 1] ?? null);
    const label = isPoint
      ? textOf(to)
      : from === null && to === null
        ? "all"
        : from === null
          ? `≤ ${textOf(to)}`
          : to === null
            ? `> ${textOf(from)}`
            : `${textOf(from)} – ${textOf(to)}`;
    return { label, kind: "range", from, to, reference: weight, current: sums.current[group]! };
  });
}

function momentOf(milliseconds: number): string {
  const moment = new Date(milliseconds);
  return Number.isNaN(moment.getTime()) ? String(milliseconds) : moment.toISOString();
}

function categoriesOf({
  reference,
  current,
}: Sides<ColumnProfile & { readonly kind: "categorical" | "boolean" }>): CountedBin[] {
  const { categories } = reference;
  const shown = Math.min(categories.length, shownCategories);
  const binOf = (label: string, cell: number): CountedBin => ({
    label,
    kind: "category",
    from: null,
    to: null,
    reference: reference.counts[cell]!,
    current: current.counts[cell]!,
  });
  const bins = categories.slice(0, shown).map(binOf);
  const sumBetween = (counts: ArrayLike<number>, from: number, to: number): number => {
    let sum = 0;
    for (let cell = from; cell < to; cell += 1) sum += counts[cell]!;
    return sum;
  };
  const rest = (label: string, from: number, to: number): CountedBin => ({
    label,
    kind: "special",
    from: null,
    to: null,
    reference: sumBetween(reference.counts, from, to),
    current: sumBetween(current.counts, from, to),
  });
  const end = reference.counts.length;
  if (!reference.isComplete) return [...bins, rest("<others>", shown, end)];
  return [
    ...bins,
    rest("<others>", shown, categories.length),
    rest("<new-category>", categories.length, end),
  ];
}

function isNumeric(
  column: ColumnProfile,
): column is ColumnProfile & { readonly kind: "numeric" | "datetime" } {
  return column.kind === "numeric" || column.kind === "datetime";
}

function isCategorical(
  column: ColumnProfile,
): column is ColumnProfile & { readonly kind: "categorical" | "boolean" } {
  return column.kind === "categorical" || column.kind === "boolean";
}
