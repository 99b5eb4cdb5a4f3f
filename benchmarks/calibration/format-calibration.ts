import { families } from "./families.ts";
import { columnCounts, rivals } from "./null-runs.ts";
import { referenceSizes, windowSizes } from "./plan.ts";
import type { Outcome } from "./run-job.ts";
import { falseAlarms, formatShare, type NullOutcome, pool, statedRate } from "./summarize.ts";

const tools: readonly string[] = ["drift", ...rivals];

/** The report as Markdown. */
export function formatCalibration(outcomes: readonly Outcome[], about: readonly string[]): string {
  const unchanged = outcomes.filter((outcome): outcome is NullOutcome => outcome.job.kind === "null");
  return [
    "# Calibration",
    "",
    "How often a verdict is wrong where nothing has changed, and how often it finds what has. Written by",
    "`pnpm bench:calibration`; seeded, so that a second run gives the same figures.",
    "",
    ...about.map((line) => `- ${line}`),
    "",
    `**drift** is \`detectDrift\` as it is out of the box: it states ${100 * statedRate} % for the data set as a whole. Beside it`,
    "the default rules of other tools on the same data, as `@mlops/drift/parity` reproduces them (held to the",
    "real packages by fixtures); Evidently's verdict needs half of the columns, for the others any column is",
    "taken. None of them states a rate. All figures are percent with their 95 % Clopper-Pearson interval.",
    "",
    ...columnCounts.flatMap((columns) => [...sizesTable(unchanged, columns), ""]),
    "## By distribution, all sizes together",
    "",
    ...familyTable(unchanged),
    "",
    "## Power: one of 20 columns changes, 1,000 rows against 5,000",
    "",
    ...powerTable(outcomes),
    "",
    "A tool that raises the alarm without a change (first line) finds every change as well. A change of",
    "correlation leaves each column as it is: no verdict by columns sees it.",
    "",
  ].join("\n");
}

function sizesTable(outcomes: readonly NullOutcome[], columns: number): string[] {
  const rows = referenceSizes.flatMap((referenceRows) =>
    windowSizes.flatMap((windowRows) => {
      const cells = outcomes.filter(
        ({ job }) => job.cell.referenceRows === referenceRows && job.cell.windowRows === windowRows,
      );
      if (cells.length === 0) return [];
      return [
        [
          referenceRows.toLocaleString("en"),
          windowRows.toLocaleString("en"),
          ...tools.map((tool) => formatShare(falseAlarms(cells, tool, columns))),
        ],
      ];
    }),
  );
  const all = ["all", "", ...tools.map((tool) => formatShare(falseAlarms(outcomes, tool, columns)))];
  const title = columns === 1 ? "1 column" : `${columns} columns`;
  return [`## False alarms, ${title}`, "", ...table(["reference", "window", ...tools], [...rows, all])];
}

function familyTable(outcomes: readonly NullOutcome[]): string[] {
  const rows = families.flatMap((family) => {
    const cells = outcomes.filter(({ job }) => job.family === family.name);
    return columnCounts.map((columns) => [
      family.name,
      String(columns),
      ...tools.map((tool) => formatShare(falseAlarms(cells, tool, columns))),
    ]);
  });
  return table(["distribution", "columns", ...tools], rows);
}

function powerTable(outcomes: readonly Outcome[]): string[] {
  const parts = outcomes.flatMap((outcome) => (outcome.job.kind === "power" ? [powerOf(outcome)] : []));
  const names = Object.keys(parts[0] ?? {});
  const rows = names.map((name) => [
    name,
    ...tools.map((tool) => formatShare(pool(parts.map((part) => part[name]?.[tool])))),
  ]);
  return table(["change", ...tools], rows);
}

/** How often each change was found. */
function powerOf(outcome: Outcome): Extract<Outcome, { readonly job: { readonly kind: "power" } }>["result"] {
  // The kind of the job decides the kind of the result.
  return outcome.job.kind === "power"
    ? (outcome as Extract<Outcome, { readonly job: { readonly kind: "power" } }>).result
    : {};
}

function table(titles: readonly string[], rows: readonly (readonly string[])[]): string[] {
  const line = (cells: readonly string[]): string => `| ${cells.join(" | ")} |`;
  return [line(titles), line(titles.map(() => "---")), ...rows.map(line)];
}
