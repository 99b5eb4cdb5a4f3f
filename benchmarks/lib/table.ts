/** A column of {@link formatTable}. */
export interface Column {
  readonly title: string;
  /** Numbers are aligned at their end. Default `start`. */
  readonly align?: "start" | "end";
}

/** Aligned text: a line of titles, a rule, a line for each row. Missing cells are empty. */
export function formatTable(columns: readonly Column[], rows: readonly (readonly string[])[]): string {
  const widths = columns.map(({ title }, index) =>
    Math.max(title.length, ...rows.map((row) => row[index]?.length ?? 0)),
  );
  const formatLine = (cells: readonly string[]): string =>
    columns
      .map(({ align }, index) => {
        const cell = cells[index] ?? "";
        return align === "end" ? cell.padStart(widths[index]!) : cell.padEnd(widths[index]!);
      })
      .join("  ")
      .trimEnd();
  const rule = widths.map((width) => "-".repeat(width)).join("  ");
  return [formatLine(columns.map(({ title }) => title)), rule, ...rows.map(formatLine)].join("\n");
}
