/** How often training hides what a device has, so that the model learns to do without. Fractions in [0, 1]. */
export interface AugmentationRates {
  /** How often a row loses a few numeric values, and how often then each of them. */
  readonly fewMissing: { readonly rows: number; readonly values: number };
  /**
   * How often a row becomes sparse: for a fraction drawn uniformly from [0, 1) it loses each
   * numeric value and the operating system with that probability, the brand with half of it.
   */
  readonly sparseRows: number;
  /** How often, besides, the price when new goes, the brand, the operating system. */
  readonly newPrice: number;
  readonly brand: number;
  readonly os: number;
}

/** How the network is built and trained. */
export interface Settings {
  /** Networks that are trained apart and averaged, at least 2. */
  readonly members: number;
  readonly hiddenUnits: readonly number[];
  readonly brandDimensions: number;
  readonly osDimensions: number;
  /** Fraction of the hidden units that each row of a batch does without. */
  readonly dropout: number;
  readonly epochs: number;
  readonly batchSize: number;
  /** The highest step size of Adam, reached after the warm-up. */
  readonly learningRate: number;
  /** Fraction of the batches over which the step size rises. */
  readonly warmup: number;
  readonly augmentation: AugmentationRates;
}

/** The settings of the published model, found on ten splits of the data set. */
export const defaultSettings: Settings = {
  members: 4,
  hiddenUnits: [96, 48],
  brandDimensions: 6,
  osDimensions: 2,
  dropout: 0.25,
  epochs: 40,
  batchSize: 64,
  learningRate: 6e-3,
  warmup: 0.05,
  augmentation: {
    fewMissing: { rows: 0.3, values: 0.02 / 0.3 },
    sparseRows: 0.2,
    newPrice: 0.05,
    brand: 0.05,
    os: 0.025,
  },
};
