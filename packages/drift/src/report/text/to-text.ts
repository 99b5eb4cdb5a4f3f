import { InvalidDriftOptionsError } from "../../errors/invalid-drift-options-error.ts";
import type { ColumnResult } from "../../verdict/column-result.ts";
import type { DriftResult } from "../../verdict/drift-result.ts";
import type { DriftStatus } from "../../verdict/drift-status.ts";
import { checkResult } from "../check-result.ts";
import { decidingEvidence } from "../wording/deciding-evidence.ts";
import { describeEstimate, describeInterval, describeThreshold } from "../wording/describe-effect.ts";
import { explainVerdict, verdictSentence } from "../wording/explain-result.ts";
import { formatCount, formatPValue } from "../wording/format-number.ts";
import { statusTerms, subjectTerms } from "../wording/terms.ts";
import { visibleName, visibleText } from "../wording/visible-text.ts";
import { displayWidth, fitText, wrapText } from "./display-width.ts";

/** Options of `toText`. */
export interface TextOptions {
  /** Columns of the terminal, a whole number from 60. By default 80. */
  readonly width?: number;
  /** Whether verdicts are coloured with ANSI codes. By default not. */
  readonly color?: boolean;
  /** At most so many columns of the data are listed, a whole number from 0. By default 30. */
  readonly limit?: number;
}

/**
 * A drift result as lines for a terminal: the verdict, what it means, and the columns that need
 * attention first. Columns that could not be judged are listed with the reason.
 *
 * What data put into names cannot reach the terminal's control codes: it is written out.
 *
 * @returns Lines without one at the end; none is wider than `width`, unless a single word is.
 * @throws InvalidDriftOptionsError `INVALID_DRIFT_OPTIONS` for options outside their ranges, or for what
 * is no result of `detectDrift`.
 */
export function toText(result: DriftResult, options: TextOptions = {}): string {
  checkResult(result);
  const { width = 80, color = false, limit = 30 } = options;
  checkWhole("width", width, 60);
  checkWhole("limit", limit, 0);
  const paint = (text: string, status: DriftStatus): string =>
    color ? `\u001b[${colors[status]}m${text}\u001b[0m` : text;
  const shown = result.columns.slice(0, limit);
  const hidden = result.columns.length - shown.length;
  return [
    paint(statusTerms[result.status].label.toUpperCase(), result.status),
    ...wrapText(verdictSentence(result), width),
    ...wrapText(
      `Reference ${formatCount(result.reference.rows)} rows, current ${formatCount(result.current.rows)} rows.`,
      width,
    ),
    ...explainVerdict(result).flatMap((text) => ["", ...wrapText(text, width)]),
    ...(shown.length === 0 ? [] : ["", ...tableLines(shown, width, paint)]),
    ...(hidden === 0 ? [] : [`… and ${formatCount(hidden)} more`]),
  ]
    .join("\n")
    .replace(/[\u00a0\u202f]/g, " ");
}

/** Bold red, magenta, yellow, green. */
const colors: Readonly<Record<DriftStatus, string>> = {
  drift: "1;31",
  invalid: "35",
  "not-enough-data": "33",
  stable: "32",
};

/** A name gets at least so much room before the effect is said in full. */
const leastNameWidth = 16;

function tableLines(
  columns: readonly ColumnResult[],
  width: number,
  paint: (text: string, status: DriftStatus) => string,
): string[] {
  const rows = columns.map(cellsOf);
  const all = [headings, ...rows];
  const widthOf = (cell: keyof Cells): number => Math.max(...all.map((row) => displayWidth(row[cell])));
  const gap = "  ";
  const fixed = (["rank", "status", "threshold", "pValue"] as const).map(widthOf);
  const free = width - fixed.reduce((sum, cell) => sum + cell, 0) - 5 * gap.length;
  // What would be cut is left out: half a figure is a wrong one.
  const nameWidth = Math.min(widthOf("name"), leastNameWidth);
  const forms = ["interval", "estimate", "figure"] as const;
  const effect = forms.find((form) => widthOf(form) + nameWidth <= free) ?? "figure";
  const shownName = Math.min(widthOf("name"), free - widthOf(effect));
  const line = (row: Cells, status?: DriftStatus): string => {
    const label = fitText(row.status, widthOf("status"));
    return [
      row.rank.padStart(widthOf("rank")),
      fitText(row.name, shownName),
      status === undefined ? label : paint(label, status),
      fitText(row[effect], widthOf(effect)),
      row.threshold.padStart(widthOf("threshold")),
      row.pValue.padStart(widthOf("pValue")),
    ].join(gap);
  };
  const indent = " ".repeat(widthOf("rank") + gap.length);
  return [
    line(headings),
    ...columns.flatMap((column, index) => {
      const row = line(rows[index]!, column.status);
      if (column.status === "drift" || column.status === "stable") return [row];
      const reason = wrapText(visibleText(column.reason, 300), width - indent.length);
      return [row, ...reason.map((text) => indent + text)];
    }),
  ];
}

interface Cells {
  readonly rank: string;
  readonly name: string;
  readonly status: string;
  /** The estimate alone. */
  readonly figure: string;
  /** The estimate, and of what it is. */
  readonly estimate: string;
  /** The estimate with its interval. */
  readonly interval: string;
  readonly threshold: string;
  readonly pValue: string;
}

const headings: Cells = {
  rank: "#",
  name: "Column",
  status: "Verdict",
  figure: "Effect",
  estimate: "Effect",
  interval: "Effect (interval)",
  threshold: "From",
  pValue: "Adj. p",
};

function cellsOf(column: ColumnResult): Cells {
  const { rank, name, status, adjustedPValue } = column;
  const deciding = decidingEvidence(column);
  const common = {
    rank: String(rank),
    name: visibleName(name),
    status: statusTerms[status].label,
    pValue: adjustedPValue === null ? "–" : formatPValue(adjustedPValue),
  };
  if (deciding === undefined) return { ...common, figure: "–", estimate: "–", interval: "–", threshold: "–" };
  const { subject, effect } = deciding;
  const of = subject === "values" ? "" : ` ${subjectTerms[subject]}`;
  const figure = describeEstimate(effect);
  const estimate = `${figure}${of}`;
  return {
    ...common,
    figure,
    estimate,
    interval: `${estimate} (${describeInterval(effect)})`,
    threshold: describeThreshold(effect),
  };
}

function checkWhole(option: string, value: number, least: number): void {
  if (Number.isSafeInteger(value) && value >= least) return;
  throw new InvalidDriftOptionsError({
    option,
    problem: `is ${String(value)}`,
    remedy: `Pass a whole number from ${least}.`,
  });
}
