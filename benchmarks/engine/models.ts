import { mlpModel, type MlpOptions } from "@mlops/onnx-builder";

/** A model that all subjects run. */
export interface BenchmarkModel {
  readonly name: "small" | "mid" | "big";
  readonly size: MlpOptions;
}

const wide = (count: number): number[] => Array.from({ length: count }, () => 1024);

/** About 16 kB, 9.5 MB and 50 MB. */
export const benchmarkModels: readonly BenchmarkModel[] = [
  { name: "small", size: { inputSize: 13, hiddenSizes: [64, 48], outputSize: 1, seed: 1 } },
  { name: "mid", size: { inputSize: 256, hiddenSizes: wide(3), outputSize: 16, seed: 1 } },
  { name: "big", size: { inputSize: 1024, hiddenSizes: wide(12), outputSize: 16, seed: 1 } },
];

/** The same models with at most two hidden layers, for a quick run. */
export function quickModels(models: readonly BenchmarkModel[]): BenchmarkModel[] {
  return models.map(({ name, size }) => ({
    name,
    size: { ...size, hiddenSizes: size.hiddenSizes.slice(0, 2) },
  }));
}

/** The ONNX file of a model. Equal models have equal bytes. */
export function createModelBytes({ size }: BenchmarkModel): Uint8Array {
  return mlpModel(size);
}
