/** What there is to know of a model besides how to run it. All of it is optional. */
export interface ModelCard {
  /** What the model does, in a sentence or two. */
  readonly description?: string | undefined;
  /** The licence of the weights, as an SPDX expression where there is one. */
  readonly license?: string | undefined;
  /** What it may be used for, and where it should not be trusted. */
  readonly intendedUse?: string | undefined;
  readonly limitations?: string | undefined;
  readonly metrics?: readonly ModelMetric[] | undefined;
  readonly training?: TrainingRecord | undefined;
}

/** One measured figure of quality. */
export interface ModelMetric {
  /** Such as `r2` or `macro-f1`. */
  readonly name: string;
  readonly value: number;
  /** The unit of `value`; none for a ratio. */
  readonly unit?: string | undefined;
  /** What it was measured on, such as `held-out 20 % of the rows, seed 1`. */
  readonly measuredOn: string;
  /** Whose figure it is, when it is not this model's: `ridge regression`. */
  readonly of?: string | undefined;
}

/** Where a model came from: enough to make it again. */
export interface TrainingRecord {
  readonly data?: TrainingData | undefined;
  /** What was run, relative to the repository. */
  readonly script?: string | undefined;
  readonly framework?: string | undefined;
  readonly seed?: number | undefined;
  /** ISO 8601 date. */
  readonly trainedOn?: string | undefined;
}

/** The data a model was trained on. */
export interface TrainingData {
  readonly name: string;
  readonly source?: string | undefined;
  /** The licence as the publisher states it. */
  readonly license?: string | undefined;
  readonly rows?: number | undefined;
  /** The SHA-256 of the data file. */
  readonly sha256?: string | undefined;
}
