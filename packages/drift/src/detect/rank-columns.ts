import type { ColumnResult } from "../verdict/column-result.ts";
import { driftStatuses } from "../verdict/drift-status.ts";
import type { UnrankedColumn } from "./judge-column.ts";

/** The columns that need attention first: by status, p-value, effect, and name. */
export function rankColumns(columns: readonly UnrankedColumn[]): ColumnResult[] {
  return [...columns]
    .sort(
      (left, right) =>
        driftStatuses.indexOf(left.status) - driftStatuses.indexOf(right.status) ||
        (left.pValue ?? 2) - (right.pValue ?? 2) ||
        largestEffect(right) - largestEffect(left) ||
        (left.name < right.name ? -1 : 1),
    )
    .map((column, index) => ({ ...column, rank: index + 1 }));
}

/** In multiples of what matters. */
function largestEffect({ evidence }: UnrankedColumn): number {
  return Math.max(0, ...evidence.map(({ effect }) => Math.abs(effect.estimate) / effect.threshold));
}
