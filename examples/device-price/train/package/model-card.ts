import type { ModelCard, ModelMetric } from "@mlops/core";

import type { Evaluation } from "../evaluation/evaluate.ts";
import { percent } from "../evaluation/format.ts";
import { meanAndDeviation, type PriceMetrics } from "../evaluation/metrics.ts";
import { framework } from "../network/tensorflow.ts";

/** What the card of a trained model is written from. */
export interface ModelCardFacts {
  readonly dataRows: number;
  readonly dataSha256: string;
  /** The first is the split that the card's main figures are from. */
  readonly evaluations: readonly [Evaluation, ...Evaluation[]];
  /** The seed that the published weights were trained with. */
  readonly seed: number;
  /** ISO 8601 date. */
  readonly trainedOn: string;
}

/** The model card: what the model is for, how good it is, and where it came from. */
export function modelCard({ dataRows, dataSha256, evaluations, seed, trainedOn }: ModelCardFacts): ModelCard {
  const [main] = evaluations;
  return {
    description: "Estimates the second-hand price of a phone or tablet, in euros, from its specification.",
    license: "Apache-2.0",
    intendedUse:
      "An example of serving a real model, and a first estimate of what a used device sold for at the time and " +
      "place of the data set. Not for setting prices, credit, insurance or tax.",
    limitations: limitations(main),
    metrics: [...splitMetrics(main), ...(evaluations.length > 1 ? meanMetrics(evaluations) : [])],
    training: {
      data: {
        name: "Used Phones & Tablets Pricing",
        source: "public data set of that name, not part of this repository; sha256 says which file was used",
        license: "not stated by the copy used",
        rows: dataRows,
        sha256: dataSha256,
      },
      script: "examples/device-price/train.ts",
      framework,
      seed,
      trainedOn,
    },
  };
}

function limitations({ network, scenarios }: Evaluation): string {
  const hidden = scenarios.map(
    ({ name, network: { r2, medianRelativeError } }) =>
      `${name}: R² ${r2.toFixed(2)}, median error ${percent(medianRelativeError)}`,
  );
  return [
    `Half of the estimates on held-out rows are off by more than ${percent(network.medianRelativeError)}, ` +
      `one in ten by more than ${percent(network.relativeErrorP90)}.`,
    "The condition of a device, its market and the date of sale are not inputs; the prices are those of the " +
      "data set's own time and place.",
    "Values outside of the training range, which extra.numericFeatures gives, count as the nearest one inside: " +
      "for a newer, dearer or larger device the estimate is that of the newest, dearest or largest known.",
    `Missing values cost accuracy. On the same held-out rows, ${hidden.join("; ")}.`,
    "The settings were chosen on splits of the same rows, which flatters the figures a little.",
    "The brand adds almost nothing to what the other fields say; rare brands have few rows.",
  ].join(" ");
}

const ridge = "ridge regression";
const meanOfRows = "mean of the training rows";

/** The figures of one split. */
function splitMetrics({
  seed,
  testRows,
  network,
  ridge: ridgeMetrics,
  mean,
  scenarios,
}: Evaluation): ModelMetric[] {
  const heldOut =
    `held-out 20 % of the rows (${testRows}), seed ${seed}, by the same procedure fitted on the other 80 %; ` +
    "the published weights were then refitted on all rows";
  return [
    ...priceFigures(network, heldOut),
    ...priceFigures(ridgeMetrics, heldOut, ridge),
    ...priceFigures(mean, heldOut, meanOfRows),
    ...scenarios.flatMap((scenario) => priceFigures(scenario.network, `${heldOut}; ${scenario.name}`)),
  ];
}

function priceFigures(metrics: PriceMetrics, measuredOn: string, of?: string): ModelMetric[] {
  const figure = (name: string, value: number, unit?: string): ModelMetric => ({
    name,
    value: rounded(value),
    ...(unit !== undefined && { unit }),
    measuredOn,
    ...(of !== undefined && { of }),
  });
  return [
    figure("r2", metrics.r2),
    figure("mean-absolute-error", metrics.meanAbsoluteError, "ln EUR"),
    figure("median-relative-price-error", metrics.medianRelativeError),
    figure("p90-relative-price-error", metrics.relativeErrorP90),
  ];
}

/** R² over several splits. */
function meanMetrics(evaluations: readonly [Evaluation, ...Evaluation[]]): ModelMetric[] {
  const seeds = evaluations.map(({ seed }) => seed);
  const measuredOn = `${seeds.length} such splits, seeds ${seeds[0]} to ${seeds.at(-1)}`;
  const over = (values: readonly number[], of?: string): ModelMetric[] => {
    const { mean, deviation } = meanAndDeviation(values);
    const whose = of === undefined ? {} : { of };
    return [
      { name: "r2-mean", value: rounded(mean), measuredOn, ...whose },
      { name: "r2-standard-deviation", value: rounded(deviation), measuredOn, ...whose },
    ];
  };
  return [
    ...over(evaluations.map(({ network }) => network.r2)),
    ...over(
      evaluations.map((e) => e.ridge.r2),
      ridge,
    ),
  ];
}

function rounded(value: number): number {
  return Number(value.toFixed(4));
}
