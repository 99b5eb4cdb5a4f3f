import { formatNumber } from "./format-number.ts";
import type { Row } from "./row.ts";
import { formatTable } from "./table.ts";

/** Rows as aligned text, as every benchmark prints them. */
export function formatRows(rows: readonly Row[]): string {
  return formatTable(
    [
      { title: "name" },
      { title: "value", align: "end" },
      { title: "unit" },
      { title: "against" },
      { title: "ratio", align: "end" },
      { title: "of rounds" },
      { title: "goal" },
      { title: "holds" },
    ],
    rows.map(({ name, value, unit, against, ratio, ratioRange, goal, holds }) => [
      name,
      formatNumber(value),
      unit,
      against ?? "",
      ratio === null ? "" : formatNumber(ratio),
      ratioRange === null ? "" : ratioRange.map(formatNumber).join(" to "),
      goal ?? "",
      holds === null ? (goal === null ? "" : "not judged") : holds ? "yes" : "NO",
    ]),
  );
}
