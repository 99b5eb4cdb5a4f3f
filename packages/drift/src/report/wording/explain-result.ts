import type { ColumnResult } from "../../verdict/column-result.ts";
import type { DriftResult } from "../../verdict/drift-result.ts";
import { describeEstimate, describeThreshold } from "./describe-effect.ts";
import { formatCount, formatLevel, formatNumber, formatShare } from "./format-number.ts";
import { currentRowsFor, sensitivityOf } from "./sensitivity.ts";
import { correctionTerms } from "./terms.ts";
import { visibleName } from "./visible-text.ts";

/** The verdict on the whole in one sentence, with what it holds at. */
export function verdictSentence(result: DriftResult): string {
  const { status, statusCounts, columns } = result;
  const terms = `${levelText(result)}, ${adjustmentText(result)}`;
  const of = `of ${columnsText(columns.length)}`;
  switch (status) {
    case "drift":
      return `${statusCounts.drift} ${of} changed more than chance explains (${terms}).`;
    case "stable":
      return `${columns.length === 1 ? "The one column has" : `None ${of} has`} a change that matters (${terms}).`;
    case "not-enough-data": {
      const unjudged = statusCounts.invalid + statusCounts["not-enough-data"];
      return `No drift was found, but ${unjudged} ${of} could not be judged (${terms}).`;
    }
    case "invalid":
      return columns.length === 0 ? "There was no column to compare." : `None ${of} could be compared.`;
  }
}

/** What the verdict means, in plain words: a sentence or two each. */
export function explainVerdict(result: DriftResult): string[] {
  const { status, alpha, look, levelOfThisLook, columns, statusCounts } = result;
  if (status === "invalid")
    return ["Nothing is known about drift in these data. Each column’s reason says why."];
  const over =
    look === null
      ? ""
      : ` That holds over ${look.of === null ? "all looks together, however many" : `all ${look.of} planned looks together`}; this is look ${look.look}, and it was held to ${formatNumber(levelOfThisLook)}.`;
  const explanations = [
    `If nothing had changed, the verdict would still be “drift” in at most ${formatLevel(alpha)} of such comparisons.${over}`,
  ];
  if (status === "drift") {
    explanations.push(
      "Drift says that the data differ from the reference, not that a model has become worse. Start with the first column of the ranking, and ask what changed where it comes from.",
    );
  }
  const negligible = columns.filter(isNegligible);
  const [strongest] = negligible;
  const effect = strongest?.evidence.find(({ isSignificant }) => isSignificant)?.effect;
  if (strongest !== undefined && effect !== undefined) {
    explanations.push(
      `${columnsText(negligible.length)} changed for certain, but too little to matter: ${visibleName(strongest.name)} by ${describeEstimate(effect)}, where ${describeThreshold(effect)} matters.`,
    );
  }
  const sensitivity = sensitivityOf(result);
  if (sensitivity !== null && statusCounts.stable + statusCounts["not-enough-data"] > 0) {
    const { middle, least } = sensitivity;
    explanations.push(
      `No change found is not proof of none: a change of ${shiftText(middle)} would have been found in 8 of 10 cases in half of the columns, and one of ${shiftText(least)} in every column that could be tested. Smaller ones may be there.`,
    );
  }
  return explanations;
}

/** What would change the verdict, or make it sharper. */
export function explainRemedies(result: DriftResult): string[] {
  const { columns } = result;
  const remedies: string[] = [];
  const short = columns
    .filter(({ status }) => status === "not-enough-data")
    .map((column) => ({ column, rows: currentRowsFor(column, 0.1) }));
  const known = short
    .flatMap(({ column, rows }) => (rows === null ? [] : [{ column, rows }]))
    .sort((left, right) => right.rows - left.rows)[0];
  if (known !== undefined) remedies.push(describeLack(known.column, known.rows));
  const unknown = short.find(({ rows }) => rows === null)?.column;
  if (unknown !== undefined) {
    const { reference, current } = unknown.valueRows;
    remedies.push(
      `${visibleName(unknown.name)}: ${formatCount(current)} current rows with a value against ${formatCount(reference)} say next to nothing; it needs more of both.`,
    );
  }
  if (columns.some(({ status }) => status === "invalid")) {
    remedies.push("Columns that cannot be compared need the same name and kind on both sides.");
  }
  if (result.statusCounts.drift > 0) {
    remedies.push(
      "A column that is meant to change, such as an id or the time of the row, belongs in the option “exclude”. A change that is known and accepted belongs in a new reference.",
    );
  }
  remedies.push(
    "What counts as large enough to matter is a choice: the options materialShift, materialSpecialShare and materialMeanShift set it.",
  );
  return remedies;
}

/** What a column lacks to show a change of a tenth of the rows. */
function describeLack({ name, valueRows: { reference, current } }: ColumnResult, rows: number): string {
  return rows === Infinity
    ? `${visibleName(name)}: the reference is too small to show a change of 10\u00a0% of rows, however many current rows there are; give it more than ${formatCount(reference)} rows with a value.`
    : `${visibleName(name)}: about ${formatCount(roundUp(rows))} current rows with a value would show a change of 10\u00a0% of rows in 8 of 10 cases; there are ${formatCount(current)}.`;
}

/** "20 columns". */
function columnsText(count: number): string {
  return count === 1 ? "1 column" : `${formatCount(count)} columns`;
}

/** A change that is certain, and shown to be too small to matter. */
function isNegligible({ status, evidence }: ColumnResult): boolean {
  return status === "stable" && evidence.some(({ isSignificant }) => isSignificant);
}

function levelText({ alpha }: DriftResult): string {
  return `alpha ${formatNumber(alpha)}`;
}

function adjustmentText({ columns, correction }: DriftResult): string {
  const tested = columns.filter(({ pValue }) => pValue !== null).length;
  return `adjusted for ${columnsText(tested)} with ${correctionTerms[correction]}`;
}

function shiftText({ minimumDetectableShift }: ColumnResult): string {
  return `${formatShare(minimumDetectableShift ?? 1)} of rows`;
}

/** To two digits: it is an estimate. */
function roundUp(rows: number): number {
  const unit = 10 ** Math.max(0, Math.floor(Math.log10(rows)) - 1);
  return Math.ceil(rows / unit) * unit;
}
