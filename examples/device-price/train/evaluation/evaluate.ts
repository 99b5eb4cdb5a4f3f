import type { DeviceRow } from "../data/device-row.ts";
import { encodeRows } from "../data/encode-rows.ts";
import { splitRows } from "../data/split.ts";
import { fitNetwork, type FitOptions } from "../network/fit.ts";
import { predictLnPrices } from "../network/predict.ts";
import { fitMeanBaseline, fitRidgeBaseline } from "./baselines.ts";
import { type PriceMetrics, priceMetrics } from "./metrics.ts";
import { scenarios } from "./scenarios.ts";

/** The network beside its baselines on one split, all measured on the same held-out rows. */
export interface Evaluation {
  readonly seed: number;
  readonly trainRows: number;
  readonly testRows: number;
  readonly network: PriceMetrics;
  readonly ridge: PriceMetrics;
  readonly mean: PriceMetrics;
  /** The network on the held-out rows with something hidden. */
  readonly scenarios: readonly { readonly name: string; readonly network: PriceMetrics }[];
}

/** Splits the rows by the seed, fits everything on the larger part and measures it on the other. */
export async function evaluate(rows: readonly DeviceRow[], options: FitOptions): Promise<Evaluation> {
  const { train, test } = splitRows(rows, options.seed);
  const actual = test.map((row) => row.lnPrice);
  using fitted = await fitNetwork(train, options);
  const { model, vocabulary } = fitted;
  const measureNetwork = (measured: readonly DeviceRow[]): PriceMetrics =>
    priceMetrics(actual, predictLnPrices(model, encodeRows(measured, vocabulary)));
  return {
    seed: options.seed,
    trainRows: train.length,
    testRows: test.length,
    network: measureNetwork(test),
    ridge: priceMetrics(actual, test.map(fitRidgeBaseline(train))),
    mean: priceMetrics(actual, test.map(fitMeanBaseline(train))),
    scenarios: scenarios.map(({ name, hide }) => ({ name, network: measureNetwork(test.map(hide)) })),
  };
}
