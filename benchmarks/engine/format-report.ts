import { formatNumber } from "../lib/format-number.ts";
import type { Measurements } from "../lib/measurements.ts";
import type { Row } from "../lib/row.ts";
import { formatRows } from "../lib/row-table.ts";
import { formatTable } from "../lib/table.ts";
import { goalsOf, loadFigures, nameOfFigure, nameOfMemory } from "./figures.ts";
import { nameOfLoad } from "./load.ts";
import type { ToRowsOptions } from "./to-rows.ts";

/** The report as text: each model's loads with all subjects side by side, then what was asked and whether it holds. */
export function formatReport(
  measurements: Measurements,
  rows: readonly Row[],
  { models, loads, subjects }: ToRowsOptions,
): string {
  const sections = models.flatMap(({ name: model }) => {
    const table = (title: string, columns: readonly { title: string; figure: string }[]): string =>
      formatTable(
        [{ title }, ...columns.map((column) => ({ title: column.title, align: "end" }) as const)],
        subjects.map((subject) => [
          subject,
          ...columns.map(({ figure }) => {
            const value = measurements.value({ figure, subject });
            return value === undefined ? "" : formatNumber(value);
          }),
        ]),
      );
    const ofLoads = loads.map((load) => {
      const columns = loadFigures.map(({ title, unit }) => ({
        title: unit === "ms" ? `${title} ms` : title,
        figure: nameOfFigure(model, load, title),
      }));
      return table(`${model}, ${nameOfLoad(load)}`, columns);
    });
    return [
      ...ofLoads,
      table(`${model}, process`, [{ title: "peak memory MB", figure: nameOfMemory(model) }]),
    ];
  });
  const names = new Set(
    models.flatMap(({ name }) =>
      goalsOf(name).map(({ figure, against }) =>
        against === undefined ? figure : `${figure}, against ${against}`,
      ),
    ),
  );
  return [...sections, formatRows(rows.filter(({ name }) => names.has(name)))].join("\n\n");
}
