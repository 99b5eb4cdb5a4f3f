import type { ColumnKind } from "../profile/profile.ts";
import type { UnrankedColumn } from "./judge-column.ts";

/** The row of a column that could not be compared. */
export function invalidColumn(name: string, kind: ColumnKind | null, reason: string): UnrankedColumn {
  return {
    name,
    kind,
    status: "invalid",
    reason,
    pValue: null,
    adjustedPValue: null,
    evidence: [],
    minimumDetectableShift: null,
    valueRows: { reference: 0, current: 0 },
    specialCells: [],
    distances: [],
    rules: [],
    bins: [],
  };
}
