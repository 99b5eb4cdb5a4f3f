import type { SpecialCellName } from "./column-result.ts";

/** What one test of a column looked at. */
export type EvidenceSubject =
  | "values"
  | SpecialCellName
  /** Measures of a text. */
  | "length"
  | "words"
  | "digitShare"
  | "symbolShare"
  | "outOfVocabularyShare"
  /** Measures of an embedding. */
  | "mean"
  | "norm"
  | "distance";

/** The tests that are chosen from. */
export type TestName =
  | "kolmogorov-smirnov-exact"
  | "kolmogorov-smirnov-on-cells"
  | "chi-square"
  | "chi-square-permutation"
  | "fisher-exact"
  | "mean-shift";

/** One test, and how large the change is that it looked at. */
export interface Evidence {
  readonly subject: EvidenceSubject;
  readonly test: TestName;
  /** Why this test and no other. */
  readonly why: string;
  /** D of Kolmogorov-Smirnov, χ², or the largest |z|; of Fisher's test the difference of shares. */
  readonly statistic: number;
  readonly degreesOfFreedom: number | null;
  /**
   * Of this test alone. `low` and `high` are equal, or certain bounds of what the values themselves
   * would give, where only counts are known. Decisions are made with `high`.
   */
  readonly pValue: { readonly low: number; readonly high: number };
  /** Whether it stands after adjusting for all tests of all columns. */
  readonly isSignificant: boolean;
  readonly effect: Effect;
  /** Effective rows in the test. */
  readonly rows: { readonly reference: number; readonly current: number };
}

/** How large a change is. */
export interface Effect {
  /**
   * - `kolmogorov-distance`: of numbers, the largest difference of the shares at or below any value.
   * - `total-variation`: of cells, the largest difference of the shares of any set of cells.
   * - `share-difference`: the difference of one share, current less reference; compared by its size.
   * - `standardized-mean-shift`: of vectors, the largest shift of one mean in standard deviations.
   *
   * The first three are shares of rows, so comparable.
   */
  readonly measure:
    | "kolmogorov-distance"
    | "total-variation"
    | "share-difference"
    | "standardized-mean-shift";
  readonly estimate: number;
  /** Confidence interval of the true effect; it covers it at least as often as `confidence` says. */
  readonly low: number;
  readonly high: number;
  /** In (0, 1). */
  readonly confidence: number;
  /** From which size on it matters: |effect| ≥ threshold. */
  readonly threshold: number;
  readonly materiality: Materiality;
}

/**
 * Where an effect's interval lies: wholly at or above the threshold (`material`), wholly below it
 * (`negligible`), or around it (`possible`).
 */
export type Materiality = "material" | "possible" | "negligible";
