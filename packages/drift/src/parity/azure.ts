import { jensenShannonDistance, wassersteinDistance } from "@mlops/stats";
import { countValues } from "./histogram.ts";
import { type ParityColumn, parityColumn, type ParitySamples } from "./parity-verdict.ts";
import { standardDeviation } from "./sample-distances.ts";

/**
 * Azure Machine Learning's default: for numbers the Wasserstein distance in standard deviations of the
 * reference (at least 0.001), for categories the Jensen-Shannon distance in base 2, each at 0.1.
 *
 * Source: `Azure/azureml-assets`, `model_monitoring/components/src/data_drift_compute_metrics`,
 * and the thresholds of `azure-sdk-for-python`.
 */
export function azureColumn(samples: ParitySamples): ParityColumn {
  if (samples.kind === "numeric") {
    const norm = Math.max(standardDeviation(samples.reference), 0.001);
    const distance = wassersteinDistance(samples.reference, samples.current) / norm;
    return parityColumn("NormalizedWassersteinDistance", distance, ">", 0.1);
  }
  const { reference, current } = countValues(samples.reference, samples.current);
  return parityColumn("JensenShannonDistance", jensenShannonDistance(reference, current), ">", 0.1);
}
