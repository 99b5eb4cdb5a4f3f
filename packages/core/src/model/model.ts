import type { ArtifactSource } from "../artifact/artifact.ts";
import type { TensorMap } from "../tensor/tensor.ts";
import type { ModelCard } from "./model-card.ts";

/**
 * A model as an application sees it: what it is called, where its files are, and how its inputs
 * and outputs become tensors. Made by {@link defineModel}.
 *
 * @typeParam Input - What `predict` takes.
 * @typeParam Output - What `predict` gives.
 */
export interface Model<Input = TensorMap, Output = TensorMap> {
  readonly name: string;
  readonly version: string;
  readonly artifact: ArtifactSource;
  /** The SHA-256 that the artifact has to have. */
  readonly sha256: string | undefined;
  /** The names of the classes, by output index, for a classifier. */
  readonly labels: readonly string[] | undefined;
  readonly card: ModelCard | undefined;
  /** Whether input tensors with NaN or an infinity are refused before they reach the runtime. */
  readonly rejectNonFinite: boolean;
  /** `undefined` for a model that takes and gives tensors. */
  readonly codec: Codec<Input, Output> | undefined;
}

/** How typed values become tensors, and tensors typed values. */
export interface Codec<Input, Output> {
  /** Validates an input and turns it into the tensors of one request. */
  encode(input: Input): Encoded<Output> | Promise<Encoded<Output>>;
}

/** One request: its tensors, and what makes its result from the model's outputs. */
export interface Encoded<Output> {
  readonly tensors: TensorMap;
  decode(outputs: TensorMap): Output | Promise<Output>;
}
