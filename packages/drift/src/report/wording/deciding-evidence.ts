import type { ColumnResult } from "../../verdict/column-result.ts";
import type { Evidence } from "../../verdict/evidence.ts";

/** The test that a column's verdict rests on: of those that stand, one that may matter before one that does not. */
export function decidingEvidence({ evidence }: ColumnResult): Evidence | undefined {
  const standing = evidence.filter(({ isSignificant }) => isSignificant);
  return standing.find(({ effect }) => effect.materiality !== "negligible") ?? standing[0] ?? evidence[0];
}
