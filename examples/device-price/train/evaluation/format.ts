import type { Evaluation } from "./evaluate.ts";
import { meanAndDeviation, type PriceMetrics } from "./metrics.ts";

/** A table of one split: the network, its baselines, and the network with something hidden. */
export function formatEvaluation({ network, ridge, mean, scenarios }: Evaluation): string {
  return table([
    ["", "R²", "MAE (ln)", "median error", "90 % within"],
    row("network", network),
    row("ridge regression", ridge),
    row("mean", mean),
    ...scenarios.map((scenario) => row(`network, ${scenario.name}`, scenario.network)),
  ]);
}

/** Mean and standard deviation over several splits. */
export function formatSplits(evaluations: readonly Evaluation[]): string {
  return table([
    ["", "R²", "MAE (ln)", "median error"],
    ...(["network", "ridge", "mean"] as const).map((model) => {
      const over = (metric: keyof PriceMetrics) =>
        meanAndDeviation(evaluations.map((split) => split[model][metric]));
      const [r2, mae, median] = [over("r2"), over("meanAbsoluteError"), over("medianRelativeError")];
      return [
        model === "ridge" ? "ridge regression" : model,
        `${r2.mean.toFixed(4)} ± ${r2.deviation.toFixed(4)}`,
        `${mae.mean.toFixed(4)} ± ${mae.deviation.toFixed(4)}`,
        `${percent(median.mean)} ± ${percent(median.deviation)}`,
      ];
    }),
  ]);
}

function row(name: string, metrics: PriceMetrics): string[] {
  return [
    name,
    metrics.r2.toFixed(4),
    metrics.meanAbsoluteError.toFixed(4),
    percent(metrics.medianRelativeError),
    percent(metrics.relativeErrorP90),
  ];
}

/** A fraction as a percentage. */
export function percent(fraction: number): string {
  return `${(100 * fraction).toFixed(1)} %`;
}

function table(rows: readonly (readonly string[])[]): string {
  const widths = (rows[0] ?? []).map((_, column) => Math.max(...rows.map((cells) => cells[column]!.length)));
  return rows
    .map((cells) =>
      cells.map((cell, i) => (i === 0 ? cell.padEnd(widths[i]!) : cell.padStart(widths[i]!))).join("   "),
    )
    .join("\n");
}
