import { formatNumber } from "../lib/format-number.ts";
import type { Measurements } from "../lib/measurements.ts";
import type { Row } from "../lib/row.ts";
import { formatRows } from "../lib/row-table.ts";
import { type Column, formatTable } from "../lib/table.ts";
import { coldStart, loadFigure, loadFigures, peakMemory } from "./figures.ts";
import type { Scenario } from "./scenarios.ts";

/** Options of {@link formatReport}. */
export interface FormatReportOptions {
  readonly scenarios: readonly Scenario[];
  readonly subjects: readonly string[];
}

/** The report as text: every load with all subjects side by side, then what was asked and whether it holds. */
export function formatReport(
  measurements: Measurements,
  rows: readonly Row[],
  { scenarios, subjects }: FormatReportOptions,
): string {
  const cell = (figure: string, subject: string): string => {
    const value = measurements.value({ figure, subject });
    return value === undefined ? "" : formatNumber(value);
  };
  const section = (title: string, columns: readonly string[], figures: readonly string[]): string => {
    const head: Column[] = [
      { title },
      ...columns.map((column) => ({ title: column, align: "end" }) as const),
    ];
    const lines = subjects.map((subject) => [subject, ...figures.map((figure) => cell(figure, subject))]);
    return formatTable(
      head,
      lines.filter(([, ...cells]) => cells.some((text) => text !== "")),
    );
  };
  const loads = scenarios.map((scenario) => {
    const columns = loadFigures.map((figure) => (/^(mean|p\d+|max)$/.test(figure) ? `${figure} ms` : figure));
    return section(
      scenario.name,
      columns,
      loadFigures.map((figure) => loadFigure(scenario, figure).name),
    );
  });
  const process = section("process", ["cold start ms", "peak memory MB"], [coldStart.name, peakMemory.name]);
  return [...loads, process, formatRows(rows.filter(({ goal }) => goal !== null))].join("\n\n");
}
