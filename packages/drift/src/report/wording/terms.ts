import type { CorrectionMethod } from "@mlops/stats";
import type { SpecialCellName } from "../../verdict/column-result.ts";
import type { DistanceName, RuleResult } from "../../verdict/distance-result.ts";
import type { DriftStatus } from "../../verdict/drift-status.ts";
import type { Effect, EvidenceSubject, Materiality, TestName } from "../../verdict/evidence.ts";

/** What a status is called, and what it says. */
export const statusTerms: Readonly<
  Record<DriftStatus, { readonly label: string; readonly meaning: string }>
> = {
  drift: {
    label: "Drift",
    meaning: "Changed more than chance explains, and not shown to be too small to matter.",
  },
  invalid: { label: "Not comparable", meaning: "Nothing could be compared; the reason says why." },
  "not-enough-data": {
    label: "Not enough data",
    meaning: "No change was found, and one that matters could well have been missed.",
  },
  stable: {
    label: "Stable",
    meaning: "No change that matters was found, and one would most likely have been.",
  },
};

export const correctionTerms: Readonly<Record<CorrectionMethod, string>> = {
  "benjamini-hochberg": "Benjamini-Hochberg",
  "benjamini-yekutieli": "Benjamini-Yekutieli",
  holm: "Holm",
  hochberg: "Hochberg",
  bonferroni: "Bonferroni",
};

export const testTerms: Readonly<Record<TestName, string>> = {
  "kolmogorov-smirnov-exact": "Kolmogorov-Smirnov, exact",
  "kolmogorov-smirnov-on-cells": "Kolmogorov-Smirnov, on cells",
  "chi-square": "χ²",
  "chi-square-permutation": "χ², by permutation",
  "fisher-exact": "Fisher’s exact test",
  "mean-shift": "Shift of means",
};

export const specialCellTerms: Readonly<Record<SpecialCellName, string>> = {
  missing: "missing",
  invalid: "of another type",
  nan: "NaN",
  "negative-infinity": "−Infinity",
  "positive-infinity": "Infinity",
  "new-category": "new categories",
};

export const subjectTerms: Readonly<Record<EvidenceSubject, string>> = {
  ...specialCellTerms,
  values: "values",
  length: "length",
  words: "number of words",
  digitShare: "share of digits",
  symbolShare: "share of symbols",
  outOfVocabularyShare: "unknown words",
  mean: "mean",
  norm: "norm",
  distance: "distance from the mean",
};

export const measureTerms: Readonly<Record<Effect["measure"], string>> = {
  "kolmogorov-distance": "largest difference of the shares at or below any value",
  "total-variation": "largest difference of the shares of any set of values",
  "share-difference": "difference of the shares",
  "standardized-mean-shift": "largest shift of a mean, in standard deviations",
};

export const materialityTerms: Readonly<Record<Materiality, string>> = {
  material: "large enough to matter",
  possible: "may be large enough to matter",
  negligible: "too small to matter",
};

export const distanceTerms: Readonly<Record<DistanceName, string>> = {
  psi: "PSI",
  kl: "KL divergence",
  "jensen-shannon": "Jensen-Shannon",
  hellinger: "Hellinger",
  "total-variation": "Total variation",
  "l-infinity": "L-infinity",
  "kolmogorov-smirnov": "Kolmogorov-Smirnov D",
  wasserstein: "Wasserstein",
};

export const ruleTerms: Readonly<Record<RuleResult["rule"], string>> = {
  "psi-0.1": "PSI\u00a0≥\u00a00.1",
  "psi-0.2": "PSI\u00a0≥\u00a00.2",
  "kl-0.2": "KL\u00a0≥\u00a00.2",
  "ks-0.05": "KS p\u00a0<\u00a00.05",
};
