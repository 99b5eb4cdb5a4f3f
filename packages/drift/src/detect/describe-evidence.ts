import type { Effect, Evidence, EvidenceSubject } from "../verdict/evidence.ts";

/** The finding of one test in words: "values: 12.3 % of rows (95 % interval 8.1 to 16 %), p = 1.2e-9". */
export function describeEvidence({ subject, effect, pValue }: Evidence): string {
  return `${subjectNames[subject]} ${describeEffect(effect)}, p ${describePValue(pValue.high)}`;
}

const subjectNames: Readonly<Record<EvidenceSubject, string>> = {
  values: "values differ by",
  missing: "missing values changed by",
  invalid: "values of another type changed by",
  nan: "NaN changed by",
  "negative-infinity": "-Infinity changed by",
  "positive-infinity": "Infinity changed by",
  "new-category": "categories the reference never had changed by",
  length: "lengths differ by",
  words: "numbers of words differ by",
  digitShare: "shares of digits differ by",
  symbolShare: "shares of symbols differ by",
  outOfVocabularyShare: "shares of unknown words differ by",
  mean: "the mean moved by",
  norm: "norms differ by",
  distance: "distances from the reference's mean differ by",
};

function describeEffect({ measure, estimate, low, high, confidence }: Effect): string {
  const level = `${digits(100 * confidence)} % interval`;
  if (measure === "standardized-mean-shift") {
    return `${digits(estimate)} standard deviations (${level} ${digits(low)} to ${digits(high)})`;
  }
  return `${digits(100 * estimate)} % of rows (${level} ${digits(100 * low)} to ${digits(100 * high)} %)`;
}

/** "= 0.012", or "< 1e-16". */
export function describePValue(pValue: number): string {
  return pValue < 1e-16 ? "< 1e-16" : `= ${digits(pValue)}`;
}

/** Three significant digits. */
export function digits(value: number): string {
  return String(Number(value.toPrecision(3)));
}
